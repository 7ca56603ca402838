namespace Madang.DemoCity.World;

/// <summary>
/// The simulated city: readings are a pure function of seed, sensor and time, so any moment can be told again, in any order.
/// </summary>
internal sealed class Town
{
    private readonly Noise chance;
    private readonly Episode episode;

    public Town(int seed, IReadOnlyList<District> districts, int sensorsPerDistrict)
    {
        chance = new Noise(seed).Of(0);
        Districts = districts;
        episode = new Episode(chance.Of(1), districts);
        // The first sensor of every district comes before the second of any, so that the whole map fills at once.
        Sensors = [.. Enumerable.Range(1, sensorsPerDistrict).SelectMany(number => districts.Select((district, index) => Make(seed, district, number, ((number - 1) * districts.Count) + index, sensorsPerDistrict * districts.Count)))];
        Stations = [.. districts.Select(district => new DemoSensor(SensorKind.AirStation, $"demo-{seed}-{district.Code}-air", district, 1, new Noise(seed).Of(district.Number).Of(0), 0))];
    }

    public IReadOnlyList<District> Districts { get; }

    /// <summary>The S-DoT sensors.</summary>
    public IReadOnlyList<DemoSensor> Sensors { get; }

    /// <summary>The urban air quality stations, one a district.</summary>
    public IReadOnlyList<DemoSensor> Stations { get; }

    public Episode Episode => episode;

    /// <summary>One reading of every measure of the sensor's kind, in their order; null while the sensor is silent.</summary>
    public double[]? Read(DemoSensor sensor, DateTimeOffset at)
    {
        var fault = Faults.At(sensor.Chance, at);
        return fault.Silent ? null : Keep(sensor.Kind, sensor.Kind == SensorKind.AirStation ? ReadAir(sensor, at.AddMinutes(-30)) : Read(sensor, at, fault.Drift));
    }

    private static double[] Keep(SensorKind kind, double[] readings) => [.. readings.Select((reading, measure) => kind.Measures[measure].Keep(reading))];

    private double[] Read(DemoSensor sensor, DateTimeOffset at, double drift)
    {
        var rhythm = new Rhythm(at);
        var sky = new Sky(chance.Of(2), rhythm, at);
        var own = sensor.Chance;
        var local = Local(sensor, at);
        var dust = Dust(sensor, rhythm, sky, at);
        // Cheap optical sensors take water for dust; the corrected value is freed of that, but not of dirt on the lens.
        var wet = 1 + (0.25 * Math.Max(0, (sky.Humidity - 70) / 30));
        var coarse = (1.45 + (0.25 * own.Of(20).Glide(at, 8))) * dust + 9 + (6 * sensor.Road * rhythm.Traffic);
        var temperature = sky.Temperature + (1.6 * (sensor.Road - 0.5)) + (0.4 * local);
        var light = (sky.Cloud > 0 ? 1 - (0.72 * sky.Cloud) : 1) * (1 - sensor.Shade);
        var wind = sky.WindSpeed * (0.55 + (0.5 * (1 - sensor.Shade))) * (1 + (0.35 * local));
        var direction = sky.WindDirection + (35 * own.Of(21).Glide(at, 0.4)) + (20 * local);
        var shake = 0.02 + (0.5 * sensor.Road * rhythm.Traffic * (0.7 + (0.3 * local)));
        var jolt = 1.6 + Jitter(own.Of(22), at);
        return
        [
            dust * wet * drift * (1 + (0.05 * local)), coarse * wet * drift * (1 + (0.05 * local)), temperature, sky.Humidity - (3 * sensor.Road) + (2 * local),
            Turn(direction), wind, Turn(direction + (25 * local)), wind * (1.5 + (0.4 * Jitter(own.Of(23), at))),
            (115_000 * Math.Pow(rhythm.Sun, 1.1) * light) + (18 * sensor.Road), 11.5 * Math.Pow(rhythm.Sun, 1.6) * light,
            41 + (7 * sensor.Road) + (17 * rhythm.Traffic * (0.35 + (0.65 * sensor.Road))) + (4 * sky.Rain) + (2.5 * local),
            shake, 0.9 * shake, 1.3 * shake, shake * jolt, 0.9 * shake * jolt, 1.3 * shake * jolt,
            temperature + (9 * rhythm.Sun * light) - 0.4, dust * drift, coarse * drift,
        ];
    }

    /// <summary>
    /// The mean of an hour, told by its middle. Sun on the exhaust of the morning makes ozone, most of it two hours after the
    /// sun was highest and in warm air; fresh exhaust takes it away again.
    /// </summary>
    private double[] ReadAir(DemoSensor station, DateTimeOffset at)
    {
        var rhythm = new Rhythm(at);
        var sky = new Sky(chance.Of(2), rhythm, at);
        var dust = Dust(station, rhythm, sky, at);
        var episodic = episode.At(station.District, at);
        var (local, still) = (Local(station, at), Math.Max(0, 1.8 - sky.WindSpeed));
        var traffic = rhythm.Traffic * (0.4 + (0.6 * station.Road));
        var light = Math.Pow(new Rhythm(at.AddHours(-2)).Sun * (1 - (0.75 * sky.Cloud)), 1.2);
        var warmth = Math.Clamp(0.3 + (0.7 * sky.Temperature / 28), 0.3, 1.1);
        return
        [
            (1.5 * dust) + 9 + (3 * local), dust,
            0.013 + (0.088 * light * warmth) - (0.008 * traffic) + (0.003 * local),
            0.010 + (0.028 * traffic) + (0.008 * still) - (0.004 * rhythm.Sun) + (0.003 * local),
            0.3 + (0.3 * traffic) + (0.1 * still) + (0.002 * episodic),
            0.003 + (0.0005 * local) + (0.00001 * episodic),
        ];
    }

    /// <summary>PM2.5 as it is in the air, ㎍/㎥: below 75 except in an episode.</summary>
    private double Dust(DemoSensor sensor, Rhythm rhythm, Sky sky, DateTimeOffset at)
    {
        var still = Math.Max(0, 1.8 - sky.WindSpeed);
        var usual = 15 - (4 * rhythm.Season) + (8 * rhythm.Traffic * sensor.Road) + (5 * still) + (8 * chance.Of(3).Glide(at, 30)) + (2.5 * Local(sensor, at));
        return Math.Max(2, usual * (1 - (0.6 * sky.Rain))) + (episode.At(sensor.District, at) * (0.92 + (0.16 * sensor.Chance.Draw(-3))));
    }

    private static double Local(DemoSensor sensor, DateTimeOffset at) => (0.7 * sensor.Chance.Of(10).Glide(at, 0.7)) + (0.3 * Jitter(sensor.Chance.Of(11), at));

    private static double Jitter(Noise chance, DateTimeOffset at) => (2 * chance.Draw(at.ToUnixTimeSeconds())) - 1;

    private static double Turn(double degrees) => ((Math.Round(degrees, 1) % 360) + 360) % 360;

    private static DemoSensor Make(int seed, District district, int number, int index, int count) => new(
        SensorKind.Sdot, $"demo-{seed}-{district.Code}-{number}", district, number, new Noise(seed).Of(district.Number).Of(number), (int)((long)index * SensorKind.Sdot.Cadence / count));
}
