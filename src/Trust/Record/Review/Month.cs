using System.Globalization;
using Madang.Kernel;

namespace Madang.Trust.Record.Review;

/// <summary>A month by the city's clocks.</summary>
internal sealed record Month(int Year, int Number, TimeZoneInfo Zone)
{
    /// <summary>The months before, whose habits are compared with.</summary>
    public const int Before = 3;

    public DateTimeOffset From => Local(new DateTime(Year, Number, 1));

    public DateTimeOffset Until => Local(new DateTime(Year, Number, 1).AddMonths(1));

    /// <summary>The beginning of the three months before.</summary>
    public DateTimeOffset Since => Local(new DateTime(Year, Number, 1).AddMonths(-Before));

    public Month Next => Of(new DateTime(Year, Number, 1).AddMonths(1), Zone);

    public Month Last => Of(new DateTime(Year, Number, 1).AddMonths(-1), Zone);

    public static Month At(DateTimeOffset moment, TimeZoneInfo zone) => Of(TimeZoneInfo.ConvertTime(moment, zone).DateTime, zone);

    public static Month Parse(string text, TimeZoneInfo zone) =>
        DateTime.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first) && first.Year is > 1970 and < 2200
            ? Of(first, zone)
            : throw new InvalidInputException("month", "is no month; write one as 2026-10");

    /// <summary>The day by the city's clocks.</summary>
    public DateTime Clock(long micros) => TimeZoneInfo.ConvertTime(IsoTime.FromMicros(micros), Zone).DateTime;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}-{Number:00}");

    private static Month Of(DateTime day, TimeZoneInfo zone) => new(day.Year, day.Month, zone);

    private DateTimeOffset Local(DateTime day) => new(TimeZoneInfo.ConvertTimeToUtc(day, Zone), TimeSpan.Zero);
}
