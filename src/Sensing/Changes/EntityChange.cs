using Madang.Sensing.Ingest;
using Madang.Sensing.Model;

namespace Madang.Sensing.Changes;

/// <summary>What happened to an entity.</summary>
internal enum ChangeKind
{
    Made,
    Changed,
    Deleted,
}

/// <summary>An entity was made, changed or deleted, and that is committed.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Set">Of which set.</param>
/// <param name="Id">Which one.</param>
/// <param name="Properties">The properties that were said anew; null when it may be any.</param>
/// <param name="Origin">Who caused it, where a listener wants to know its own doing again; else null.</param>
internal sealed record EntityChange(ChangeKind Kind, EntitySet Set, long Id, IReadOnlyList<string>? Properties = null, object? Origin = null);

/// <summary>What one commit changed: Observations with all they hold, so that nothing is read again, and other entities by their ids.</summary>
internal sealed record Changes(IReadOnlyList<NewObservation> Observations, IReadOnlyList<EntityChange> Entities)
{
    public int Count => Observations.Count + Entities.Count;
}
