namespace Madang.Trust;

/// <summary>How often somebody may ask.</summary>
/// <param name="Id">Its id; null for what holds as long as nobody set another.</param>
/// <param name="Kind">What is counted by: <c>address</c>, <c>account</c>, <c>key</c>.</param>
/// <param name="Subject">An address or network (<c>203.0.113.0/24</c>), a person's id, a key's id; null for everybody of the kind.</param>
/// <param name="PerSecond">Requests a second in the long run; 0 for no limit.</param>
/// <param name="Burst">Requests at once.</param>
/// <param name="Note">Why it is so.</param>
/// <param name="From">Since when; null for what nobody set.</param>
/// <param name="SetBy">Who set it.</param>
public sealed record Limit(long? Id, string Kind, string? Subject, int PerSecond, int Burst, string Note, DateTimeOffset? From, string? SetBy)
{
    /// <summary>Counted by the remote address; an IPv6 household (/64) is one.</summary>
    public const string Address = "address";

    /// <summary>Counted by the person who signed in.</summary>
    public const string Account = "account";

    /// <summary>Counted by the key; a key's own numbers hold where no limit names it.</summary>
    public const string Key = "key";

    /// <summary>Every kind.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [Address, Account, Key];
}
