using Madang.Sensing.Retention;
using Madang.Storage;

namespace Madang.Sensing.Ingest;

/// <summary>Prepared statements on the one writing connection.</summary>
internal sealed class SqliteObservationRows(KeptDays kept) : IObservationRows
{
    /// <summary>The next id to give; 0 before the first. After a rollback it is ahead of the table's, which only leaves a gap.</summary>
    private long next;

    public Task<Dictionary<long, KnownDatastream>> FindDatastreams(WriteScope scope, IReadOnlyCollection<long> ids)
    {
        var find = SqliteStatement.On(scope, "SELECT d.default_feature_id, d.provider_id, d.observation_type, d.result_types, d.raw_from, (SELECT r.raw_days FROM retention_rules r WHERE r.datastream_id = d.id) FROM datastreams d WHERE d.id = ?1");
        var found = new Dictionary<long, KnownDatastream>(ids.Count);
        foreach (var id in ids)
        {
            find.Bind(1, id);
            while (find.Step())
            {
                found.Add(id, KnownDatastream.Of(
                    find.IsNull(0) ? null : find.Whole(0), find.IsNull(1) ? null : find.Whole(1), find.Text(2), find.IsNull(3) ? null : find.Text(3), find.IsNull(4) ? null : find.Whole(4), find.IsNull(5) ? null : kept.From(find.Whole(5))));
            }
        }

        return Task.FromResult(found);
    }

    public Task GiveIds(WriteScope scope, IReadOnlyList<NewObservation> observations)
    {
        if (next == 0)
        {
            var read = SqliteStatement.On(scope, "SELECT next FROM observation_ids");
            while (read.Step())
            {
                next = read.Whole(0);
            }
        }

        foreach (var observation in observations)
        {
            observation.Id = next++;
        }

        var save = SqliteStatement.On(scope, "UPDATE observation_ids SET next = ?1");
        save.Bind(1, next);
        save.Run();
        return Task.CompletedTask;
    }

    public async Task Store(WriteScope scope, IReadOnlyList<NewObservation> observations, Consequences consequences, bool isLast)
    {
        Insert(scope, observations);
        Widen(scope, consequences.Extents);
        Link(scope, consequences.Features);
        await Mark(scope, consequences.Hours, consequences.Now);
    }

    private static void Insert(WriteScope scope, IReadOnlyList<NewObservation> observations)
    {
        var insert = SqliteStatement.On(
            scope,
            "INSERT INTO observations (datastream_id, phenomenon_start, id, phenomenon_end, result_kind, result_number, result_text, result_time, valid_start, valid_end, quality, parameters, feature_id) "
            + "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)");
        foreach (var o in observations)
        {
            insert.Bind(1, o.Datastream);
            insert.Bind(2, o.Start);
            insert.Bind(3, o.Id);
            insert.Bind(4, o.End);
            insert.Bind(5, (long)o.Result.Kind);
            insert.Bind(6, o.Result.Number);
            insert.Bind(7, o.Result.Text);
            insert.Bind(8, o.ResultTime);
            insert.Bind(9, o.ValidStart);
            insert.Bind(10, o.ValidEnd);
            insert.Bind(11, o.Quality);
            insert.Bind(12, o.Parameters);
            insert.Bind(13, o.StoredFeature);
            insert.Run();
        }
    }

    private static void Widen(WriteScope scope, IReadOnlyList<ExtentChange> changes)
    {
        var upsert = SqliteStatement.On(
            scope,
            """
            INSERT INTO datastream_extents (datastream_id, phenomenon_start, phenomenon_end, result_start, result_end, last_time, last_id, last_number)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            ON CONFLICT (datastream_id) DO UPDATE SET
                phenomenon_start = min(phenomenon_start, excluded.phenomenon_start),
                phenomenon_end = max(phenomenon_end, excluded.phenomenon_end),
                result_start = coalesce(min(result_start, excluded.result_start), result_start, excluded.result_start),
                result_end = coalesce(max(result_end, excluded.result_end), result_end, excluded.result_end),
                last_number = CASE WHEN excluded.last_time >= last_time THEN excluded.last_number ELSE last_number END,
                last_id = CASE WHEN excluded.last_time >= last_time THEN excluded.last_id ELSE last_id END,
                last_time = max(last_time, excluded.last_time)
            """);
        foreach (var c in changes)
        {
            upsert.Bind(1, c.Datastream);
            upsert.Bind(2, c.PhenomenonStart);
            upsert.Bind(3, c.PhenomenonEnd);
            upsert.Bind(4, c.ResultStart);
            upsert.Bind(5, c.ResultEnd);
            upsert.Bind(6, c.LastTime);
            upsert.Bind(7, c.LastId);
            upsert.Bind(8, c.LastNumber);
            upsert.Run();
        }
    }

    private static void Link(WriteScope scope, IReadOnlyList<(long Datastream, long Feature)> pairs)
    {
        var insert = SqliteStatement.On(scope, "INSERT INTO datastream_features (datastream_id, feature_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
        foreach (var (datastream, feature) in pairs)
        {
            insert.Bind(1, datastream);
            insert.Bind(2, feature);
            insert.Run();
        }
    }

    public Task Mark(WriteScope scope, IReadOnlyList<(long Datastream, long Hour)> hours, long now)
    {
        var mark = SqliteStatement.On(scope, "INSERT INTO rollup_marks (datastream_id, hour, touched_at) VALUES (?1, ?2, ?3) ON CONFLICT (datastream_id, hour) DO UPDATE SET touched_at = excluded.touched_at WHERE excluded.touched_at >= touched_at + 1000000");
        foreach (var (datastream, hour) in hours)
        {
            mark.Bind(1, datastream);
            mark.Bind(2, hour);
            mark.Bind(3, now);
            mark.Run();
        }

        return Task.CompletedTask;
    }
}
