using Madang.Storage;

namespace Madang.Sensing.Ingest;

/// <summary>What a commit changes about one Datastream.</summary>
internal sealed record ExtentChange(
    long Datastream, long PhenomenonStart, long PhenomenonEnd, long? ResultStart, long? ResultEnd, long LastTime, long LastId, double? LastNumber);

/// <summary>What a commit's Observations change beside themselves; every list in order, so that two writers on PostgreSQL lock rows in one order and never wait for each other in a ring.</summary>
/// <param name="Extents">How the extents of Datastreams widen, one change each.</param>
/// <param name="Features">Which features Datastreams have observed.</param>
/// <param name="Hours">The hours whose rollups are now old.</param>
/// <param name="Now">Microseconds since 1970.</param>
internal sealed record Consequences(
    IReadOnlyList<ExtentChange> Extents, IReadOnlyList<(long Datastream, long Feature)> Features, IReadOnlyList<(long Datastream, long Hour)> Hours, long Now);

/// <summary>The engine's own fastest way to write Observations and what hangs on them. SQLite: prepared statements; PostgreSQL: one batch over arrays, and binary COPY for many.</summary>
internal interface IObservationRows
{
    /// <summary>The Datastreams that exist, whoever may see them. On PostgreSQL they are locked against deletion until the commit.</summary>
    Task<Dictionary<long, KnownDatastream>> FindDatastreams(WriteScope scope, IReadOnlyCollection<long> ids);

    /// <summary>Gives each Observation an id that was never given before.</summary>
    Task GiveIds(WriteScope scope, IReadOnlyList<NewObservation> observations);

    /// <summary>Writes the rows and what follows from them; with the commit when nothing after them reads in this transaction (<paramref name="isLast"/>).</summary>
    Task Store(WriteScope scope, IReadOnlyList<NewObservation> observations, Consequences consequences, bool isLast);

    /// <summary>Marks hours whose rollups are now old, in order. A mark's time is exact to a second: a young one is left as it is.</summary>
    Task Mark(WriteScope scope, IReadOnlyList<(long Datastream, long Hour)> hours, long now);
}
