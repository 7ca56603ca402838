namespace Madang.DemoCity.World;

/// <summary>A kind of simulated sensor.</summary>
/// <param name="Code"><c>properties.kind</c> of its Things, as in the imports of real ones.</param>
/// <param name="Device">The name of its Sensor.</param>
/// <param name="Name">Korean, without the district.</param>
/// <param name="NameEn">English, without the district.</param>
/// <param name="Cadence">Seconds between two readings.</param>
/// <param name="Measures">What it measures, in the order of its readings.</param>
internal sealed record SensorKind(string Code, string Device, string Name, string NameEn, int Cadence, IReadOnlyList<Measure> Measures)
{
    /// <summary>The many small sensors of the city. They do not measure gases.</summary>
    public static readonly SensorKind Sdot = new("sdot", "S-DoT 모의 센서", "모의 센서", "simulated sensor", 120, Measure.Sdot);

    /// <summary>도시대기 측정소: one a district, and as in the real network a mean of each full hour.</summary>
    public static readonly SensorKind AirStation = new("air-station", "도시대기 측정소 모의 측정기", "도시대기 측정소 (모의)", "urban air quality station (simulated)", 3600, Measure.Air);
}
