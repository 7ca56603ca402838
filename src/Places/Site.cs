using Madang.Kernel;

namespace Madang.Places;

/// <summary>A point of the city that matters when something happens near it: a school, a stop, a shelter, a camera.</summary>
public sealed record Site
{
    /// <summary>The word of its <see cref="SiteKind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Its code, unique among the sites of its kind and world.</summary>
    public required string Code { get; init; }

    /// <summary>The Korean name.</summary>
    public required string Name { get; init; }

    /// <summary>The English name; null when nobody said.</summary>
    public string? NameEn { get; init; }

    /// <summary>Degrees, WGS 84.</summary>
    public required double Longitude { get; init; }

    /// <summary>Degrees, WGS 84.</summary>
    public required double Latitude { get; init; }

    /// <summary>The code of the district it lies in, by the shapes that the city has now; null when it lies in none.</summary>
    public string? District { get; init; }

    /// <summary>Its address; null when nobody said.</summary>
    public string? Address { get; init; }

    /// <summary>How many people it holds; null when not known.</summary>
    public int? Capacity { get; init; }

    /// <summary>Where what is said of it comes from.</summary>
    public required string Source { get; init; }

    /// <summary>The licence of that; null when not named.</summary>
    public string? Licence { get; init; }

    /// <summary>The year it tells of; null when not named.</summary>
    public int? BaseYear { get; init; }

    /// <summary>True when it is made up, for a simulated city; real and made-up sites are never in one answer.</summary>
    public required bool Simulated { get; init; }
}

/// <summary>A site and how far it is.</summary>
/// <param name="Site">The site.</param>
/// <param name="Metres">How far, along the earth.</param>
public sealed record SiteNear(Site Site, double Metres);

/// <summary>Sites of one kind and world were made or changed.</summary>
public sealed record SitesChanged(string Kind, bool Simulated) : IFact;
