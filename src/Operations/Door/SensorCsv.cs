using System.Globalization;
using System.Text;
using Madang.Kernel;

namespace Madang.Operations.Door;

/// <summary>The readings of found sensors as CSV (RFC 4180): one line a Datastream; of the measure that was asked for, or of all.</summary>
internal static class SensorCsv
{
    private const string Header = "thing,name,data,district,longitude,latitude,state,heard,source,datastream,measure,unit,at,value,grade,current";

    /// <summary>Excel reads UTF-8 only behind a byte order mark.</summary>
    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: true);

    public static async Task Write(Stream stream, SensorHits hits, CancellationToken cancel)
    {
        await using var writer = new StreamWriter(stream, Encoding, 16_384, leaveOpen: true) { NewLine = "\r\n" };
        await writer.WriteLineAsync(Header.AsMemory(), cancel);
        foreach (var sensor in hits.Sensors)
        {
            var readings = sensor.Readings.Where(reading => hits.Query.Measure is null || reading.Measure == hits.Query.Measure);
            foreach (var reading in readings)
            {
                await writer.WriteLineAsync(Line(sensor, reading).AsMemory(), cancel);
            }
        }
    }

    private static string Line(SensorNow sensor, SensorReading reading) => string.Join(
        ',', sensor.Thing.ToString(CultureInfo.InvariantCulture), Text(sensor.Name), Live.Composer.Word(sensor.Data), sensor.District, Number(sensor.Longitude), Number(sensor.Latitude),
        FindSensors.Word(sensor.Health), Time(sensor.Heard), Text(sensor.Source), reading.Datastream.ToString(CultureInfo.InvariantCulture), Text(reading.Measure), Text(reading.Unit),
        Time(reading.At), Number(reading.Value), Grade(reading.Grade), reading.IsCurrent ? "true" : "false");

    /// <summary>In quotes where it must be; a spreadsheet must not take a name for a formula.</summary>
    private static string Text(string? text)
    {
        var safe = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + text : text ?? "";
        return safe.AsSpan().IndexOfAny("\",\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

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
