using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Sensing;

/// <summary>What is wrong with sensors now, for pages, the API and other modules. Every answer passes <see cref="Visibility"/>.</summary>
public sealed class SensorHealth
{
    /// <summary>The most findings of one answer.</summary>
    public const int MostListed = 1_000;

    private readonly IDatabase database;
    private readonly Visibility visibility;
    private readonly TimeProvider clock;

    internal SensorHealth(IDatabase database, Visibility visibility, TimeProvider clock) => (this.database, this.visibility, this.clock) = (database, visibility, clock);

    /// <summary>How many Datastreams have each finding now; a finding that none has is absent.</summary>
    public async Task<IReadOnlyDictionary<SensorFinding, long>> Count(CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        var rows = await read.Connection.QueryAsync<(long Finding, long Count)>(
            $"SELECT CAST(f.finding AS BIGINT), count(*) FROM sensor_findings f JOIN datastreams d ON d.id = f.datastream_id WHERE {visibility.Condition("datastreams", "d")} GROUP BY f.finding", null, read.Transaction);
        return rows.ToDictionary(row => (SensorFinding)row.Finding, row => row.Count);
    }

    /// <summary>The findings that last, in order of Datastream, at most <paramref name="most"/> after the Datastream <paramref name="after"/>.</summary>
    /// <param name="finding">Only this one; null for all.</param>
    /// <param name="thing">Only those of one Thing; null for all.</param>
    /// <param name="after">Only Datastreams with a greater id: where the last page ended.</param>
    /// <param name="most">At most <see cref="MostListed"/>; a Datastream's findings stay together, so there may be a few more.</param>
    /// <param name="cancel">Fires when the caller gives up.</param>
    public async Task<IReadOnlyList<LastingFinding>> List(SensorFinding? finding, long? thing, long after, int most, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, MostListed);
        var unit = database.Engine == Engine.Sqlite ? "json_extract(d.unit, '$.symbol')" : "CASE WHEN d.result_types IS NULL THEN d.unit ->> 'symbol' END";
        var which = (finding is null ? "" : " AND f.finding = @finding") + (thing is null ? "" : " AND d.thing_id = @thing");
        var now = clock.GetUtcNow();
        await using var read = await database.Read(cancel);
        var rows = await read.Connection.QueryAsync<(long Thing, string ThingName, long Datastream, string Name, long Finding, long Since, double Value, string? Unit, long? Last)>(
            $"""
            SELECT t.id, t.name, d.id, d.name, CAST(f.finding AS BIGINT), f.since, f.value, CAST({unit} AS TEXT), e.last_time
            FROM sensor_findings f JOIN datastreams d ON d.id = f.datastream_id JOIN things t ON t.id = d.thing_id LEFT JOIN datastream_extents e ON e.datastream_id = d.id
            WHERE f.datastream_id > @after{which} AND {visibility.Condition("datastreams", "d")}
              AND f.datastream_id <= coalesce((SELECT max(s.id) FROM (
                  SELECT DISTINCT f.datastream_id AS id FROM sensor_findings f JOIN datastreams d ON d.id = f.datastream_id
                  WHERE f.datastream_id > @after{which} AND {visibility.Condition("datastreams", "d")} ORDER BY f.datastream_id LIMIT @most) s), 0)
            ORDER BY f.datastream_id, f.finding
            """,
            new { finding = (int?)finding, thing, after, most },
            read.Transaction);
        return
        [
            .. rows.Select(row => (SensorFinding)row.Finding is var what && IsQuiet(what)
                ? new LastingFinding(row.Thing, row.ThingName, row.Datastream, row.Name, what, IsoTime.FromMicros(row.Since), row.Last is { } last ? QuietFor(now, IsoTime.FromMicros(last)) : row.Value, "s")
                : new LastingFinding(row.Thing, row.ThingName, row.Datastream, row.Name, what, IsoTime.FromMicros(row.Since), row.Value, row.Unit ?? "")),
        ];
    }

    private static bool IsQuiet(SensorFinding what) => what is SensorFinding.Late or SensorFinding.Silent;

    /// <summary>Counted when it is asked, for a check looks only at what begins and ends: between two of them a quiet sensor grows quieter.</summary>
    private static double QuietFor(DateTimeOffset now, DateTimeOffset last) => Math.Max(0, Math.Round((now - last).TotalSeconds));
}
