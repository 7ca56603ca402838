namespace Madang.DemoCity;

/// <summary>Which city is simulated, and how fast its time runs.</summary>
/// <param name="Seed">The same seed makes the same city and the same readings.</param>
/// <param name="Speed">Seconds of the city in a second of ours.</param>
/// <param name="SensorsPerDistrict">How many S-DoT sensors stand in each district, beside its one air quality station.</param>
public sealed record DemoOptions(int Seed = 1, double Speed = 1, int SensorsPerDistrict = 12);
