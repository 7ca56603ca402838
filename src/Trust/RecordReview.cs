namespace Madang.Trust;

/// <summary>A month of the record as its reviewer sees it. What devices sent in is counted by action, and left out of everything else.</summary>
/// <param name="Month">The month, as <c>2026-10</c>, by the city's clocks.</param>
/// <param name="From">Its beginning.</param>
/// <param name="Until">Its end, not counted.</param>
/// <param name="IsOver">True when nothing comes to it any more.</param>
public sealed record RecordReview(string Month, DateTimeOffset From, DateTimeOffset Until, bool IsOver)
{
    /// <summary>How many entries the month has.</summary>
    public long Entries { get; init; }

    /// <summary>How often something was not allowed.</summary>
    public long Refused { get; init; }

    /// <summary>How many entries each action has, the most first.</summary>
    public IReadOnlyList<RecordCount> ByAction { get; init; } = [];

    /// <summary>How many different persons, keys and the like did something.</summary>
    public long Actors { get; init; }

    /// <summary>Who did how much; the first fifty, the most first.</summary>
    public IReadOnlyList<RecordCount> ByWho { get; init; } = [];

    /// <summary>How much was done in each hour of the day, from midnight on, by the city's clocks.</summary>
    public IReadOnlyList<long> ByHour { get; init; } = [];

    /// <summary>Logins that failed, by the account that was tried; the first twenty. Those of names that nobody has stand under an empty word.</summary>
    public IReadOnlyList<RecordCount> FailedByAccount { get; init; } = [];

    /// <summary>Logins that failed, by the digest of the address; the first twenty.</summary>
    public IReadOnlyList<RecordCount> FailedByAddress { get; init; } = [];

    /// <summary>What somebody should look at.</summary>
    public IReadOnlyList<RecordUnusual> Unusual { get; init; } = [];

    /// <summary>True when the month has more entries than are looked through at once; then the figures are those of the first.</summary>
    public bool IsCut { get; init; }

    /// <summary>Who looked through it; null until somebody did.</summary>
    public RecordReviewed? Reviewed { get; init; }

    /// <summary>Months that are over and that nobody looked through yet, the oldest first.</summary>
    public IReadOnlyList<string> Pending { get; init; } = [];
}

/// <summary>How often something stands in the record.</summary>
/// <param name="What">An action, or the digest of a person, a key or an address.</param>
/// <param name="Count">How often.</param>
/// <param name="Subject">Whose digest it is; null when nobody knows (any more), and for what is no person's.</param>
/// <param name="Name">What that person or key is called; null when it is not known.</param>
public sealed record RecordCount(string What, long Count, string? Subject = null, string? Name = null);

/// <summary>A figure of something unusual.</summary>
/// <param name="Name">A word for it.</param>
/// <param name="Value">Its value; moments as seconds since 1970.</param>
public sealed record RecordFigure(string Name, double Value);

/// <summary>Something that a rule found, with all that led to it.</summary>
/// <param name="Rule">The rule, a stable word: one of <see cref="RecordRules"/>.</param>
/// <param name="Who">The digest of who did it; <c>anonymous</c> and <c>local</c> as they are.</param>
/// <param name="Figures">The figures, in the order in which the rule speaks of them.</param>
/// <param name="Count">How many entries it is about.</param>
/// <param name="Entries">The places of the first twenty of them.</param>
public sealed record RecordUnusual(string Rule, string Who, IReadOnlyList<RecordFigure> Figures, long Count, IReadOnlyList<long> Entries)
{
    /// <summary>Whose digest it is; null when nobody knows (any more).</summary>
    public string? Subject { get; init; }

    /// <summary>What that person or key is called; null when it is not known.</summary>
    public string? Name { get; init; }

    /// <summary>The digest of the address it came from, where the rule goes by it.</summary>
    public string? Address { get; init; }

    /// <summary>The day, by the city's clocks, where the rule goes by days.</summary>
    public DateOnly? Day { get; init; }

    /// <summary>Actions or purposes, where the rule tells them.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];
}

/// <summary>That a month was looked through.</summary>
/// <param name="Month">The month.</param>
/// <param name="Reviewer">Who did.</param>
/// <param name="At">When.</param>
/// <param name="Note">What the reviewer says of it.</param>
/// <param name="Entries">How many entries it had then.</param>
/// <param name="Refused">How many refusals.</param>
/// <param name="Unusual">How many unusual things.</param>
public sealed record RecordReviewed(string Month, string Reviewer, DateTimeOffset At, string Note, long Entries, long Refused, long Unusual);
