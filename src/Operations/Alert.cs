using System.Text.Json.Serialization;
using Madang.Operations.Live;

namespace Madang.Operations;

/// <summary>What a rule said of one subject, from its first level until it was lifted; or of many subjects at once.</summary>
public sealed record Alert
{
    /// <summary>Its number.</summary>
    public required long Id { get; init; }

    /// <summary>The rule that said it.</summary>
    public required string RuleId { get; init; }

    /// <summary>Which revision of it.</summary>
    public required int Revision { get; init; }

    /// <summary>What people call the rule.</summary>
    public required RuleText RuleName { get; init; }

    /// <summary>The datastream's <c>@iot.id</c>, the district's or region's code, <c>city</c>, or <c>*</c> for many.</summary>
    public required string Subject { get; init; }

    /// <summary>What people call the subject.</summary>
    public required RuleText SubjectName { get; init; }

    /// <summary>Real or simulated data.</summary>
    public required CityData Data { get; init; }

    /// <summary>True when it stands for many subjects, because too many were raised at once.</summary>
    public required bool IsStorm { get; init; }

    /// <summary>The name of the level that is in force; null when it is lifted.</summary>
    public required string? Level { get; init; }

    /// <summary>What people call it.</summary>
    public required RuleText? LevelTitle { get; init; }

    /// <summary>The name of the highest level it had.</summary>
    public required string TopLevel { get; init; }

    /// <summary>The value that caused the last change, in <see cref="Unit"/>.</summary>
    public required double Value { get; init; }

    /// <summary>The unit's symbol; null where the value counts minutes, things or nothing.</summary>
    public required string? Unit { get; init; }

    /// <summary>True when the value says how many: sensors, rules or facts.</summary>
    public bool IsCount { get; init; }

    /// <summary>When its first level was reached, by the data: at the end of the time it must hold.</summary>
    public required DateTimeOffset BeganAt { get; init; }

    /// <summary>When it was said.</summary>
    public required DateTimeOffset RaisedAt { get; init; }

    /// <summary>When its level changed last.</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>When it was lifted; null while it is in force.</summary>
    public required DateTimeOffset? LiftedAt { get; init; }

    /// <summary>When somebody said that he has seen it; null while nobody did.</summary>
    public required DateTimeOffset? AcknowledgedAt { get; init; }

    /// <summary>The person it is given to, an opaque id; null for nobody, and for who may not know.</summary>
    public required string? AssignedTo { get; init; }

    /// <summary>How many subjects it stands for.</summary>
    public required int Subjects { get; init; }

    /// <summary>True while work is done on what it speaks for: it messages nobody and goes to nobody.</summary>
    public bool InMaintenance { get; init; }
}

/// <summary>An alert with everything that happened to it.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="Says">Its rule in plain words.</param>
/// <param name="Entries">In order.</param>
/// <param name="Members">The subjects of an alert for many, those still in force first; at most a thousand.</param>
public sealed record AlertStory(Alert Alert, RuleText Says, IReadOnlyList<AlertEntry> Entries, IReadOnlyList<AlertMember> Members);

/// <summary>One thing that happened to an alert.</summary>
/// <param name="At">When it was written.</param>
/// <param name="Act">What.</param>
/// <param name="Level">The name of the level after it; null for none.</param>
/// <param name="Value">The value that caused it; null where no value did.</param>
/// <param name="Moment">The time of the data that caused it; null where no data did.</param>
/// <param name="Who">Who did it, an opaque id; null for the city itself, and for who may not know.</param>
/// <param name="Note">What he said; null for who may not know.</param>
public sealed record AlertEntry(DateTimeOffset At, AlertAct Act, string? Level, double? Value, DateTimeOffset? Moment, string? Who, string? Note)
{
    /// <summary>With <see cref="AlertAct.Corrected"/>: moves that late or corrected data showed never to have been.</summary>
    public IReadOnlyList<TrialMove> TakenBack { get; init; } = [];

    /// <summary>With <see cref="AlertAct.Corrected"/>: moves that late or corrected data added.</summary>
    public IReadOnlyList<TrialMove> Added { get; init; } = [];
}

/// <summary>A subject of an alert that stands for many.</summary>
/// <param name="Subject">Its code.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Level">The name of its level; null when it is lifted.</param>
/// <param name="Since">Since when, by the data.</param>
/// <param name="Until">When it was lifted, by the data; null while it is in force.</param>
public sealed record AlertMember(string Subject, RuleText Name, string? Level, DateTimeOffset Since, DateTimeOffset? Until);

/// <summary>What can happen to an alert.</summary>
[JsonConverter(typeof(KebabEnum<AlertAct>))]
public enum AlertAct
{
    /// <summary>The first level was reached.</summary>
    Raised = 1,

    /// <summary>A higher level was reached.</summary>
    Upgraded = 2,

    /// <summary>A level was left for the one below.</summary>
    Downgraded = 3,

    /// <summary>The last level was left.</summary>
    Lifted = 4,

    /// <summary>Late or corrected data changed what had been said.</summary>
    Corrected = 5,

    /// <summary>Its rule changed or rests: nothing is said any more.</summary>
    Withdrawn = 6,

    /// <summary>It went into an alert that stands for many.</summary>
    Folded = 7,

    /// <summary>Somebody has seen it.</summary>
    Acknowledged = 8,

    /// <summary>Somebody was given it.</summary>
    Assigned = 9,

    /// <summary>Somebody wrote a note.</summary>
    Noted = 10,

    /// <summary>Nobody acknowledged it in time: it went to the next step of duty, whose number is the note.</summary>
    Escalated = 11,
}
