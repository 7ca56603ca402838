using Madang.Storage;

namespace Madang.Sensing.Ingest;

/// <summary>What a commit changes about one Datastream.</summary>
internal sealed record ExtentChange(
    long Datastream, long PhenomenonStart, long PhenomenonEnd, long? ResultStart, long? ResultEnd, long LastTime, long LastId, double? LastNumber);

/// <summary>The engine's own fastest way to write Observations and what hangs on them. SQLite: prepared statements; PostgreSQL: binary COPY and arrays.</summary>
internal interface IObservationRows
{
    /// <summary>Gives each Observation an id that was never given before.</summary>
    Task GiveIds(WriteScope scope, IReadOnlyList<NewObservation> observations);

    /// <summary>Writes the rows.</summary>
    Task Write(WriteScope scope, IReadOnlyList<NewObservation> observations);

    /// <summary>Widens the extents of Datastreams; the changes come in order of Datastream, one each.</summary>
    Task Widen(WriteScope scope, IReadOnlyList<ExtentChange> changes);

    /// <summary>Remembers which features Datastreams have observed, in order.</summary>
    Task Link(WriteScope scope, IReadOnlyList<(long Datastream, long Feature)> pairs);

    /// <summary>Marks hours whose rollups are now old, in order.</summary>
    Task Mark(WriteScope scope, IReadOnlyList<(long Datastream, long Hour)> hours, long now);
}
