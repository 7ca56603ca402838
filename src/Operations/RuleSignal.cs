using System.Text.Json.Serialization;
using Madang.Operations.Live;

namespace Madang.Operations;

/// <summary>What a rule makes of readings: a number for each step of time, which its levels then judge.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ReadingSignal), "reading")]
[JsonDerivedType(typeof(MeanSignal), "mean")]
[JsonDerivedType(typeof(ChangeSignal), "change")]
[JsonDerivedType(typeof(SilenceSignal), "silence")]
[JsonDerivedType(typeof(UnchangedSignal), "unchanged")]
[JsonDerivedType(typeof(UsualSignal), "usual")]
[JsonDerivedType(typeof(ScheduleSignal), "schedule")]
[JsonDerivedType(typeof(NeighboursSignal), "neighbours")]
[JsonDerivedType(typeof(CountSignal), "count")]
[JsonDerivedType(typeof(CombinationSignal), "combination")]
[JsonDerivedType(typeof(FactsSignal), "facts")]
public abstract record RuleSignal;

/// <summary>Each reading as it is, at its own time.</summary>
public sealed record ReadingSignal : RuleSignal
{
    /// <summary>The longest time between two readings that does not end what is held, in minutes.</summary>
    public int PauseMinutes { get; init; } = 30;
}

/// <summary>The mean (or another sum) of each step; of an area it is taken over the stations of which enough is known.</summary>
public sealed record MeanSignal : RuleSignal
{
    /// <summary>How long a step is: 10 minutes, an hour or a day.</summary>
    public int StepMinutes { get; init; } = 60;

    /// <summary>What is taken of the readings of a station in a step.</summary>
    public RuleSum Of { get; init; }

    /// <summary>What is taken of the stations of an area.</summary>
    public RuleSum Across { get; init; }

    /// <summary>The share of the readings that a station should have made in the step, from which it counts; 0 to 1.</summary>
    public double Complete { get; init; } = 0.75;
}

/// <summary>How several values become one.</summary>
[JsonConverter(typeof(KebabEnum<RuleSum>))]
public enum RuleSum
{
    /// <summary>The arithmetic mean.</summary>
    Mean,

    /// <summary>The greatest.</summary>
    Max,

    /// <summary>The smallest.</summary>
    Min,
}

/// <summary>How much a value rose (above zero) or fell (below zero) since a while ago.</summary>
/// <param name="OverMinutes">How long ago; compared is the last reading that was not later.</param>
public sealed record ChangeSignal(int OverMinutes) : RuleSignal;

/// <summary>The minutes for which nothing was heard.</summary>
public sealed record SilenceSignal : RuleSignal;

/// <summary>The minutes for which every reading was the same.</summary>
public sealed record UnchangedSignal : RuleSignal;

/// <summary>How far the mean of an hour lies from that of the same hour on the days before.</summary>
/// <param name="Days">How many days before; at least half of them must be known.</param>
public sealed record UsualSignal(int Days) : RuleSignal;

/// <summary>
/// How far the mean of a step lies from the median of the nearest others that measure the same; not known while fewer than three
/// of them told. They are those of the same measure, unit, world and, where the scope names one, kind, wherever they stand.
/// </summary>
public sealed record NeighboursSignal : RuleSignal
{
    /// <summary>How long a step is: 10 minutes, an hour or a day.</summary>
    public int StepMinutes { get; init; } = 60;

    /// <summary>How many of the nearest are asked.</summary>
    public int Count { get; init; } = 5;

    /// <summary>How far away they may be, in metres.</summary>
    public int WithinMetres { get; init; } = 3_000;
}

/// <summary>1 within the calendar's hours, else 0.</summary>
public sealed record ScheduleSignal : RuleSignal
{
    /// <summary>Months 1 to 12; empty for all.</summary>
    public IReadOnlyList<int> Months { get; init; } = [];

    /// <summary>Days of the week; empty for all.</summary>
    public IReadOnlyList<RuleDay> Days { get; init; } = [];

    /// <summary>The time of the city from which it counts each day.</summary>
    public TimeOnly FromTime { get; init; }

    /// <summary>The time until which it counts; the same as <see cref="FromTime"/> for the whole day, earlier for over midnight.</summary>
    public TimeOnly UntilTime { get; init; }
}

/// <summary>A day of the week, as ISO 8601 counts them.</summary>
[JsonConverter(typeof(KebabEnum<RuleDay>))]
public enum RuleDay
{
    /// <summary>월.</summary>
    Monday = 1,

    /// <summary>화.</summary>
    Tuesday,

    /// <summary>수.</summary>
    Wednesday,

    /// <summary>목.</summary>
    Thursday,

    /// <summary>금.</summary>
    Friday,

    /// <summary>토.</summary>
    Saturday,

    /// <summary>일.</summary>
    Sunday,
}
