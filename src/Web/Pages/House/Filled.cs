using System.Globalization;
using Madang.Kernel;
using Microsoft.AspNetCore.Http;

namespace Madang.Web.Pages.House;

/// <summary>What is wrong with a form.</summary>
/// <param name="Field">The field it is about; null when it is about all of it.</param>
/// <param name="Text">What to tell the reader.</param>
public sealed record Wrong(string? Field, string Text);

/// <summary>A form as it was filled in, and what is wrong with it: shown again, nothing has to be typed twice.</summary>
public sealed class Filled(IFormCollection? form)
{
    /// <summary>A form that nobody filled in yet.</summary>
    public static Filled Empty { get; } = new(null);

    /// <summary>What is wrong; null for nothing.</summary>
    public Wrong? Wrong { get; init; }

    /// <summary>What stands in a field; null when nothing does.</summary>
    public string? this[string name] => form is not null && form.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text ? text : null;

    /// <summary>True when a form was sent.</summary>
    public bool IsSent => form is not null;

    /// <summary>All that was chosen under one name.</summary>
    public IReadOnlyList<string> All(string name) => form is not null && form.TryGetValue(name, out var values) ? [.. values.OfType<string>()] : [];

    /// <summary>A number; null when none is said.</summary>
    public long? Number(string name) =>
        this[name] is not { } text ? null : long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= int.MaxValue ? number : throw new InvalidInputException(name, "is a whole number");

    /// <summary>The end of a day of the city; null when none is said.</summary>
    public DateTimeOffset? EndOfDay(string name, TimeZoneInfo zone) => Days.End(name, this[name], zone);

    /// <summary>What is wrong with a field.</summary>
    public string? About(string name) => Wrong?.Field == name ? Wrong.Text : null;

    /// <summary>The same, with what is wrong.</summary>
    public Filled With(Wrong wrong) => new(form) { Wrong = wrong };
}

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
