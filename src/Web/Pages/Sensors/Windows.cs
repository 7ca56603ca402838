using Madang.Kernel;

namespace Madang.Web.Pages.Sensors;

/// <summary>Chooses the window of a sensor's chart from what an address says; nonsense there is nothing said.</summary>
internal static class Windows
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);

    /// <summary>Five years of days, the longest that one chart can show.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(5 * 366);

    /// <summary>Above these lengths points are ten minutes, hours, days wide: a chart has at most about 1,500.</summary>
    private static readonly TimeSpan TenMinutesAbove = TimeSpan.FromHours(3), HoursAbove = TimeSpan.FromDays(4), DaysAbove = TimeSpan.FromDays(62);

    /// <summary>The length of a span.</summary>
    public static TimeSpan Length(string span) => span switch
    {
        "hour" => TimeSpan.FromHours(1),
        "week" => TimeSpan.FromDays(7),
        "month" => TimeSpan.FromDays(31),
        "year" => TimeSpan.FromDays(365),
        _ => TimeSpan.FromDays(1),
    };

    /// <summary>
    /// The window of an address. <paramref name="end"/> is where the newest one ends; what is told once a <paramref name="daily"/> day is shown by days.
    /// One that would reach beyond <paramref name="latest"/> and beyond the newest window is moved to end there.
    /// </summary>
    public static SensorWindow Choose(string? span, string? from, string? to, DateTimeOffset end, TimeZoneInfo zone, bool daily = false, DateTimeOffset? latest = null)
    {
        var known = span is not null && SensorWindow.SpansOf(daily).Contains(span) ? span : SensorWindow.SpansOf(daily)[1];
        var (length, step) = (Length(known), daily ? "1d" : Step(Length(known)));
        var until = step == "1d" ? Midnight(end, zone) : Up(end, step switch { "raw" => TimeSpan.FromMinutes(1), "10m" => TimeSpan.FromMinutes(10), _ => TimeSpan.FromHours(1) });
        var limit = latest > until || latest is null ? latest : until;
        if (IsoTime.TryParse(from, out var first) && IsoTime.TryParse(to, out var last) && last - first >= Shortest)
        {
            first = last - first > Longest ? last - Longest : first;
            var beyond = limit is { } now && last > now ? last - now : TimeSpan.Zero;
            (first, last) = (first - beyond, last - beyond);
            return new SensorWindow(known, first.ToUniversalTime(), last.ToUniversalTime(), daily ? "1d" : Step(last - first), true, Math.Abs((last - first) / Length(known) - 1) > 0.1) { Latest = limit };
        }

        return new SensorWindow(known, step == "1d" ? Midnight(until - length - TimeSpan.FromHours(12), zone) : until - length, until, step, false, false) { Latest = limit };
    }

    /// <summary>How wide the points of a window are.</summary>
    public static string Step(TimeSpan length) => length <= TenMinutesAbove ? "raw" : length <= HoursAbove ? "10m" : length <= DaysAbove ? "1h" : "1d";

    private static DateTimeOffset Up(DateTimeOffset at, TimeSpan width) => new(((at.UtcTicks / width.Ticks) + 1) * width.Ticks, TimeSpan.Zero);

    /// <summary>The first midnight of the city after a moment; where clocks jump over it, the first time after.</summary>
    private static DateTimeOffset Midnight(DateTimeOffset at, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone).Date.AddDays(1);
        while (zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(30);
        }

        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }
}
