using Madang.Operations;

namespace Madang.Web;

/// <summary>One source of readings, as the Things themselves name it.</summary>
/// <param name="Data">Whether it is real or simulated.</param>
/// <param name="Name">What it calls itself; null when it does not say.</param>
/// <param name="Sensors">How many sensors name it.</param>
/// <param name="Newest">The time of its newest reading; null when there is none.</param>
/// <param name="Measured">The codes of what it measures.</param>
public sealed record SensorSource(CityData Data, string? Name, int Sensors, DateTimeOffset? Newest, IReadOnlyList<string> Measured);
