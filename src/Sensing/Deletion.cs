namespace Madang.Sensing;

/// <summary>How far a deletion is.</summary>
public enum DeletionState
{
    /// <summary>It was shown what would go; nothing has.</summary>
    Previewed = 1,

    /// <summary>It runs, or waits for its turn.</summary>
    Running = 2,

    /// <summary>It was told to stop, and does so soon.</summary>
    Stopping = 3,

    /// <summary>All that was to go is gone.</summary>
    Done = 4,

    /// <summary>It was stopped; what was gone by then stays so.</summary>
    Stopped = 5,

    /// <summary>It cannot go on; the reason says why.</summary>
    Failed = 6,
}

/// <summary>A deletion of Observations by a query.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Query">Which Observations, below the service root.</param>
/// <param name="State">How far it is.</param>
/// <param name="Expected">How many the preview counted.</param>
/// <param name="IsEstimate">True when that is an estimate.</param>
/// <param name="Looked">How many Observations were looked at.</param>
/// <param name="Deleted">How many were deleted.</param>
/// <param name="AskedAt">When it was previewed.</param>
public sealed record Deletion(long Id, string Query, DeletionState State, long Expected, bool IsEstimate, long Looked, long Deleted, DateTimeOffset AskedAt)
{
    /// <summary>When it was started; null before.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; null before.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it failed; null when it did not.</summary>
    public string? Reason { get; init; }
}

/// <summary>What a deletion would delete of one Datastream.</summary>
/// <param name="Datastream">Its <c>@iot.id</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Observations">How many, of those that were looked at.</param>
public sealed record DeletionShare(long Datastream, string Name, long Observations);

/// <summary>What a deletion would delete. Where counting all would take long, the first Observations were looked at and the rest is estimated.</summary>
/// <param name="Deletion">The deletion, which is not started.</param>
/// <param name="Datastreams">Those of which most would go, the most first.</param>
/// <param name="DatastreamCount">Of how many Datastreams some would go.</param>
/// <param name="First">When the first of them was observed; null when there is none.</param>
/// <param name="Last">When the last of them was observed.</param>
/// <param name="Examples">The ids of a few of them.</param>
public sealed record DeletionPreview(Deletion Deletion, IReadOnlyList<DeletionShare> Datastreams, int DatastreamCount, DateTimeOffset? First, DateTimeOffset? Last, IReadOnlyList<long> Examples);
