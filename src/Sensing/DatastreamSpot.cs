namespace Madang.Sensing;

/// <summary>Where a Datastream stands.</summary>
public sealed record DatastreamSpot
{
    /// <summary>Its <c>@iot.id</c>.</summary>
    public long Datastream { get; init; }

    /// <summary>The <c>@iot.id</c> of its Thing.</summary>
    public long Thing { get; init; }

    /// <summary>Longitude, WGS 84 degrees; null when no place is known.</summary>
    public double? Longitude { get; init; }

    /// <summary>Latitude, WGS 84 degrees; null when no place is known.</summary>
    public double? Latitude { get; init; }
}
