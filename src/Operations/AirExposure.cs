namespace Madang.Operations;

/// <summary>Where an advisory or warning of the air is in force, and what the places do where people are who suffer most.</summary>
/// <param name="Data">Real or simulated data.</param>
/// <param name="Districts">The districts that are affected, in order of code.</param>
/// <param name="Guidance">What each kind of place does, for the pollutants and levels that are in force somewhere.</param>
public sealed record AirExposure(CityData Data, IReadOnlyList<AirAffected> Districts, IReadOnlyList<AirGuidance> Guidance)
{
    /// <summary>The sensitive sites of the one district that was asked for, by kind and code; at most <see cref="AirDesk.MostSites"/>. Null when none was asked for.</summary>
    public IReadOnlyList<AirSite>? Sites { get; init; }
}

/// <summary>An affected district.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Warnings">What is in force.</param>
/// <param name="Sites">How many sensitive sites lie in it, by kind.</param>
public sealed record AirAffected(string Code, RuleText Name, IReadOnlyList<AirWarning> Warnings, IReadOnlyList<AirSiteCount> Sites);

/// <summary>How many sites of a kind lie somewhere.</summary>
/// <param name="Kind">The word of a <see cref="Madang.Places.SiteKind"/>.</param>
/// <param name="Name">What people call the kind.</param>
/// <param name="Count">How many; null where the city was told of none of this kind at all.</param>
public sealed record AirSiteCount(string Kind, RuleText Name, int? Count);

/// <summary>A site where people are who suffer most.</summary>
/// <param name="Kind">The word of its kind.</param>
/// <param name="Code">Its code.</param>
/// <param name="Name">Its name.</param>
/// <param name="NameEn">Its English name; null when nobody said.</param>
/// <param name="Longitude">Degrees, WGS 84.</param>
/// <param name="Latitude">Degrees, WGS 84.</param>
/// <param name="Capacity">How many people it holds; null when not known.</param>
public sealed record AirSite(string Kind, string Code, string Name, string? NameEn, double Longitude, double Latitude, int? Capacity);

/// <summary>An advisory or warning that is in force.</summary>
/// <param name="Alert">The alert's number.</param>
/// <param name="Measure">The pollutant.</param>
/// <param name="Level">The name of its level.</param>
/// <param name="Title">What people call the level.</param>
/// <param name="Since">Since when, by the data.</param>
/// <param name="Value">The value that caused it, in the rule's unit.</param>
public sealed record AirWarning(long Alert, string Measure, string Level, RuleText Title, DateTimeOffset Since, double Value);

/// <summary>What a kind of place does.</summary>
/// <param name="Kind">The word of a <see cref="Madang.Places.SiteKind"/>.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Pollutant"><c>dust</c> or <c>ozone</c>.</param>
/// <param name="Level"><c>advisory</c> or <c>warning</c>.</param>
/// <param name="Text">What it does.</param>
/// <param name="Source">Who says so.</param>
/// <param name="Places">How many of them lie in the affected districts; null when the city was told of none of this kind at all.</param>
public sealed record AirGuidance(string Kind, RuleText Name, string Pollutant, string Level, RuleText Text, RuleSource Source, int? Places = null);
