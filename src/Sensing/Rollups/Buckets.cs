using Madang.Kernel;

namespace Madang.Sensing.Rollups;

/// <summary>Where buckets begin and end: ten minutes and hours by UTC, days by the city's calendar. All in microseconds since 1970.</summary>
internal sealed class Buckets
{
    public const long TenMinutes = 600_000_000L, Hour = 3_600_000_000L;

    private readonly TimeZoneInfo zone;

    public Buckets(string zoneName)
    {
        zone = TimeZoneInfo.TryFindSystemTimeZoneById(zoneName, out var found)
            ? found
            : throw new InvalidInputException("Sensing:TimeZone", $"'{zoneName}' is not a time zone of this machine; use an IANA name such as Asia/Seoul");
        if (zone.BaseUtcOffset.TotalMinutes % 10 != 0)
        {
            throw new InvalidInputException("Sensing:TimeZone", $"the offset of '{zoneName}' is not a whole number of ten minutes, so its days cannot be summed up from ten-minute buckets");
        }
    }

    /// <summary>The city's zone.</summary>
    public TimeZoneInfo Zone => zone;

    public static long TenMinutesOf(long time) => Floor(time, TenMinutes);

    public static long HourOf(long time) => Floor(time, Hour);

    /// <summary>The first moment of the city's day in which a moment lies.</summary>
    public long DayOf(long time) => StartOfDay(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(IsoTime.FromMicros(time), zone).DateTime));

    /// <summary>The first moment of the city's next day.</summary>
    public long NextDay(long day) => StartOfDay(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(IsoTime.FromMicros(day), zone).DateTime).AddDays(1));

    /// <summary>The start of the bucket of <paramref name="step"/> in which a moment lies.</summary>
    public long StartOf(SeriesStep step, long time) => step switch
    {
        SeriesStep.TenMinutes => TenMinutesOf(time),
        SeriesStep.Hour => HourOf(time),
        _ => DayOf(time),
    };

    /// <summary>The first moment after the bucket that starts at <paramref name="start"/>.</summary>
    public long EndOf(SeriesStep step, long start) => step switch
    {
        SeriesStep.TenMinutes => start + TenMinutes,
        SeriesStep.Hour => start + Hour,
        _ => NextDay(start),
    };

    private long StartOfDay(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Unspecified);

        // Where clocks jump over midnight (as in some zones in spring), the day starts at the first time that exists.
        while (zone.IsInvalidTime(midnight))
        {
            midnight = midnight.AddMinutes(10);
        }

        return new DateTimeOffset(midnight, zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight)).ToMicros();
    }

    private static long Floor(long time, long width) => time - (((time % width) + width) % width);
}
