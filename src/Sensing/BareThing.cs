namespace Madang.Sensing;

/// <summary>A Thing without Datastreams: a station of which only the place is known.</summary>
/// <param name="Thing">Its <c>@iot.id</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Longitude">Degrees, WGS 84, of the middle of its Location; null when it has none.</param>
/// <param name="Latitude">Degrees, WGS 84.</param>
/// <param name="Simulated">True when it says of itself that it is made up (<c>properties.simulated</c>).</param>
/// <param name="Source">Where it comes from, in words (<c>properties.source</c>).</param>
/// <param name="Owner">Who is responsible for it (<c>properties.owner</c>).</param>
public sealed record BareThing(long Thing, string Name, double? Longitude, double? Latitude, bool Simulated, string? Source, string? Owner);
