using System.Globalization;
using Madang.Kernel;

namespace Madang.Web.Pages.House;

/// <summary>Days of the city's calendar, as forms and lists write them.</summary>
internal static class Days
{
    /// <summary>2026-11-22: with the year, which matters for what ends some day; read the same in both languages.</summary>
    public static string Text(TimeZoneInfo zone, DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The last day that lies before a moment: what ends at midnight ends with the day before.</summary>
    public static string Last(TimeZoneInfo zone, DateTimeOffset end) => Text(zone, end - TimeSpan.FromMicroseconds(1));

    /// <summary>The end of a day; null for an empty text.</summary>
    public static DateTimeOffset? End(string field, string? text, TimeZoneInfo zone)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (!DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || day.Year is < 1900 or > 2199)
        {
            throw new InvalidInputException(field, "is a day, written as 2026-12-31");
        }

        var midnight = day.AddDays(1).ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight));
    }
}
