namespace Madang.Sensing;

/// <summary>A Datastream, where it stands, and its latest numeric reading.</summary>
/// <param name="Thing">The Thing's <c>@iot.id</c>.</param>
/// <param name="ThingName">The Thing's name.</param>
/// <param name="Datastream">The Datastream's <c>@iot.id</c>.</param>
/// <param name="Measure">The measure's code (<c>pm25</c>, <c>temperature</c>): <c>properties.measure</c> of the ObservedProperty, else its name.</param>
/// <param name="Unit">The unit's symbol, as a reader sees it.</param>
/// <param name="Longitude">Degrees, WGS 84, of the middle of the Thing's Location; null when it has none.</param>
/// <param name="Latitude">Degrees, WGS 84.</param>
/// <param name="Simulated">True when the Thing says of itself that its data is made up (<c>properties.simulated</c>).</param>
/// <param name="Source">Where the data comes from, in words (<c>properties.source</c> of the Thing).</param>
/// <param name="Owner">Who is responsible for the Thing, in words (<c>properties.owner</c>); null when it does not say.</param>
/// <param name="At">The start of the latest phenomenon time; null when there is no Observation yet.</param>
/// <param name="Number">The latest result; null when there is none or it is no number.</param>
/// <param name="Cadence">How often it speaks, when it says so (<c>properties.cadenceSeconds</c> of the Datastream); at most a day.</param>
public sealed record LatestReading(
    long Thing, string ThingName, long Datastream, string Measure, string Unit, double? Longitude, double? Latitude, bool Simulated, string? Source, string? Owner, DateTimeOffset? At, double? Number, TimeSpan? Cadence)
{
    /// <summary>The Thing's English name (<c>properties.nameEn</c>); null when it says none.</summary>
    public string? NameEn { get; init; }

    /// <summary>Who is responsible, in English (<c>properties.ownerEn</c>); null when it does not say.</summary>
    public string? OwnerEn { get; init; }

    /// <summary>True when its readings say themselves for which stretch of time they stand: phenomenon times with an end. One that speaks once an hour without an end stands for the hour before.</summary>
    public bool IsSpan { get; init; }
}
