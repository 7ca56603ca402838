using System.Text.Json;

namespace Madang.Sensing;

/// <summary>A Thing with all that a reader may want to know of it.</summary>
/// <param name="Id">Its <c>@iot.id</c>.</param>
/// <param name="Name">Its name; "Thing 5" for one whose name has no letters.</param>
/// <param name="Description">Its description.</param>
/// <param name="Properties">Its <c>properties</c>; empty when it has none.</param>
/// <param name="Locations">Where it stands now, at most <see cref="SensingQueries.MostLocations"/>.</param>
/// <param name="Datastreams">What it tells, in order of id, at most <see cref="SensingQueries.MostDatastreams"/>.</param>
public sealed record ThingAbout(
    long Id, string Name, string Description, IReadOnlyDictionary<string, JsonElement> Properties, IReadOnlyList<LocationAbout> Locations, IReadOnlyList<DatastreamAbout> Datastreams)
{
    /// <summary>A property that is a text with letters in it; null when there is none of the name.</summary>
    public string? FindText(string name) => Properties.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;
}

/// <summary>A place of a Thing.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">Its description.</param>
/// <param name="Longitude">Degrees, WGS 84, of its middle; null when it is no GeoJSON.</param>
/// <param name="Latitude">Degrees, WGS 84.</param>
public sealed record LocationAbout(string Name, string Description, double? Longitude, double? Latitude);

/// <summary>A Datastream with what it measures and by which device.</summary>
/// <param name="Id">Its <c>@iot.id</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">Its description.</param>
/// <param name="Measure">The measure's code: <c>properties.measure</c> of the ObservedProperty, else its name.</param>
/// <param name="Unit">The unit's symbol; empty when it has none.</param>
/// <param name="Property">What is observed.</param>
/// <param name="PropertyEnglish">Its name in English, when <c>properties.name_en</c> says it.</param>
/// <param name="Definition">The address that defines what is observed.</param>
/// <param name="Sensor">The device.</param>
/// <param name="Cadence">How often it speaks, when it says so.</param>
/// <param name="First">The start of its first Observation; null when there is none.</param>
/// <param name="Last">The start of its last Observation.</param>
/// <param name="LastNumber">The last result; null when it is no number.</param>
/// <param name="LastText">The last result when it is a text, a truth or JSON, cut to 200 letters.</param>
public sealed record DatastreamAbout(
    long Id, string Name, string Description, string Measure, string Unit, string Property, string? PropertyEnglish, string Definition, SensorAbout Sensor,
    TimeSpan? Cadence, DateTimeOffset? First, DateTimeOffset? Last, double? LastNumber, string? LastText);

/// <summary>A device.</summary>
/// <param name="Id">The Sensor's <c>@iot.id</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">Its description.</param>
/// <param name="Metadata">Its metadata, a data sheet's address for instance.</param>
public sealed record SensorAbout(long Id, string Name, string Description, string Metadata);

/// <summary>The numeric Observations of one Datastream, one by one.</summary>
/// <param name="Datastream">Its <c>@iot.id</c>.</param>
/// <param name="Unit">The unit's symbol.</param>
/// <param name="Points">In order of time.</param>
/// <param name="IsComplete">False when there are more than were asked for.</param>
public sealed record Readings(long Datastream, string Unit, IReadOnlyList<ReadingPoint> Points, bool IsComplete);

/// <summary>One numeric Observation.</summary>
/// <param name="From">The start of its phenomenon time.</param>
/// <param name="To">The end of its phenomenon time; null for an instant.</param>
/// <param name="Value">Its result.</param>
public sealed record ReadingPoint(DateTimeOffset From, DateTimeOffset? To, double Value);
