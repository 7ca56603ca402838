using System.Text.Json.Serialization;
using Madang.Operations.Live;
using Madang.Sensing;

namespace Madang.Operations;

/// <summary>How a sensor of the catalogue is: whether it is heard, and whether it still counts among the city's sensors.</summary>
[JsonConverter(typeof(KebabEnum<SensorHealth>))]
public enum SensorHealth
{
    /// <summary>Heard within <see cref="CityNow.Window"/>.</summary>
    Reporting,

    /// <summary>Heard within <see cref="CityNow.LateUntil"/>.</summary>
    Late,

    /// <summary>Not heard for longer.</summary>
    Silent,

    /// <summary>Not heard for a week of the data's clock, or part of an archive that has no "now".</summary>
    Dormant,
}

/// <summary>What a list of sensors is ordered by.</summary>
public enum SensorOrder
{
    /// <summary>Its name, then its id.</summary>
    Name,

    /// <summary>When it was last heard.</summary>
    Heard,

    /// <summary>The value of the measure that is asked for.</summary>
    Value,
}

/// <summary>What is asked of the catalogue of sensors; a condition that is null does not count.</summary>
public sealed record SensorQuery
{
    /// <summary>The longest text to look for, in characters: a name of a sensor is shorter.</summary>
    public const int LongestText = 100;

    /// <summary>In place of a district's code: the sensors that lie in none.</summary>
    public const string Outside = "outside";

    /// <summary>Every word of it must stand in the name or the source, or be the Thing's id; upper and lower case are the same.</summary>
    public string? Text { get; init; }

    /// <summary>Only sensors that measure this.</summary>
    public string? Measure { get; init; }

    /// <summary>Only sensors in the district with this administrative standard code, or <see cref="Outside"/>.</summary>
    public string? District { get; init; }

    /// <summary>Only sensors of this health.</summary>
    public SensorHealth? Health { get; init; }

    /// <summary>Only sensors with at least one of these findings; with <see cref="Measure"/>, at what measures that.</summary>
    public IReadOnlyList<SensorFinding>? Findings { get; init; }

    /// <summary>What the list is ordered by.</summary>
    public SensorOrder Order { get; init; }

    /// <summary>True for the newest, the highest or the last name first.</summary>
    public bool Descending { get; init; }

    /// <summary>The health of an address's word (<c>reporting</c>, <c>late</c>, <c>silent</c>, <c>dormant</c>); null when there is none of this name.</summary>
    public static SensorHealth? ParseHealth(string? word) => word switch
    {
        "reporting" => SensorHealth.Reporting,
        "late" => SensorHealth.Late,
        "silent" => SensorHealth.Silent,
        "dormant" => SensorHealth.Dormant,
        _ => null,
    };

    /// <summary>The findings of an address's word (<c>late</c>, <c>silent</c>, <c>stuck</c>, <c>out-of-range</c>, <c>drifting</c>, or <c>any</c> of them); null when there is none of this name.</summary>
    public static IReadOnlyList<SensorFinding>? ParseFindings(string? word) => word switch
    {
        "any" => Enum.GetValues<SensorFinding>(),
        "late" => [SensorFinding.Late],
        "silent" => [SensorFinding.Silent],
        "stuck" => [SensorFinding.Stuck],
        "out-of-range" => [SensorFinding.OutOfRange],
        "drifting" => [SensorFinding.Drifting],
        _ => null,
    };

    /// <summary>The order of an address's word (<c>name</c>, <c>heard</c>, <c>value</c>; with <c>-</c> before it the other way round); null when there is none of this name.</summary>
    public static (SensorOrder Order, bool Descending)? ParseOrder(string? word) => word switch
    {
        "name" => (SensorOrder.Name, false),
        "-name" => (SensorOrder.Name, true),
        "heard" => (SensorOrder.Heard, false),
        "-heard" => (SensorOrder.Heard, true),
        "value" => (SensorOrder.Value, false),
        "-value" => (SensorOrder.Value, true),
        _ => null,
    };
}

/// <summary>What the catalogue found.</summary>
/// <param name="Query">What was asked.</param>
/// <param name="Sensors">All that fit, in the order that was asked for.</param>
/// <param name="ByHealth">How many would fit with each health, whichever health was asked for.</param>
/// <param name="ByFinding">How many would fit with each finding, whichever finding was asked for; a finding that none has is absent.</param>
public sealed record SensorHits(SensorQuery Query, IReadOnlyList<SensorNow> Sensors, IReadOnlyDictionary<SensorHealth, int> ByHealth, IReadOnlyDictionary<SensorFinding, int> ByFinding);
