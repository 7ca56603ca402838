using System.Text.Json.Serialization;
using Madang.Operations.Live;

namespace Madang.Operations;

/// <summary>The sheet on which it is decided at 17 o'clock whether emergency reduction measures (비상저감조치) are taken tomorrow.</summary>
/// <param name="Data">Real or simulated data.</param>
/// <param name="Day">The day on which it is decided, in the city.</param>
/// <param name="For">The day that is decided on.</param>
/// <param name="From">From when measures hold: 6 o'clock of that day.</param>
/// <param name="Until">Until when: 21 o'clock.</param>
/// <param name="DecidedFrom">17 o'clock of the day on which it is decided.</param>
/// <param name="IsComplete">True when the hours up to 16 o'clock are over; before, the sheet shows what is known so far.</param>
/// <param name="Hours">How many of the 16 hours are known.</param>
/// <param name="Tomorrow">The forecast for the day that is decided on; null without one.</param>
/// <param name="DayAfter">The forecast for the day after it.</param>
/// <param name="IsDue">True when any one condition is met; null when none is and a figure is missing.</param>
/// <param name="Conditions">Each condition with its figures and limits.</param>
/// <param name="Preliminary">The condition of preliminary measures (예비저감조치).</param>
/// <param name="Steps">What was decided, in order.</param>
/// <param name="IsIssued">True when measures were decided on and not lifted.</param>
/// <param name="Measures">What is to be done, by department, and what of it is done; empty while nothing is issued.</param>
/// <param name="Source">The law.</param>
public sealed record ReductionSheet(
    CityData Data, DateOnly Day, DateOnly For, DateTimeOffset From, DateTimeOffset Until, DateTimeOffset DecidedFrom, bool IsComplete, int Hours, AirForecast? Tomorrow, AirForecast? DayAfter,
    bool? IsDue, IReadOnlyList<ReductionCheck> Conditions, ReductionCheck Preliminary, IReadOnlyList<ReductionStep> Steps, bool IsIssued, IReadOnlyList<ReductionMeasure> Measures, RuleSource Source);

/// <summary>A condition.</summary>
/// <param name="Word"><c>mean-and-forecast</c>, <c>warning-and-forecast</c>, <c>forecast-alone</c> or <c>two-days</c>.</param>
/// <param name="IsMet">Null when a figure is missing that decides it.</param>
/// <param name="WasWarned">Whether an advisory or warning was in force; null where it is not asked for or not known.</param>
/// <param name="Figures">Its figures.</param>
public sealed record ReductionCheck(string Word, bool? IsMet, bool? WasWarned, IReadOnlyList<ReductionFigure> Figures);

/// <summary>A figure of a condition.</summary>
/// <param name="Name"><c>mean</c> (today from 0 to 16 o'clock), <c>tomorrow</c> or <c>day-after</c> (forecasts).</param>
/// <param name="Value">PM2.5, ㎍/㎥; null when it is not known.</param>
/// <param name="Grade">The grade of a forecast, which may be all that it says; null for what is none.</param>
/// <param name="Above">It is met above this.</param>
public sealed record ReductionFigure(string Name, double? Value, AirGrade? Grade, double Above);

/// <summary>What somebody decided.</summary>
/// <param name="Act">What.</param>
/// <param name="At">When.</param>
/// <param name="Who">An opaque id; null for who may not know.</param>
/// <param name="Note">What he said; null for who may not know.</param>
public sealed record ReductionStep(ReductionAct Act, DateTimeOffset At, string? Who, string? Note);

/// <summary>What can be decided.</summary>
[JsonConverter(typeof(KebabEnum<ReductionAct>))]
public enum ReductionAct
{
    /// <summary>Measures are taken.</summary>
    Issue = 1,

    /// <summary>No measures are taken.</summary>
    Decline = 2,

    /// <summary>Measures that were issued are lifted.</summary>
    Lift = 3,
}

/// <summary>Something that is to be done while measures are in force.</summary>
/// <param name="Id">Its word.</param>
/// <param name="Department">Who does it.</param>
/// <param name="Text">What.</param>
/// <param name="Source">The law.</param>
/// <param name="DoneAt">When somebody said that it is done; null while nobody did.</param>
/// <param name="DoneBy">Who said so, an opaque id; null for who may not know.</param>
public sealed record ReductionMeasure(string Id, RuleText Department, RuleText Text, RuleSource Source, DateTimeOffset? DoneAt, string? DoneBy);
