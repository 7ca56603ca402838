using Madang.Kernel;
using NetTopologySuite.Geometries;

namespace Madang.Places;

/// <summary>A named area of the city, such as one of Seoul's 25 autonomous districts (자치구).</summary>
public sealed record Place
{
    /// <summary>The kind of place; <c>district</c> for an autonomous district.</summary>
    public required string Kind { get; init; }

    /// <summary>The administrative standard code (행정표준코드), such as 11110 for 종로구. Trap: Statistics Korea uses 11110 for 노원구.</summary>
    public required string Code { get; init; }

    /// <summary>Statistics Korea's own code (통계청), such as 11010 for 종로구; null when it has none.</summary>
    public string? KostatCode { get; init; }

    /// <summary>The Korean name.</summary>
    public required string NameKo { get; init; }

    /// <summary>The English name.</summary>
    public required string NameEn { get; init; }

    /// <summary>How many people live there; null when not known.</summary>
    public long? Population { get; init; }

    /// <summary>The day <see cref="Population"/> was counted.</summary>
    public DateOnly? PopulationAt { get; init; }

    /// <summary>Where <see cref="Population"/> comes from, and how exact it is.</summary>
    public string? PopulationSource { get; init; }

    /// <summary>The official area in square kilometres; not computed from the shape, which may be schematic.</summary>
    public double? AreaKm2 { get; init; }

    /// <summary>Longitude of the centre (where a label goes), WGS 84 degrees.</summary>
    public required double Longitude { get; init; }

    /// <summary>Latitude of the centre, WGS 84 degrees.</summary>
    public required double Latitude { get; init; }

    /// <summary>A polygon or multipolygon in WGS 84. Shared by all callers: do not change it.</summary>
    public required Geometry Shape { get; init; }

    /// <summary>Where the shape comes from.</summary>
    public required string Source { get; init; }

    /// <summary>The licence of the shape; null when not named.</summary>
    public string? Licence { get; init; }

    /// <summary>True when the shape is a drawing of the project and not a surveyed border.</summary>
    public required bool Schematic { get; init; }
}

/// <summary>The answer to "which place is this point in".</summary>
/// <param name="Place">The place.</param>
/// <param name="Approximate">True when the shapes are schematic or the point lies in none of them, so that a neighbour may be the truth.</param>
public sealed record PlaceAt(Place Place, bool Approximate);

/// <summary>Places of one kind were made or changed; all changes of one request in one fact.</summary>
public sealed record PlacesChanged(string Kind, IReadOnlyList<string> Codes) : IFact;
