using System.Globalization;
using System.Text;
using Madang.DemoCity.World;
using NetTopologySuite.Geometries;

namespace Madang.Bench;

/// <summary>
/// A network of simulated S-DoT sensors as its own gateway sends it: tables of raw whole numbers for the device door, each
/// sensor every two minutes, 17 measures a reading. Its readings are those of the demo's simulated city.
/// </summary>
internal sealed class SdotNetwork
{
    /// <summary>The measures that Seoul plans its network with; the simulated sensors know three more, which are left out.</summary>
    public const int Measures = 17;

    /// <summary>Seconds between two readings of a sensor.</summary>
    public const int Cadence = 120;

    private const int Districts = 25, Across = 5;

    private readonly Town town;
    private readonly DateTimeOffset start;

    /// <summary>Sensors of 25 square districts; their first readings are told as of <paramref name="start"/>.</summary>
    public SdotNetwork(int sensors, DateTimeOffset start)
    {
        this.start = start;
        town = new Town(1, [.. Enumerable.Range(0, Districts).Select(Square)], sensors / Districts);
    }

    public int Count => town.Sensors.Count;

    /// <summary>Observations a second when every sensor speaks in its time.</summary>
    public double PerSecond => (double)Count * Measures / Cadence;

    /// <summary>The shipped mapping of S-DoT without the three measures that are not sent, and with the sensor's place in two more columns, so that the network stands on the map.</summary>
    public static string Mapping(string shipped)
    {
        var lines = shipped.Split('\n').Where(line => !line.Contains("globe_temperature", StringComparison.Ordinal) && !line.Contains("_corrected", StringComparison.Ordinal) && !line.Contains("otherwise:", StringComparison.Ordinal));
        return string.Join('\n', lines).TrimEnd() + "\n  longitude: 경도\n  latitude: 위도\n";
    }

    /// <summary>The name by which a sensor tells itself.</summary>
    public string Serial(int sensor) => town.Sensors[sensor].DemoId;

    /// <summary>One table and how many values it holds: the readings of some sensors in their turn of two minutes, a simulated silence told as missing values.</summary>
    public (byte[] Csv, int Values) Table(int from, int count, int turn)
    {
        var at = start.AddSeconds((double)turn * Cadence);
        var time = at.ToOffset(TimeSpan.FromHours(9)).ToString("yyyyMMddHHmm", CultureInfo.InvariantCulture);
        var text = new StringBuilder("시리얼,측정시간,미세먼지2.5(초미세먼지),미세먼지10(미세먼지),기온,상대습도,풍향,풍속,돌풍 풍향,돌풍 풍속,조도,자외선,소음,진동(x),진동(y),진동(z),진동(x) 최대,진동(y) 최대,진동(z) 최대,경도,위도\n");
        var values = 0;
        foreach (var sensor in town.Sensors.Skip(from).Take(count))
        {
            var readings = town.Read(sensor, at);
            var place = sensor.District.Place(sensor.Chance);
            text.Append(sensor.DemoId).Append(',').Append(time);
            for (var measure = 0; measure < Measures; measure++)
            {
                text.Append(',').Append(CultureInfo.InvariantCulture, $"{(readings is null ? -9999 : Raw(measure, readings[measure]))}");
            }

            values += readings is null ? 0 : Measures;
            text.Append(CultureInfo.InvariantCulture, $",{place.X:0.000000},{place.Y:0.000000}\n");
        }

        return (Encoding.UTF8.GetBytes(text.ToString()), values);
    }

    /// <summary>The whole number that stands for a reading, as the mapping <c>doors/s-dot.yaml</c> undoes it.</summary>
    private static long Raw(int measure, double reading) => (long)Math.Round(Measure.Sdot[measure].Code switch
    {
        "temperature" => (reading + 100) * 10,
        "wind_direction" or "wind_speed" or "gust_direction" or "gust_speed" or "uv" => reading * 10,
        var code when code.StartsWith("vibration", StringComparison.Ordinal) => reading * 100,
        _ => reading,
    });

    private static District Square(int index)
    {
        var (west, south) = (126.80 + (index % Across * 0.075), 37.43 + (index / Across * 0.054));
        return new District($"bench-{index}", $"구역 {index}", $"District {index}", GeometryFactory.Default.ToGeometry(new Envelope(west, west + 0.074, south, south + 0.053)));
    }
}
