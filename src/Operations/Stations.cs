using System.Text.Json.Serialization;

namespace Madang.Operations;

/// <summary>A sensor on the map with what it says of one measure.</summary>
/// <param name="Thing">The Thing's SensorThings id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Longitude">Degrees, WGS 84; null when it has no place.</param>
/// <param name="Latitude">Degrees, WGS 84.</param>
/// <param name="District">Administrative standard code; null outside the city.</param>
/// <param name="State">Whether it is heard.</param>
/// <param name="Value">The newest reading; null when it does not measure that, or when the reading is too old to count.</param>
/// <param name="Unit">The unit's symbol; null when it does not measure that.</param>
/// <param name="Grade">The air grade of the value; null when there is no value or the measure has no grades.</param>
/// <param name="At">The time of the newest reading, also when it is too old to count; null when there is none.</param>
public sealed record StationReading(
    long Thing, string Name, double? Longitude, double? Latitude, string? District, SensorState State, double? Value, string? Unit, AirGrade? Grade, DateTimeOffset? At)
{
    /// <summary>Its English name; null when it says none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NameEn { get; init; }
}

/// <summary>The sensors of one world with one measure, at one moment.</summary>
/// <param name="Id">Changes whenever anything in it does.</param>
/// <param name="Data">Whether this is real or simulated.</param>
/// <param name="AsOf">The moment, by the data's own clock; null when nothing is "now".</param>
/// <param name="Measure">The measure's code, as it was asked for.</param>
/// <param name="Stations">The sensors in order of their ids.</param>
public sealed record StationReadings(string Id, CityData Data, DateTimeOffset? AsOf, string Measure, IReadOnlyList<StationReading> Stations);
