using Madang.Storage;

namespace Madang.Trust;

/// <summary>Words in both languages, as the pages say them.</summary>
/// <param name="Korean">In Korean, polite 합니다 form where it is a sentence.</param>
/// <param name="English">In English.</param>
public sealed record Wording(string Korean, string English);

/// <summary>What personal data tells of somebody.</summary>
public enum PersonalCategory
{
    /// <summary>Who somebody is: a name, an opaque id.</summary>
    Identity,

    /// <summary>How somebody is reached.</summary>
    Contact,

    /// <summary>How somebody signs in: digests, public keys, shared secrets.</summary>
    SignIn,

    /// <summary>From where and with what somebody came.</summary>
    Connection,

    /// <summary>What somebody is entrusted with.</summary>
    Duty,

    /// <summary>What somebody did: pseudonyms in the record.</summary>
    Trace,
}

/// <summary>Why the law allows it: Personal Information Protection Act (개인정보 보호법), article 15 (1).</summary>
public enum LegalBasis
{
    /// <summary>No. 1: the person agreed.</summary>
    Consent,

    /// <summary>No. 2: a law says so, or a duty by law cannot be met without.</summary>
    Law,

    /// <summary>No. 3: a public institution's task by law cannot be done without.</summary>
    PublicTask,

    /// <summary>No. 4: a contract with the person, or what the person asked for before one.</summary>
    Contract,
}

/// <summary>What personal data is kept for.</summary>
/// <param name="Code">Its word in addresses and JSON.</param>
/// <param name="Text">In words.</param>
/// <param name="Basis">Why that is allowed.</param>
/// <param name="Source">The law or rule that asks for it, where one does.</param>
public sealed record PersonalPurpose(string Code, Wording Text, LegalBasis Basis, Wording? Source = null);

/// <summary>A column that holds personal data, declared where its table is made.</summary>
/// <param name="Table">The table; with <see cref="IsFile"/> the files.</param>
/// <param name="Column">The column.</param>
/// <param name="Category">What it tells of somebody.</param>
/// <param name="Item">What it is, as people call it: an item of the privacy policy.</param>
/// <param name="Purpose">What it is kept for.</param>
/// <param name="Retention">How long.</param>
public sealed record PersonalColumn(string Table, string Column, PersonalCategory Category, Wording Item, PersonalPurpose Purpose, PersonalRetention Retention)
{
    /// <summary>The only engine on which the table exists; null for both.</summary>
    public Engine? Only { get; init; }

    /// <summary>True for what lies in files beside the store.</summary>
    public bool IsFile { get; init; }
}

/// <summary>A column whose name or content looks personal, and is not.</summary>
/// <param name="Table">The table.</param>
/// <param name="Column">The column.</param>
/// <param name="Why">Why it is not.</param>
public sealed record NotPersonal(string Table, string Column, string Why);
