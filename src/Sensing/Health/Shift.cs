using Madang.Sensing.Rollups;

namespace Madang.Sensing.Health;

/// <summary>The mean of an hour.</summary>
/// <param name="Start">When the hour began, in microseconds since 1970.</param>
/// <param name="Mean">The mean.</param>
internal readonly record struct HourMean(long Start, double Mean);

/// <summary>
/// By how much a Datastream's last day lies above the seven days before it: the median over the hours of what each is above the
/// usual of its hour of the day, so that rush hours and hours without readings shift nothing, and neither does an evening of fine dust.
/// </summary>
/// <param name="Change">In its own unit.</param>
/// <param name="Level">What it usually tells, without its sign: the mean over the hours.</param>
internal readonly record struct Shift(double Change, double Level)
{
    /// <summary>The fewest hours of the last day that tell something.</summary>
    public const int Fewest = 12;

    /// <summary>As many full hours are looked at.</summary>
    public const int Hours = Day + (7 * Day);

    /// <summary>An hour of the day has a usual from so many days on.</summary>
    private const int FewestDays = 2;

    private const int Day = 24;

    /// <summary>The shift at a moment; null when too little is known.</summary>
    public static Shift? Of(IEnumerable<HourMean> hours, long now)
    {
        var today = Buckets.HourOf(now) - (Day * Buckets.Hour);
        var (before, last) = (hours.Where(hour => hour.Start < today).ToLookup(HourOfDay, hour => hour.Mean), hours.Where(hour => hour.Start >= today));
        var compared = last.Where(hour => before[HourOfDay(hour)].Count() >= FewestDays).Select(hour => (hour.Mean, Usual: Neighbours.Median([.. before[HourOfDay(hour)]]))).ToList();
        return compared.Count < Fewest ? null : new(Neighbours.Median([.. compared.Select(hour => hour.Mean - hour.Usual)]), compared.Average(hour => Math.Abs(hour.Usual)));
    }

    private static long HourOfDay(HourMean hour) => hour.Start / Buckets.Hour % Day;
}
