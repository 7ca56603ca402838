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
        var text = Math.Round(value, Measures.Decimals(measure), MidpointRounding.AwayFromZero).ToString("F" + Measures.Decimals(measure), CultureInfo.InvariantCulture);
        return text.TrimStart('-').Trim('0', '.').Length == 0 ? text.TrimStart('-') : text.Replace('-', '−');
    }

    /// <summary>A difference with its sign; "±0" when nothing is left of it after rounding.</summary>
    public static string Difference(string measure, double value)
    {
        var text = Number(measure, value);
        return text.Trim('0', '.').Length == 0 ? "±0" : value > 0 ? "+" + text : text;
    }

    /// <summary>How a figure changed against one before it.</summary>
    /// <param name="language">The reader's language.</param>
    /// <param name="measure">The measure's code.</param>
    /// <param name="value">The figure.</param>
    /// <param name="then">What it was; null when that is not known.</param>
    /// <param name="before"><c>hour</c> or <c>day</c>.</param>
    public static string Change(Language language, string measure, double? value, double? then, string before) =>
        value - then is { } change ? language.Say($"live.{before}-before", Difference(measure, change)) : language[$"live.{before}-before-unknown"];

    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Time(TimeZoneInfo zone, DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone).ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>11월 22일(일) 14:20, or Sun 22 Nov, 14:20, by the city's clocks.</summary>
    public static string Moment(Language language, TimeZoneInfo zone, DateTimeOffset at)
    {
        var date = Date(language, TimeZoneInfo.ConvertTime(at, zone).DateTime);
        return language.IsKorean ? $"{date} {Time(zone, at)}" : $"{date}, {Time(zone, at)}";
    }

    /// <summary>11월 22일(일), or Sun 22 Nov.</summary>
    public static string Date(Language language, DateTime local) => language.IsKorean
        ? $"{local.Month}월 {local.Day}일({KoreanDays[(int)local.DayOfWeek]})"
        : $"{EnglishDays[(int)local.DayOfWeek]} {local.Day} {EnglishMonths[local.Month - 1]}";

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

    /// <summary>The mark of a class; only the legal grades have one.</summary>
    public static string MarkOf(string grade) => grade switch
    {
        "good" => "○",
        "moderate" => "◔",
        "bad" => "◑",
        "very-bad" => "●",
        "unknown" => "–",
        _ => "",
    };

    /// <summary>What stands below a district's name on the map.</summary>
    public static string OnMap(Scale scale, double? value) =>
        value is not { } known ? "–" : scale.IsGraded ? $"{MarkOf(scale.ClassOf(known))} {Number(scale.Measure, known)}" : Number(scale.Measure, known);

    /// <summary>A limit between classes, with no more decimals than it has: 0.030 for ozone, 33 for degrees.</summary>
    public static string Limit(string measure, double value) => measure == "o3" ? Number(measure, value) : value.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>What lies between two limits, of which the lower belongs to the class below: 16–35, 0.031–0.090, as the values are published.</summary>
    public static string Between(string measure, double below, double to) =>
        $"{Number(measure, below + Math.Pow(10, -Measures.Decimals(measure)))}–{Number(measure, to)}";

    /// <summary>오늘 14:20, 어제 18:20; the date when it is another day. <paramref name="now"/> is the data's own.</summary>
    public static string Day(Language language, TimeZoneInfo zone, DateTimeOffset at, DateTimeOffset now)
    {
        var days = (TimeZoneInfo.ConvertTime(now, zone).Date - TimeZoneInfo.ConvertTime(at, zone).Date).Days;
        return days is 0 or 1 ? language.Say(days == 0 ? "live.today" : "live.yesterday", Time(zone, at)) : Moment(language, zone, at);
    }

    /// <summary>2025년 7월 19일 18:20, or 19 Jul 2025, 18:20: for what is not of these days.</summary>
    public static string Day(Language language, TimeZoneInfo zone, DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone);
        return language.IsKorean ? $"{local.Year}년 {local.Month}월 {local.Day}일 {Time(zone, at)}" : $"{local.Day} {EnglishMonths[local.Month - 1]} {local.Year}, {Time(zone, at)}";
    }

    /// <summary>The sentence on top: what is so, by the grades of a measure in the districts (null: unknown).</summary>
    public static string Sentence(Language language, IReadOnlyCollection<AirGrade?> grades, string measure = "pm25")
    {
        var (bad, worst, unknown) = (grades.Count(grade => grade == AirGrade.Bad), grades.Count(grade => grade == AirGrade.VeryBad), grades.Count(grade => grade is null));
        if (unknown == grades.Count)
        {
            return language.Say("live.sentence.nothing", language["live.plain." + measure]);
        }

        var (subject, topic) = (language["live.subject." + measure], language["live.topic." + measure]);
        var said = (bad, worst) switch
        {
            (0, 0) when unknown == 0 => language.Say("live.sentence.calm", grades.Count, subject),
            (0, 0) => language.Say("live.sentence.calm-known", grades.Count - unknown, topic),
            (_, 0) => language.Say("live.sentence.bad", grades.Count, bad, subject),
            (0, _) => language.Say("live.sentence.very-bad", grades.Count, worst, subject),
            _ => language.Say("live.sentence.both", grades.Count, worst, bad, subject),
        };
        return unknown == 0 ? said : $"{said} {language.Say("live.sentence.unknown", unknown)}";
    }

    /// <summary>The sentence on top for a measure without legal grades: the city's mean, and where it is highest and lowest.</summary>
    public static string Means(Language language, string measure, string unit, double? city, IReadOnlyCollection<(string Name, double? Value)> districts)
    {
        if (city is not { } mean)
        {
            return language.Say("live.sentence.nothing", language["live.plain." + measure]);
        }

        var known = districts.Where(district => district.Value is not null).OrderByDescending(district => district.Value).ToList();
        var (number, topic) = (Number(measure, mean), language["live.topic." + measure]);
        return known.Count < 2
            ? language.Say("live.means.alone", topic, number, unit)
            : language.Say("live.means.both", topic, number, unit, known[0].Name, Number(measure, known[0].Value!.Value), known[^1].Name, Number(measure, known[^1].Value!.Value));
    }

    /// <summary>종로 of 종로구, but 중구 stays 중구; Jongno of Jongno-gu.</summary>
    public static string Short(Language language, string name, string nameEn) =>
        language.IsKorean ? (name.Length > 2 ? name[..^1] : name) : nameEn.Replace("-gu", "", StringComparison.Ordinal);
}
