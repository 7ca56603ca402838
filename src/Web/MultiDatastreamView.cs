using System.Text.Json;

namespace Madang.Web;

/// <summary>All that the page of a MultiDatastream is drawn from.</summary>
/// <param name="Visit">The reader and the page.</param>
/// <param name="Id">Its <c>@iot.id</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">Its description.</param>
/// <param name="Thing">The Thing it belongs to: id and name.</param>
/// <param name="Device">The name of its Sensor.</param>
/// <param name="Parts">What each place of its results is, in order.</param>
/// <param name="Observations">A page of its Observations, the newest first.</param>
public sealed record MultiDatastreamView(Visit Visit, long Id, string Name, string Description, (long Id, string Name) Thing, string Device, IReadOnlyList<MultiPart> Parts, IReadOnlyList<ToldObservation> Observations)
{
    /// <summary>Observations of one page.</summary>
    public const int PageSize = 100;

    /// <summary>The query that read them, as it is read.</summary>
    public required string Query { get; init; }

    /// <summary>The same as it goes over the wire.</summary>
    public required string Address { get; init; }

    /// <summary>The same for a command line.</summary>
    public required string Curl { get; init; }

    /// <summary>What the address of the next page says in <c>after</c>; null on the last.</summary>
    public string? Older { get; init; }

    /// <summary>True when newer ones stand on the page before.</summary>
    public bool IsOlder { get; init; }

    /// <summary>What stands at a place of a result; null where nothing does.</summary>
    public static JsonElement? At(ToldObservation told, int part) =>
        told.Result.ValueKind == JsonValueKind.Array && part < told.Result.GetArrayLength() && told.Result[part] is { ValueKind: not JsonValueKind.Null } value ? value : null;
}

/// <summary>One place of the results of a MultiDatastream.</summary>
/// <param name="Name">What is observed.</param>
/// <param name="Measure">The measure's code; empty when it says none.</param>
/// <param name="Unit">The unit's symbol; empty when it has none.</param>
public sealed record MultiPart(string Name, string Measure, string Unit);
