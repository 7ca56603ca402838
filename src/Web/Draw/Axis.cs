using System.Globalization;

namespace Madang.Web.Draw;

/// <summary>A tick of an axis.</summary>
/// <param name="At">Where, in per cent of the axis from its beginning.</param>
/// <param name="Text">What it says.</param>
/// <param name="Level">0 for ticks that stay on a narrow chart, 1 and 2 for those that give way first.</param>
internal sealed record Tick(double At, string Text, int Level);

/// <summary>Where a chart's axes have their ticks.</summary>
internal static class Axis
{
    private const int MostTicks = 9;

    private static readonly int[] Minutes = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720];
    private static readonly int[] Days = [1, 2, 7, 14];
    private static readonly int[] Months = [1, 2, 3, 6, 12, 24, 60, 120];
    private static readonly string[] KoreanDays = ["일", "월", "화", "수", "목", "금", "토"];
    private static readonly string[] EnglishDays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    private static readonly string[] EnglishMonths = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    /// <summary>The width between round values (1, 2 or 5 of a power of ten) that cuts a range into about four to six.</summary>
    public static double Round(double range)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(range / 4)));
        var left = range / 4 / power;
        return power * (left < 1.5 ? 1 : left < 3.5 ? 2 : left < 7.5 ? 5 : 10);
    }

    /// <summary>A round value in words: as many decimals as its step needs, and powers of ten for what is beyond any sensor.</summary>
    public static string Text(double value, double step)
    {
        if (Math.Abs(value) >= 1e9)
        {
            return value.ToString("0.#####e0", CultureInfo.InvariantCulture).Replace('-', '−');
        }

        var decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(step) - 1e-9), 0, 9);
        var text = Math.Round(value, decimals).ToString("F" + decimals, CultureInfo.InvariantCulture);
        return text.TrimStart('-').Trim('0', '.').Length == 0 ? text.TrimStart('-') : text.Replace('-', '−');
    }

    /// <summary>The ticks of a stretch of time: at most nine, at round times of the zone's own clocks.</summary>
    public static List<Tick> Times(Language language, TimeZoneInfo zone, DateTimeOffset from, DateTimeOffset to)
    {
        var length = to - from;
        var (first, next, text) = Choose(language, TimeZoneInfo.ConvertTime(from, zone).DateTime, length);
        var found = new List<(double At, string Text)>();
        for (var local = first; found.Count < MostTicks + 5; local = next(local))
        {
            if (zone.IsInvalidTime(local))
            {
                continue;
            }

            var at = new DateTimeOffset(local, zone.GetUtcOffset(local));
            if (at >= to)
            {
                break;
            }

            if (at >= from)
            {
                found.Add(((at - from) / length * 100, text(local)));
            }
        }

        return [.. found.Select((tick, index) => new Tick(Math.Round(tick.At, 2), tick.Text, index % 4 == 0 ? 0 : index % 2 == 0 ? 1 : 2))];
    }

    /// <summary>A day as an axis and a table say it: 7/19(일), or Sun 19 Jul.</summary>
    public static string Day(Language language, DateTime local) => language.IsKorean
        ? $"{local.Month}/{local.Day}({KoreanDays[(int)local.DayOfWeek]})"
        : $"{EnglishDays[(int)local.DayOfWeek]} {local.Day} {EnglishMonths[local.Month - 1]}";

    private static (DateTime First, Func<DateTime, DateTime> Next, Func<DateTime, string> Text) Choose(Language language, DateTime from, TimeSpan length)
    {
        var midnight = from.Date;
        var minutes = Array.Find(Minutes, step => length.TotalMinutes / step <= MostTicks);
        if (minutes > 0)
        {
            var first = midnight.AddMinutes(Math.Floor((from - midnight).TotalMinutes / minutes) * minutes);
            return (first, at => at.AddMinutes(minutes), at => at == at.Date ? Day(language, at) : minutes < 60 || !language.IsKorean ? at.ToString("HH:mm", CultureInfo.InvariantCulture) : $"{at.Hour}시");
        }

        var days = Array.Find(Days, step => length.TotalDays / step <= MostTicks);
        if (days > 0)
        {
            // Counted from a Monday, so that the ticks of a moving window stay on the same days.
            var since = midnight.AddDays(-((midnight - DateTime.UnixEpoch.AddDays(4)).Days % days));
            return (since, at => at.AddDays(days), at => Day(language, at));
        }

        var months = Array.Find(Months, step => length.TotalDays / 30.4 / step <= MostTicks) is var known and > 0 ? known : 1200;
        var count = (from.Year * 12) + from.Month - 1;
        count -= count % months;
        return (new DateTime(count / 12, (count % 12) + 1, 1, 0, 0, 0, DateTimeKind.Unspecified), at => at.AddMonths(months), at => Month(language, at));
    }

    private static string Month(Language language, DateTime local) => (local.Month, language.IsKorean) switch
    {
        (1, true) => $"{local.Year}년",
        (1, false) => local.Year.ToString(CultureInfo.InvariantCulture),
        (_, true) => $"{local.Month}월",
        _ => EnglishMonths[local.Month - 1],
    };
}
