using Madang.Kernel;
using Madang.Sensing.Model;
using Madang.Sensing.Query;

namespace Madang.Sensing.Deletions;

/// <summary>A deletion as it stands in the store, and the conditions that it puts to rows.</summary>
internal sealed record DeletionJob
{
    public const string Columns =
        "id AS Id, query AS Query, state AS State, mine AS Mine, hidden AS Hidden, asked_at AS AskedAt, last_id AS LastId, expected AS Expected, is_estimate AS IsEstimate, started_at AS StartedAt, ended_at AS EndedAt, "
        + "at_datastream AS AtDatastream, at_time AS AtTime, at_id AS AtId, is_touched AS IsTouched, looked AS Looked, deleted AS Deleted, reason AS Reason";

    public long Id { get; init; }

    public string Query { get; init; } = "";

    public long State { get; init; }

    public string Mine { get; init; } = "";

    public string Hidden { get; init; } = "";

    public long AskedAt { get; init; }

    public long LastId { get; init; }

    public long Expected { get; init; }

    public long IsEstimate { get; init; }

    public long? StartedAt { get; init; }

    public long? EndedAt { get; init; }

    public long AtDatastream { get; init; }

    public long? AtTime { get; init; }

    public long? AtId { get; init; }

    public long IsTouched { get; init; }

    public long Looked { get; init; }

    public long Deleted { get; init; }

    public string? Reason { get; init; }

    public DeletionState Stage => (DeletionState)State;

    public DeletionRights Rights => DeletionRights.Of(Mine, Hidden);

    public Deletion Deletion => new(Id, Query, Stage, Expected, IsEstimate == 1, Looked, Deleted, IsoTime.FromMicros(AskedAt))
    {
        StartedAt = StartedAt is { } started ? IsoTime.FromMicros(started) : null, EndedAt = EndedAt is { } ended ? IsoTime.FromMicros(ended) : null, Reason = Reason,
    };

    /// <summary>
    /// The condition that an Observation <c>t</c> goes: it was there at the preview, was not changed since, and meets the filter
    /// now, in which <c>now()</c> is the moment of the preview.
    /// </summary>
    public string Condition(SqlText sql, DeletionQuery query)
    {
        var filter = query.Filter is { } asked
            ? new FilterTranslator(sql, Profile.V11.Of(SensorThingsModel.Observations), "t", Rights.Seen, new StoppedClock(IsoTime.FromMicros(AskedAt))).Condition(asked)
            : "1 = 1";
        return $"t.id <= {sql.Add(LastId)} AND NOT EXISTS (SELECT 1 FROM deletion_spared s WHERE s.observation_id = t.id) AND {filter}";
    }

    /// <summary>The condition that an Observation <c>t</c> is of a Datastream that may be touched.</summary>
    public string Within(SqlText sql, DeletionQuery query) => query.Datastream is { } one
        ? $"t.datastream_id = {sql.Add(one)} AND EXISTS (SELECT 1 FROM datastreams d WHERE d.id = t.datastream_id AND {Rights.Theirs("d")})"
        : $"t.datastream_id IN (SELECT d.id FROM datastreams d WHERE {Rights.Theirs("d")})";

    private sealed class StoppedClock(DateTimeOffset at) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => at;
    }
}
