using System.Text.Json.Serialization;
using Madang.Operations.Live;

namespace Madang.Operations;

/// <summary>Which of the two worlds a figure speaks of. They are never mixed in one figure.</summary>
[JsonConverter(typeof(KebabEnum<CityData>))]
public enum CityData
{
    /// <summary>What real sensors measured.</summary>
    Real,

    /// <summary>모의 데이터: what a simulation made up.</summary>
    Simulated,
}

/// <summary>Whether a sensor is heard.</summary>
[JsonConverter(typeof(KebabEnum<SensorState>))]
public enum SensorState
{
    /// <summary>Heard within <see cref="CityNow.Window"/>.</summary>
    Reporting,

    /// <summary>Heard within <see cref="CityNow.LateUntil"/>, but not within the window.</summary>
    Late,

    /// <summary>Not heard for longer.</summary>
    Silent,
}

/// <summary>How many sensors are heard.</summary>
/// <param name="Reporting">Heard within <see cref="CityNow.Window"/>.</param>
/// <param name="Late">Heard within <see cref="CityNow.LateUntil"/>.</param>
/// <param name="Silent">Not heard for longer.</param>
public sealed record SensorCount(int Reporting, int Late, int Silent)
{
    /// <summary>All of them.</summary>
    public int Total => Reporting + Late + Silent;

    /// <summary>The share that reports, in per cent with one decimal; null when there is no sensor.</summary>
    public double? Percent => Total == 0 ? null : Math.Round(100.0 * Reporting / Total, 1);
}

/// <summary>A mean over the sensors heard within the window, with where it comes from.</summary>
/// <param name="Measure">The measure's code, <c>pm25</c> for instance.</param>
/// <param name="Unit">The unit's symbol.</param>
/// <param name="Value">The mean: of the energy for noise (dB), arithmetic for all else; with one more digit than is shown (<see cref="Measures.Decimals"/>), so that differences are right.</param>
/// <param name="Grade">The air grade of the value; null when the measure has none.</param>
/// <param name="Sensors">How many datastreams it is the mean of.</param>
/// <param name="Oldest">The time of the oldest reading in it.</param>
/// <param name="AsOf">The time of the newest reading in it.</param>
/// <param name="Source">The address that lists those datastreams with their readings and SensorThings links.</param>
public sealed record Figure(string Measure, string Unit, double Value, AirGrade? Grade, int Sensors, DateTimeOffset Oldest, DateTimeOffset AsOf, string Source)
{
    /// <summary>The mean an hour before, ten minutes more or less; null when it is not known, and for measures that are not <see cref="Measures.Main"/>.</summary>
    public double? HourBefore { get; init; }

    /// <summary>The mean a day before, or ten minutes after that; null when it is not known, and for measures that are not <see cref="Measures.Main"/>.</summary>
    public double? DayBefore { get; init; }
}

/// <summary>What is so in one district.</summary>
/// <param name="Code">Administrative standard code.</param>
/// <param name="Name">Korean name.</param>
/// <param name="NameEn">English name.</param>
/// <param name="Approximate">True while shapes are schematic: a sensor near the edge may belong to the neighbour.</param>
/// <param name="Sensors">How many sensors are heard.</param>
/// <param name="LastHeard">The time of its newest reading; null when there is none.</param>
/// <param name="Figures">The means; a measure without a reading within the window is absent.</param>
public sealed record DistrictNow(string Code, string Name, string NameEn, bool Approximate, SensorCount Sensors, DateTimeOffset? LastHeard, IReadOnlyList<Figure> Figures)
{
    /// <summary>The figure of a measure, or null when nothing is known.</summary>
    public Figure? Find(string measure) => Figures.FirstOrDefault(figure => figure.Measure == measure);
}

/// <summary>A sensor on the map.</summary>
/// <param name="Thing">The Thing's SensorThings id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Longitude">Degrees, WGS 84; null when it has no place.</param>
/// <param name="Latitude">Degrees, WGS 84.</param>
/// <param name="District">Administrative standard code; null outside the city.</param>
/// <param name="State">Whether it is heard.</param>
public sealed record StationNow(long Thing, string Name, double? Longitude, double? Latitude, string? District, SensorState State)
{
    /// <summary>Its English name; null when it says none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NameEn { get; init; }
}

/// <summary>One point of a city-wide curve: the mean at the end of ten minutes of the data's own time.</summary>
/// <param name="At">The start of the ten minutes.</param>
/// <param name="Value">The mean.</param>
public sealed record HistoryPoint(DateTimeOffset At, double Value);

/// <summary>What is so in the city now; immutable, one for all viewers.</summary>
/// <param name="Id">Changes with every computation; also the event id of the live stream.</param>
/// <param name="Data">Whether this is real or simulated.</param>
/// <param name="AsOf">The data's own clock: the time of the newest reading; null when there is none.</param>
/// <param name="ReceivedAt">When the newest reading reached this server, by this server's clock; null before the first since the start.</param>
/// <param name="OtherSensors">How many sensors the other world has, silent ones too, so that a screen can offer it.</param>
/// <param name="Sensors">How many sensors are heard.</param>
/// <param name="Dormant">How many have not been heard for a week of the data's clock, or never; they are no part of <paramref name="Sensors"/>.</param>
/// <param name="Figures">City-wide means over sensors.</param>
/// <param name="Districts">Each district, in the order of codes.</param>
/// <param name="Stations">Each sensor that is not dormant.</param>
/// <param name="History">Curves of the last day by measure.</param>
public sealed record CitySnapshot(
    string Id, CityData Data, DateTimeOffset? AsOf, DateTimeOffset? ReceivedAt, int OtherSensors, SensorCount Sensors, int Dormant,
    IReadOnlyList<Figure> Figures, IReadOnlyList<DistrictNow> Districts, IReadOnlyList<StationNow> Stations, IReadOnlyDictionary<string, IReadOnlyList<HistoryPoint>> History)
{
    /// <summary>The city-wide figure of a measure, or null when nothing is known.</summary>
    public Figure? Find(string measure) => Figures.FirstOrDefault(figure => figure.Measure == measure);
}

/// <summary>One datastream that a figure is the mean of.</summary>
/// <param name="Datastream">Its SensorThings id.</param>
/// <param name="ThingId">The Thing's SensorThings id.</param>
/// <param name="Thing">The Thing's name.</param>
/// <param name="District">Administrative standard code; null outside the city.</param>
/// <param name="At">The time of the reading.</param>
/// <param name="Value">The reading.</param>
/// <param name="Source">Where the Thing's data comes from, in words.</param>
/// <param name="Owner">Who is responsible for the Thing; null when it does not say.</param>
/// <param name="Href">The Datastream in SensorThings.</param>
public sealed record FigurePart(long Datastream, long ThingId, string Thing, string? District, DateTimeOffset At, double Value, string? Source, string? Owner, string Href)
{
    /// <summary>The Thing's English name; null when it says none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NameEn { get; init; }

    /// <summary>Who is responsible, in English; null when it does not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OwnerEn { get; init; }
}

/// <summary>A figure and all it is made of.</summary>
/// <param name="Place">The district's code, or <c>city</c>.</param>
/// <param name="Data">Whether it is real or simulated.</param>
/// <param name="Figure">The figure; null when no sensor was heard within the window.</param>
/// <param name="Method">How the mean is made, in words.</param>
/// <param name="Parts">The datastreams.</param>
public sealed record FigureOrigin(string Place, CityData Data, Figure? Figure, string Method, IReadOnlyList<FigurePart> Parts);
