using System.Globalization;
using Madang.Operations;

namespace Madang.Web.Text;

/// <summary>Numbers, times and grades as readers see them; `Island/text.ts` says the same, and `Island/text.cases.json` holds both to it.</summary>
internal static class Reading
{
    private static readonly string[] KoreanDays = ["일", "월", "화", "수", "목", "금", "토"];
    private static readonly string[] EnglishDays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    private static readonly string[] EnglishMonths = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    public static string Number(string measure, double value)
    {
        var text = Math.Round(value, Decimals(measure), MidpointRounding.AwayFromZero).ToString("F" + Decimals(measure), CultureInfo.InvariantCulture);
        return text.TrimStart('-').Trim('0', '.').Length == 0 ? text.TrimStart('-') : text.Replace('-', '−');
    }

    /// <summary>A difference with its sign; "±0" when nothing is left of it after rounding.</summary>
    public static string Difference(string measure, double value)
    {
        var text = Number(measure, value);
        return text.Trim('0', '.').Length == 0 ? "±0" : value > 0 ? "+" + text : text;
    }

    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Time(TimeZoneInfo zone, DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone).ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>11월 22일(일) 14:20, or Sun 22 Nov, 14:20, by the city's clocks.</summary>
    public static string Moment(Language language, TimeZoneInfo zone, DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone);
        var day = (int)local.DayOfWeek;
        return language.IsKorean
            ? $"{local.Month}월 {local.Day}일({KoreanDays[day]}) {Time(zone, at)}"
            : $"{EnglishDays[day]} {local.Day} {EnglishMonths[local.Month - 1]}, {Time(zone, at)}";
    }

    public static string Mark(AirGrade? grade) => grade switch
    {
        AirGrade.Good => "○",
        AirGrade.Moderate => "◔",
        AirGrade.Bad => "◑",
        AirGrade.VeryBad => "●",
        _ => "–",
    };

    /// <summary>The word of styles and of the wire.</summary>
    public static string Word(AirGrade? grade) => grade switch
    {
        AirGrade.Good => "good",
        AirGrade.Moderate => "moderate",
        AirGrade.Bad => "bad",
        AirGrade.VeryBad => "very-bad",
        _ => "unknown",
    };

    public static string Grade(Language language, AirGrade? grade) => language["live.grade." + Word(grade)];

    /// <summary>The sentence on top: what is so, by the grades of PM2.5 in the districts (null: unknown).</summary>
    public static string Sentence(Language language, IReadOnlyCollection<AirGrade?> grades)
    {
        var (bad, worst, unknown) = (grades.Count(grade => grade == AirGrade.Bad), grades.Count(grade => grade == AirGrade.VeryBad), grades.Count(grade => grade is null));
        if (unknown == grades.Count)
        {
            return language["live.sentence.nothing"];
        }

        var said = (bad, worst) switch
        {
            (0, 0) when unknown == 0 => language.Say("live.sentence.calm", grades.Count),
            (0, 0) => language.Say("live.sentence.calm-known", grades.Count - unknown),
            (_, 0) => language.Say("live.sentence.bad", grades.Count, bad),
            (0, _) => language.Say("live.sentence.very-bad", grades.Count, worst),
            _ => language.Say("live.sentence.both", grades.Count, worst, bad),
        };
        return unknown == 0 ? said : $"{said} {language.Say("live.sentence.unknown", unknown)}";
    }

    /// <summary>종로 of 종로구, but 중구 stays 중구; Jongno of Jongno-gu.</summary>
    public static string Short(Language language, string name, string nameEn) =>
        language.IsKorean ? (name.Length > 2 ? name[..^1] : name) : nameEn.Replace("-gu", "", StringComparison.Ordinal);

    private static int Decimals(string measure) => measure switch
    {
        "pm25" or "pm10" or "humidity" => 0,
        "o3" or "no2" or "so2" => 3,
        "co" => 2,
        _ => 1,
    };
}
