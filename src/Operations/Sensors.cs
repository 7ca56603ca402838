using System.Text.Json.Serialization;
using Madang.Sensing;

namespace Madang.Operations;

/// <summary>A sensor with all it last told: one line of the catalogue of sensors.</summary>
/// <param name="Thing">The Thing's SensorThings id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Data">Whether it is real or simulated.</param>
/// <param name="Source">Where its data comes from, in words; null when it does not say.</param>
/// <param name="Owner">Who is responsible for it; null when it does not say.</param>
/// <param name="Longitude">Degrees, WGS 84; null when it has no place.</param>
/// <param name="Latitude">Degrees, WGS 84.</param>
/// <param name="District">Administrative standard code; null outside the city.</param>
/// <param name="State">Whether it is heard.</param>
/// <param name="Dormant">True when it has not been heard for a week of the data's clock, or when there is no "now" at all: an archive.</param>
/// <param name="Heard">The time of its newest reading; null when there is none.</param>
/// <param name="Readings">The newest reading of each of its Datastreams, in the order of <see cref="Measures.Rank"/>.</param>
public sealed record SensorNow(
    long Thing, string Name, CityData Data, string? Source, string? Owner, double? Longitude, double? Latitude, string? District, SensorState State, bool Dormant, DateTimeOffset? Heard, IReadOnlyList<SensorReading> Readings)
{
    /// <summary>Its English name; null when it says none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NameEn { get; init; }

    /// <summary>Who is responsible, in English; null when it does not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OwnerEn { get; init; }

    /// <summary>What is wrong with any of its Datastreams now.</summary>
    public IReadOnlyList<SensorFinding> Findings { get; init; } = [];

    /// <summary>Whether it is heard, or lies dormant.</summary>
    public SensorHealth Health => Dormant ? SensorHealth.Dormant : (SensorHealth)State;

    /// <summary>The reading of a measure; null when it does not measure that.</summary>
    public SensorReading? Find(string measure) => Readings.FirstOrDefault(reading => reading.Measure == measure);
}

/// <summary>The newest reading of one Datastream.</summary>
/// <param name="Datastream">Its SensorThings id.</param>
/// <param name="Measure">The measure's code, or the ObservedProperty's name.</param>
/// <param name="Unit">The unit's symbol.</param>
/// <param name="At">When; null when there is none yet.</param>
/// <param name="Value">The number; null when there is none or it is no number.</param>
/// <param name="IsCurrent">True when it counts as "now" (<see cref="CityNow.Window"/>).</param>
/// <param name="Cadence">How often it speaks, when it says so.</param>
public sealed record SensorReading(long Datastream, string Measure, string Unit, DateTimeOffset? At, double? Value, bool IsCurrent, TimeSpan? Cadence)
{
    /// <summary>What is wrong with the Datastream now.</summary>
    public IReadOnlyList<SensorFinding> Findings { get; init; } = [];

    /// <summary>The grade of the moment; null when the measure has none or there is no value.</summary>
    public AirGrade? Grade => Value is { } value && Plausible.Is(Measure, value) ? AirGrades.Of(Measure, Measures.Published(Measure, value)) : null;
}
