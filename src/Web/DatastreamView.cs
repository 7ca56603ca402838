using System.Text.Json;

namespace Madang.Web;

/// <summary>All that a Datastream's page is drawn from.</summary>
/// <param name="Sensor">Its Thing, with this Datastream as what is shown.</param>
/// <param name="Query">The query of SensorThings that made the table, as it is read.</param>
/// <param name="Address">The same as it goes over the wire: path and query.</param>
/// <param name="Curl">The same for a command line.</param>
/// <param name="Observations">A page of its Observations, the newest first; null when the door gave none.</param>
/// <param name="Older">What the address of the next page says in <c>after</c>; null on the last.</param>
/// <param name="IsOlder">True when newer ones stand on the page before.</param>
public sealed record DatastreamView(SensorView Sensor, string Query, string Address, string Curl, IReadOnlyList<ToldObservation>? Observations, string? Older, bool IsOlder)
{
    /// <summary>Observations of one page.</summary>
    public const int PageSize = 50;

    /// <summary>The reader and the page.</summary>
    public Visit Visit => Sensor.Visit;

    /// <summary>What is shown.</summary>
    public SensorStream Stream => Sensor.Stream!;

    /// <summary>Why the door gave no Observations; null when it did.</summary>
    public string? Problem { get; init; }
}

/// <summary>An Observation as the door told it.</summary>
/// <param name="Id">Its <c>@iot.id</c>.</param>
/// <param name="From">The start of its phenomenon time.</param>
/// <param name="To">The end of it; null for an instant.</param>
/// <param name="ResultTime">When the result was made; null when it does not say.</param>
/// <param name="Result">What it says.</param>
public sealed record ToldObservation(long Id, DateTimeOffset From, DateTimeOffset? To, DateTimeOffset? ResultTime, JsonElement Result);
