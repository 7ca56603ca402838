namespace Madang.Operations;

/// <summary>Whom to tell beside the addresses of accounts.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Contact">What it says.</param>
/// <param name="ChangedAt">When it was written.</param>
public sealed record MessageContact(long Id, ContactForm Contact, DateTimeOffset ChangedAt);

/// <summary>
/// A contact: the telephone and the quiet hours of a person on duty, whose e-mail is that of the account; or a department, a
/// partner or a program that wants to know of the alerts of some rules.
/// </summary>
public sealed record ContactForm
{
    /// <summary>What it is called, at most 100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The id of an account that it belongs to; null for a department, a partner or a program.</summary>
    public string? Person { get; init; }

    /// <summary>An address of e-mail; of a person the account's is taken.</summary>
    public string? Email { get; init; }

    /// <summary>A telephone that takes text messages.</summary>
    public string? Phone { get; init; }

    /// <summary>An address that is told by a signed call (Standard Webhooks).</summary>
    public string? Url { get; init; }

    /// <summary>The language of its messages: <c>ko</c> or <c>en</c>. A person's is that of the account.</summary>
    public string Language { get; init; } = "ko";

    /// <summary>The rules whose alerts, and the scenarios whose messages, it is told, by their ids; <c>*</c> for all. Of a person none: duty decides.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>From when on a day it is left in peace, in the city; what reaches the level of a warning breaks through. Null for never.</summary>
    public TimeOnly? QuietFrom { get; init; }

    /// <summary>Until when.</summary>
    public TimeOnly? QuietUntil { get; init; }
}
