using Madang.Operations;

namespace Madang.Web.Text;

/// <summary>Measures by the names readers know; others by the names their sensors give them.</summary>
internal static class MeasureNames
{
    /// <summary>초미세먼지, PM2.5.</summary>
    public static string Short(Language language, string measure) => language.Find("catalogue.measure." + measure) ?? language.Find("measure." + measure) ?? measure;

    /// <summary>The same within a sentence: temperature, but PM2.5.</summary>
    public static string Inside(Language language, string measure) =>
        language.Find("catalogue.measure." + measure) is not { } name ? measure : name.StartsWith("PM", StringComparison.Ordinal) ? name : name.ToLowerInvariant();

    /// <summary>A reading with its grade: "◑ 나쁨 38 ㎍/㎥"; what has no value says so.</summary>
    public static string Value(Language language, SensorReading reading) => reading switch
    {
        { Value: not { } } => language["live.no-data"],
        { Value: { } value, Grade: { } grade } => $"{Reading.Mark(grade)} {Reading.Number(reading.Measure, value)} {reading.Unit} {Reading.Grade(language, grade)}",
        { Value: { } value } => $"{Reading.Number(reading.Measure, value)} {reading.Unit}",
    };

    /// <summary>The word that colours a value: a grade, a band of its scale, or null.</summary>
    public static string? Tint(string measure, double? value) => value is { } known ? Scale.Of(measure)?.ClassOf(known) : "unknown";
}
