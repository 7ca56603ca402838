using System.Globalization;

namespace Madang.Web.Text;

/// <summary>How long ago something was, as people say it, and when exactly.</summary>
internal static class Since
{
    /// <summary>12초 전, 3분 전, 2시간 전, 5일 전; just now for what lies up to a few seconds ahead.</summary>
    public static string Ago(Language language, DateTimeOffset clock, DateTimeOffset at)
    {
        var past = clock - at;
        return past < TimeSpan.FromSeconds(1) ? language["catalogue.ago.now"]
            : past < TimeSpan.FromMinutes(1) ? Say("seconds", past.TotalSeconds)
            : past < TimeSpan.FromHours(1) ? Say("minutes", past.TotalMinutes)
            : past < TimeSpan.FromDays(1) ? Say("hours", past.TotalHours)
            : past < TimeSpan.FromDays(365) ? Say("days", past.TotalDays)
            : Say("years", past.TotalDays / 365.2425);
        string Say(string unit, double number) => Math.Floor(number) is 1 ? language[$"catalogue.ago.{unit}.1"] : language.Say($"catalogue.ago.{unit}", Math.Floor(number));
    }

    /// <summary>The moment by the city's clocks; with its year when it is another than the clock's.</summary>
    public static string Moment(Language language, TimeZoneInfo zone, DateTimeOffset clock, DateTimeOffset at)
    {
        var year = TimeZoneInfo.ConvertTime(at, zone).Year;
        var moment = Reading.Moment(language, zone, at);
        return year == TimeZoneInfo.ConvertTime(clock, zone).Year ? moment
            : language.IsKorean ? string.Create(CultureInfo.InvariantCulture, $"{year}년 {moment}") : moment.Replace(",", $" {year},", StringComparison.Ordinal);
    }

    /// <summary>For the attribute <c>datetime</c>.</summary>
    public static string Machine(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
