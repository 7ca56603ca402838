using Madang.Operations;
using Madang.Web.Text;

namespace Madang.Web.Pages.House;

/// <summary>Finds Datastreams by the name of their sensor and what they measure, in either language.</summary>
internal static class StreamSearch
{
    /// <summary>Those in whose names every word stands; one more than <see cref="StreamFound.Most"/> when there are more.</summary>
    public static IReadOnlyList<StreamFound> Search(Language language, IEnumerable<SensorNow> sensors, string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return
        [
            .. sensors.SelectMany(sensor => sensor.Readings, (sensor, reading) => (Sensor: sensor, Reading: reading))
                .Where(each => words.All(word => Haystack(each.Sensor, each.Reading).Contains(word, StringComparison.OrdinalIgnoreCase)))
                .Take(StreamFound.Most + 1)
                .Select(each => new StreamFound(each.Reading.Datastream, NameOf(language, each.Sensor, each.Reading))),
        ];
    }

    /// <summary>What a Datastream is called here; null when no sensor has it.</summary>
    public static string? Find(Language language, IEnumerable<SensorNow> sensors, long? datastream) => sensors
        .SelectMany(sensor => sensor.Readings, (sensor, reading) => (Sensor: sensor, Reading: reading)).Where(each => each.Reading.Datastream == datastream)
        .Select(each => NameOf(language, each.Sensor, each.Reading)).FirstOrDefault();

    private static string NameOf(Language language, SensorNow sensor, SensorReading reading) => $"{(language.IsKorean ? sensor.Name : sensor.NameEn ?? sensor.Name)} · {MeasureNames.Short(language, reading.Measure)} ({reading.Datastream})";

    private static string Haystack(SensorNow sensor, SensorReading reading) =>
        $"{sensor.Name} {sensor.NameEn} {reading.Measure} {MeasureNames.Short(Language.Korean, reading.Measure)} {MeasureNames.Short(Language.English, reading.Measure)} {reading.Datastream}";
}
