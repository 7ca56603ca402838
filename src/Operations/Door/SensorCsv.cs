using System.Text;
using Madang.Kernel;

namespace Madang.Operations.Door;

/// <summary>The readings of found sensors as CSV: one line a Datastream; of the measure that was asked for, or of all.</summary>
internal static class SensorCsv
{
    private static readonly string[] Titles =
        ["thing", "name", "data", "district", "longitude", "latitude", "state", "heard", "source", "owner", "datastream", "measure", "unit", "at", "value", "grade", "current", "findings"];

    /// <summary>So many lines are sent at a time: the whole of a large city is never held as text.</summary>
    private const int Stretch = 500;

    public static async Task Write(Stream stream, SensorHits hits, CancellationToken cancel)
    {
        await stream.WriteAsync(Encoding.UTF8.Preamble.ToArray(), cancel);
        var csv = new CsvText();
        foreach (var title in Titles)
        {
            csv.Plain(title);
        }

        csv.End();
        var lines = 0;
        foreach (var sensor in hits.Sensors)
        {
            foreach (var reading in sensor.Readings.Where(reading => hits.Query.Measure is null || reading.Measure == hits.Query.Measure))
            {
                Line(csv, sensor, reading);
                if (++lines % Stretch == 0)
                {
                    await stream.WriteAsync(csv.Take(), cancel);
                }
            }
        }

        await stream.WriteAsync(csv.Take(), cancel);
    }

    private static void Line(CsvText csv, SensorNow sensor, SensorReading reading)
    {
        csv.Number(sensor.Thing).Text(sensor.Name).Plain(Live.Composer.Word(sensor.Data)).Plain(sensor.District ?? "").Number(sensor.Longitude).Number(sensor.Latitude)
            .Plain(FindSensors.Word(sensor.Health)).Plain(Time(sensor.Heard)).Text(sensor.Source ?? "").Text(sensor.Owner ?? "");
        csv.Number(reading.Datastream).Text(reading.Measure).Text(reading.Unit).Plain(Time(reading.At)).Number(reading.Value).Plain(Grade(reading.Grade)).Plain(reading.IsCurrent ? "true" : "false").Plain(string.Join(' ', reading.Findings.Select(FindSensors.Word))).End();
    }

    private static string Time(DateTimeOffset? at) => at is { } known ? IsoTime.Write(known) : "";

    private static string Grade(AirGrade? grade) => grade switch
    {
        AirGrade.Good => "good",
        AirGrade.Moderate => "moderate",
        AirGrade.Bad => "bad",
        AirGrade.VeryBad => "very-bad",
        _ => "",
    };
}
