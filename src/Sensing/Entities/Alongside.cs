using System.Globalization;
using Madang.Sensing.Ingest;
using Madang.Sensing.Model;

namespace Madang.Sensing.Entities;

/// <summary>An entity that came or went together with the one that was asked for; the record names each.</summary>
/// <param name="Set">Of which set.</param>
/// <param name="Id">Which one; null for many Observations.</param>
/// <param name="Before">What stood there, when it went.</param>
internal sealed record Alongside(EntitySet Set, long? Id, ReadOnlyMemory<byte>? Before = null)
{
    /// <summary>What the record calls it: its id, or of Observations how many there are.</summary>
    public string Thing { get; init; } = Id?.ToString(CultureInfo.InvariantCulture) ?? "";

    /// <summary>The Observations that came together.</summary>
    public IReadOnlyList<NewObservation>? Stored { get; init; }

    /// <summary>Observations that came or went together.</summary>
    public static Alongside Observations(string range) => new(SensorThingsModel.Observations, null) { Thing = range };
}
