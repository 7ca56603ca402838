using Madang.Kernel;

namespace Madang.Sensing;

/// <summary>Observations were stored. One fact a commit and partition; facts of one Datastream arrive in order.</summary>
/// <param name="Readings">What was stored, by Datastream.</param>
public sealed record ObservationsStored(IReadOnlyList<StoredReadings> Readings) : IFact;

/// <summary>The Observations of one Datastream in one commit.</summary>
/// <param name="Datastream">Its <c>@iot.id</c>.</param>
/// <param name="First">The earliest start of their phenomenon times.</param>
/// <param name="Last">The latest start of their phenomenon times.</param>
/// <param name="Count">How many Observations.</param>
/// <param name="LastNumber">The result at <paramref name="Last"/> when it is a number, else null.</param>
public sealed record StoredReadings(long Datastream, DateTimeOffset First, DateTimeOffset Last, int Count, double? LastNumber)
{
    /// <summary>The smallest of their ids.</summary>
    public long FirstId { get; init; }

    /// <summary>The greatest of their ids.</summary>
    public long LastId { get; init; }
}

/// <summary>Observations of a Datastream were changed or deleted: what one made of them is to be made again.</summary>
/// <param name="Datastream">Its <c>@iot.id</c>.</param>
/// <param name="From">The earliest start of their phenomenon times, before or after the change.</param>
public sealed record ObservationsChanged(long Datastream, DateTimeOffset From) : IFact
{
    /// <summary>Facts of one Datastream arrive in order, also with those of what was stored.</summary>
    internal string Key => Datastream.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Things, Locations, Datastreams or ObservedProperties were made, changed or deleted, or a change or deletion of Observations changed the last reading of a Datastream: what one remembers of them is old.</summary>
/// <param name="EntitySet">The entity set of the change, <c>Things</c> for instance.</param>
/// <param name="Id">The entity's <c>@iot.id</c>.</param>
public sealed record StationsChanged(string EntitySet, long Id) : IFact;
