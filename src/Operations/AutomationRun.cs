using System.Text.Json.Serialization;
using Madang.Operations.Live;

namespace Madang.Operations;

/// <summary>One run of an automation: what started it, and what came of it.</summary>
public sealed record AutomationRun
{
    /// <summary>Its number.</summary>
    public required long Id { get; init; }

    /// <summary>The automation.</summary>
    public required string Automation { get; init; }

    /// <summary>Which revision of it.</summary>
    public required int Revision { get; init; }

    /// <summary>What started it, in a word: it starts once for each.</summary>
    public required string Cause { get; init; }

    /// <summary>Where that was.</summary>
    public required RuleText Where { get; init; }

    /// <summary>Real or simulated.</summary>
    public required CityData Data { get; init; }

    /// <summary>The alert that started it; null for none.</summary>
    public required long? Alert { get; init; }

    /// <summary>The incident that started it; null for none.</summary>
    public required long? Incident { get; init; }

    /// <summary>True when it only said what it would do.</summary>
    public required bool IsDry { get; init; }

    /// <summary>When it ran.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What came of it.</summary>
    public required RunState State { get; init; }

    /// <summary>The same in a word: <c>sent</c>, <c>task-made</c>, <c>report-made</c>, <c>lamps-told</c>, <c>published</c>, or why it failed.</summary>
    public required string Outcome { get; init; }

    /// <summary>How many messages, tasks, reports, lamps or notices.</summary>
    public required int Count { get; init; }

    /// <summary>The number of the report that it made; null for none.</summary>
    public required long? Report { get; init; }

    /// <summary>When it was taken back; null when it was not.</summary>
    public required DateTimeOffset? UndoneAt { get; init; }

    /// <summary>Who took it back, an opaque id.</summary>
    public required string? UndoneBy { get; init; }

    /// <summary>True when there is something that can be taken back.</summary>
    public bool CanBeUndone => State == RunState.Done && !IsDry && Count > 0 && UndoneAt is null;
}

/// <summary>What came of a run.</summary>
[JsonConverter(typeof(KebabEnum<RunState>))]
public enum RunState
{
    /// <summary>It was done, or, when it was dry, said.</summary>
    Done = 1,

    /// <summary>It could not be done, and nothing was.</summary>
    Failed = 2,

    /// <summary>It ran too often: nothing was done, and the automation paused itself.</summary>
    Held = 3,
}

/// <summary>Something that everybody is told for a time.</summary>
/// <param name="Id">Its number.</param>
/// <param name="District">The code of the district; null for the whole city.</param>
/// <param name="Text">What is told.</param>
/// <param name="Data">Real or simulated.</param>
/// <param name="From">Since when.</param>
/// <param name="Until">Until when.</param>
public sealed record CityNotice(long Id, string? District, RuleText Text, CityData Data, DateTimeOffset From, DateTimeOffset Until);

/// <summary>A report that an automation made; it holds figures and no words of people.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Automation">The automation.</param>
/// <param name="Data">Real or simulated.</param>
/// <param name="MadeAt">When.</param>
/// <param name="Title">What it is of.</param>
/// <param name="Parts">What it says.</param>
public sealed record CityReport(long Id, string Automation, CityData Data, DateTimeOffset MadeAt, RuleText Title, IReadOnlyList<CityReportPart> Parts);

/// <summary>A part of a report.</summary>
/// <param name="Title">What it is about.</param>
/// <param name="Lines">What it says, line by line.</param>
public sealed record CityReportPart(RuleText Title, IReadOnlyList<RuleText> Lines);
