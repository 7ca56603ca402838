namespace Madang.Operations.Air;

/// <summary>What is known of PM2.5 at 17 o'clock, when it is decided whether traffic and work are restrained tomorrow.</summary>
/// <param name="Day">Today, in the city.</param>
/// <param name="Mean">The mean of today from 0 to 16 o'clock, ㎍/㎥; null when too few hours are known.</param>
/// <param name="WasWarned">True when an advisory or warning of PM2.5 was in force today between 0 and 16 o'clock.</param>
/// <param name="Tomorrow">The daily mean that is forecast for tomorrow, ㎍/㎥; null without a forecast.</param>
/// <param name="DayAfter">The daily mean that is forecast for the day after tomorrow, ㎍/㎥.</param>
internal sealed record ReductionFigures(DateOnly Day, double? Mean, bool? WasWarned, double? Tomorrow, double? DayAfter);

/// <summary>One condition of the decision: its word, whether it is met (null when a figure is missing), and each figure with its limit.</summary>
internal sealed record ReductionCondition(string Word, bool? IsMet, IReadOnlyList<(string Figure, double? Value, double Above)> Figures);

/// <summary>
/// 고농도 미세먼지 비상저감조치 (미세먼지의 저감 및 관리에 관한 특별법 제18조, 시행령 제11조; 환경부 고시): decided at 17 o'clock for tomorrow
/// from 6 to 21, when any one condition is met; preliminary measures when the two days that follow are both forecast above the limit.
/// </summary>
/// <param name="For">The day that is decided on.</param>
/// <param name="Conditions">Each condition with its figures, for the sheet.</param>
/// <param name="Preliminary">The condition of preliminary measures.</param>
internal sealed record ReductionDecision(DateOnly For, IReadOnlyList<ReductionCondition> Conditions, ReductionCondition Preliminary)
{
    /// <summary>Above this daily mean a day is of high concentration, ㎍/㎥; and above the second, alone and without what was today.</summary>
    private const double High = 50, VeryHigh = 75;

    /// <summary>True when measures are to be taken; null when nothing is met and a figure is missing.</summary>
    public bool? IsDue => Conditions.Any(condition => condition.IsMet == true) ? true : Conditions.Any(condition => condition.IsMet is null) ? null : false;

    public static ReductionDecision Of(ReductionFigures known)
    {
        var (mean, tomorrow) = (Above(known.Mean, High), Above(known.Tomorrow, High));
        return new ReductionDecision(
            known.Day.AddDays(1),
            [
                new("mean-and-forecast", And(mean, tomorrow), [("mean", known.Mean, High), ("tomorrow", known.Tomorrow, High)]),
                new("warning-and-forecast", And(known.WasWarned, tomorrow), [("tomorrow", known.Tomorrow, High)]),
                new("forecast-alone", Above(known.Tomorrow, VeryHigh), [("tomorrow", known.Tomorrow, VeryHigh)]),
            ],
            new("two-days", And(tomorrow, Above(known.DayAfter, High)), [("tomorrow", known.Tomorrow, High), ("day-after", known.DayAfter, High)]));
    }

    private static bool? Above(double? value, double limit) => value > limit ? true : value is null ? null : false;

    /// <summary>Both are true; what is not known counts only where the other does not decide.</summary>
    private static bool? And(bool? one, bool? other) => one == false || other == false ? false : one is null || other is null ? null : true;
}
