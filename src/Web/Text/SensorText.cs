using System.Text.Json;
using Madang.Operations;
using Madang.Sensing;
using Madang.Web.Draw;

namespace Madang.Web.Text;

/// <summary>What is said of a sensor, in words.</summary>
internal static class SensorText
{
    /// <summary>Properties that are for machines or are said elsewhere on the page.</summary>
    private static readonly HashSet<string> Hidden =
        ["simulated", "demoId", "demoSeed", "importId", "importSet", "source", "licence", "license", "owner", "ownerEn", "nameEn", "placeNote", "placeApproximate", "placeUnknown", "district"];

    private const int MostProperties = 30, MostLetters = 200;

    /// <summary>12초 전, 3 minutes ago; the date for what lies over a week back.</summary>
    public static string Ago(Language language, TimeZoneInfo zone, DateTimeOffset at, DateTimeOffset clock)
    {
        var ago = clock - at;
        return ago.TotalSeconds < 60 ? language.Say("sensor.ago.seconds", Math.Max(0, (int)ago.TotalSeconds))
            : ago.TotalMinutes < 60 ? language.Say("sensor.ago.minutes", (int)ago.TotalMinutes)
            : ago.TotalHours < 48 ? language.Say("sensor.ago.hours", (int)ago.TotalHours)
            : ago.TotalDays <= 7 ? language.Say("sensor.ago.days", (int)ago.TotalDays)
            : Full(language, zone, at);
    }

    /// <summary>A moment with its year.</summary>
    public static string Full(Language language, TimeZoneInfo zone, DateTimeOffset at)
    {
        var year = TimeZoneInfo.ConvertTime(at, zone).Year;
        var moment = Reading.Moment(language, zone, at);
        return language.IsKorean ? $"{year}년 {moment}" : moment.Replace(",", $" {year},", StringComparison.Ordinal);
    }

    /// <summary>The same for a reading: one that stands for a whole day has a date and no time.</summary>
    public static string Full(Language language, TimeZoneInfo zone, DateTimeOffset at, TimeSpan? cadence)
    {
        if (!IsDaily(cadence))
        {
            return Full(language, zone, at);
        }

        var local = TimeZoneInfo.ConvertTime(at, zone).DateTime;
        return language.IsKorean ? language.Say("sensor.day-of", $"{local.Year}년 {Reading.Date(language, local)}") : language.Say("sensor.day-of", $"{Reading.Date(language, local)} {local.Year}");
    }

    /// <summary>How long ago a reading was; one that stands for a whole day is told by its date.</summary>
    public static string Ago(Language language, TimeZoneInfo zone, DateTimeOffset at, DateTimeOffset clock, TimeSpan? cadence) =>
        IsDaily(cadence) ? Full(language, zone, at, cadence) : Ago(language, zone, at, clock);

    /// <summary>True for a Datastream that tells one value a day: it stands for the day and not for its first moment.</summary>
    public static bool IsDaily(TimeSpan? cadence) => cadence >= TimeSpan.FromHours(20);

    /// <summary>How long something lasts, in its two largest units.</summary>
    public static string Length(Language language, TimeSpan length)
    {
        var parts = new (int Number, string Key)[] { ((int)length.TotalDays, "days"), (length.Hours, "hours"), (length.Minutes, "minutes"), (length.Seconds, "seconds") };
        var first = Array.FindIndex(parts, part => part.Number > 0);
        return first < 0
            ? language.Say("sensor.length.seconds", 0)
            : string.Join(' ', parts.Skip(first).Take(2).Where(part => part.Number > 0).Select(part => language.Say("sensor.length." + part.Key, part.Number)));
    }

    /// <summary>A distance: 480 m, 1.2 km.</summary>
    public static string Distance(double metres) => metres < 995
        ? $"{Math.Round(metres / 10) * 10:0} m"
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{metres / 1000:0.0} km");

    /// <summary>What a Datastream measures, in the reader's language.</summary>
    public static string Measure(Language language, DatastreamAbout stream) =>
        language.Find("measure." + stream.Measure) ?? (language.IsKorean ? stream.Property : stream.PropertyEnglish ?? stream.Property);

    /// <summary>The last result of a Datastream that is no number.</summary>
    public static string? Words(Language language, DatastreamAbout stream) => stream.LastText switch
    {
        "true" => language["sensor.yes"],
        "false" => language["sensor.no"],
        var text => text,
    };

    /// <summary>Who answers for a Thing: its owner, as a text or an object of texts; null when it does not say.</summary>
    public static string? Owner(Language language, ThingAbout thing) => thing.FindText("owner") is { } owner ? OwnNames.Choose(language, owner, thing.FindText("ownerEn")) : OwnerObject(thing);

    private static string? OwnerObject(ThingAbout thing) => thing.Properties.TryGetValue("owner", out var owner) && owner.ValueKind == JsonValueKind.Object
        ? string.Join(" · ", owner.EnumerateObject().Where(part => part.Value.ValueKind == JsonValueKind.String).Select(part => Cut(part.Value.GetString()!)).Take(5)) is { Length: > 0 } parts ? parts : null
        : null;

    /// <summary>What else a Thing says of itself, at most thirty lines; the names of properties as they are where there are no words for them.</summary>
    public static IEnumerable<(string Name, string Value)> Properties(Language language, ThingAbout thing) => thing.Properties
        .Where(property => !Hidden.Contains(property.Key) && property.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)).Take(MostProperties)
        .Select(property => (language.Find("sensor.property." + property.Key) ?? property.Key, Cut(property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : property.Value.GetRawText())));

    /// <summary>Decimals for a measure that screens do not know: as many as its values need to be told apart.</summary>
    public static int? Decimals(string measure, IEnumerable<ChartPoint> points)
    {
        if (Measures.Rank(measure) < Measures.Rank("?") || Measures.Decimals(measure) != 1 || ChartPlan.IsCompass(measure))
        {
            return null;
        }

        var most = points.Select(point => Math.Abs(point.Value)).DefaultIfEmpty(100).Max();
        return most < 0.1 ? 4 : most < 1 ? 2 : 1;
    }

    private static string Cut(string text) => text.Length <= MostLetters ? text : text[..MostLetters] + "…";
}
