using System.Collections.Concurrent;
using System.Globalization;
using Dapper;
using Madang.Kernel;
using Madang.Sensing.Retention;
using Madang.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Madang.Sensing.Ingest;

/// <summary>One batch of statements over arrays; binary COPY for the rows when they are many. Makes the partition of a month when its first Observation comes.</summary>
internal sealed class PostgresObservationRows(KeptDays kept) : IObservationRows, IDisposable
{
    private const int IdsAtOnce = 1000;

    /// <summary>From here on COPY is quicker than a statement over arrays, its two more round trips included.</summary>
    private const int RowsInBatch = 300;

    private const string Columns = "datastream_id, phenomenon_start, id, phenomenon_end, result_kind, result_number, result_text, result_time, valid_start, valid_end, quality, parameters, feature_id";

    /// <summary>"part" as a number: the advisory lock under which partitions are made.</summary>
    private const long PartitionLock = 0x70617274;

    private static readonly DateTimeOffset FirstMonth = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), AfterLastMonth = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ConcurrentDictionary<long, bool> months = new();
    private readonly SemaphoreSlim giving = new(1, 1);
    private long nextId;
    private long endOfIds;

    public void Dispose() => giving.Dispose();

    public async Task<Dictionary<long, KnownDatastream>> FindDatastreams(WriteScope scope, IReadOnlyCollection<long> ids)
    {
        var rows = await scope.Connection.QueryAsync<(long Id, long? Feature, long? Provider, string Type, string? Types, long? RawFrom, int? RawDays)>(
            """
            SELECT d.id, d.default_feature_id, d.provider_id, d.observation_type, CAST(d.result_types AS TEXT), d.raw_from, (SELECT r.raw_days FROM retention_rules r WHERE r.datastream_id = d.id)
            FROM datastreams d WHERE d.id = ANY(@ids) ORDER BY d.id FOR KEY SHARE
            """,
            new { ids = ids.ToArray() },
            scope.Transaction);
        return rows.ToDictionary(row => row.Id, row => KnownDatastream.Of(row.Feature, row.Provider, row.Type, row.Types, row.RawFrom, row.RawDays is { } days ? kept.From(days) : null));
    }

    public async Task GiveIds(WriteScope scope, IReadOnlyList<NewObservation> observations)
    {
        await giving.WaitAsync(scope.Cancel);
        try
        {
            var missing = observations.Count - (endOfIds - nextId);
            var stretches = new Queue<long>(missing <= 0 ? [] : await scope.Connection.QueryAsync<long>(
                "SELECT nextval('observation_ids') FROM generate_series(1, @stretches)", new { stretches = (missing + IdsAtOnce - 1) / IdsAtOnce }, scope.Transaction));
            foreach (var observation in observations)
            {
                if (nextId == endOfIds)
                {
                    nextId = stretches.Dequeue();
                    endOfIds = nextId + IdsAtOnce;
                }

                observation.Id = nextId++;
            }
        }
        finally
        {
            giving.Release();
        }
    }

    public async Task Store(WriteScope scope, IReadOnlyList<NewObservation> observations, Consequences consequences, bool isLast)
    {
        await MakePartitions(scope, observations);
        var statements = new List<NpgsqlBatchCommand>();
        if (observations.Count > RowsInBatch)
        {
            await Copy(scope, observations);
        }
        else
        {
            statements.Add(Insert(observations));
        }

        statements.AddRange([Widen(consequences.Extents), Link(consequences.Features), Touch(consequences.Hours, consequences.Now)]);
        if (isLast)
        {
            statements.ForEach(scope.WithCommit);
            return;
        }

        await using var batch = new NpgsqlBatch((NpgsqlConnection)scope.Connection, (NpgsqlTransaction)scope.Transaction);
        statements.ForEach(batch.BatchCommands.Add);
        await batch.ExecuteNonQueryAsync(scope.Cancel);
    }

    public async Task Mark(WriteScope scope, IReadOnlyList<(long Datastream, long Hour)> hours, long now)
    {
        await using var batch = new NpgsqlBatch((NpgsqlConnection)scope.Connection, (NpgsqlTransaction)scope.Transaction);
        batch.BatchCommands.Add(Touch(hours, now));
        await batch.ExecuteNonQueryAsync(scope.Cancel);
    }

    private static NpgsqlBatchCommand Insert(IReadOnlyList<NewObservation> observations)
    {
        var command = new NpgsqlBatchCommand($"INSERT INTO observations ({Columns}) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)");
        Add(command, observations, o => o.Datastream);
        Add(command, observations, o => o.Start);
        Add(command, observations, o => o.Id);
        Add(command, observations, o => o.End);
        Add(command, observations, o => (short)o.Result.Kind);
        Add(command, observations, o => o.Result.Number);
        Add(command, observations, o => o.Result.Text);
        Add(command, observations, o => o.ResultTime);
        Add(command, observations, o => o.ValidStart);
        Add(command, observations, o => o.ValidEnd);
        Add(command, observations, o => o.Quality);
        Add(command, observations, o => o.Parameters);
        Add(command, observations, o => o.StoredFeature);
        return command;
    }

    private static async Task Copy(WriteScope scope, IReadOnlyList<NewObservation> observations)
    {
        await using var copy = await ((NpgsqlConnection)scope.Connection).BeginBinaryImportAsync($"COPY observations ({Columns}) FROM STDIN (FORMAT BINARY)", scope.Cancel);
        foreach (var o in observations)
        {
            copy.StartRow();
            copy.Write(o.Datastream, NpgsqlDbType.Bigint);
            copy.Write(o.Start, NpgsqlDbType.Bigint);
            copy.Write(o.Id, NpgsqlDbType.Bigint);
            Write(copy, o.End);
            copy.Write((short)o.Result.Kind, NpgsqlDbType.Smallint);
            Write(copy, o.Result.Number);
            Write(copy, o.Result.Text);
            Write(copy, o.ResultTime);
            Write(copy, o.ValidStart);
            Write(copy, o.ValidEnd);
            Write(copy, o.Quality);
            Write(copy, o.Parameters);
            copy.Write(o.StoredFeature, NpgsqlDbType.Bigint);
        }

        await copy.CompleteAsync(scope.Cancel);
    }

    private static NpgsqlBatchCommand Widen(IReadOnlyList<ExtentChange> changes)
    {
        var command = new NpgsqlBatchCommand(
            """
            INSERT INTO datastream_extents AS e (datastream_id, phenomenon_start, phenomenon_end, result_start, result_end, last_time, last_id, last_number)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (datastream_id) DO UPDATE SET
                phenomenon_start = least(e.phenomenon_start, excluded.phenomenon_start),
                phenomenon_end = greatest(e.phenomenon_end, excluded.phenomenon_end),
                result_start = least(e.result_start, excluded.result_start),
                result_end = greatest(e.result_end, excluded.result_end),
                last_number = CASE WHEN excluded.last_time >= e.last_time THEN excluded.last_number ELSE e.last_number END,
                last_id = CASE WHEN excluded.last_time >= e.last_time THEN excluded.last_id ELSE e.last_id END,
                last_time = greatest(e.last_time, excluded.last_time)
            """);
        Add(command, changes, c => c.Datastream);
        Add(command, changes, c => c.PhenomenonStart);
        Add(command, changes, c => c.PhenomenonEnd);
        Add(command, changes, c => c.ResultStart);
        Add(command, changes, c => c.ResultEnd);
        Add(command, changes, c => c.LastTime);
        Add(command, changes, c => c.LastId);
        Add(command, changes, c => c.LastNumber);
        return command;
    }

    private static NpgsqlBatchCommand Link(IReadOnlyList<(long Datastream, long Feature)> pairs)
    {
        var command = new NpgsqlBatchCommand("INSERT INTO datastream_features (datastream_id, feature_id) SELECT * FROM unnest($1, $2) ON CONFLICT DO NOTHING");
        Add(command, pairs, pair => pair.Datastream);
        Add(command, pairs, pair => pair.Feature);
        return command;
    }

    /// <summary>A mark that stays as it is is locked all the same: the rollup worker waits until these Observations are there to be seen.</summary>
    private static NpgsqlBatchCommand Touch(IReadOnlyList<(long Datastream, long Hour)> hours, long now)
    {
        var command = new NpgsqlBatchCommand(
            """
            INSERT INTO rollup_marks AS m (datastream_id, hour, touched_at) SELECT d, h, $3 FROM unnest($1, $2) AS u(d, h)
            ON CONFLICT (datastream_id, hour) DO UPDATE SET touched_at = excluded.touched_at WHERE excluded.touched_at >= m.touched_at + 1000000
            """);
        Add(command, hours, hour => hour.Datastream);
        Add(command, hours, hour => hour.Hour);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = now });
        return command;
    }

    /// <summary>One column of many rows as the next parameter.</summary>
    private static void Add<TRow, TValue>(NpgsqlBatchCommand command, IReadOnlyList<TRow> rows, Func<TRow, TValue> value)
    {
        var column = new TValue[rows.Count];
        for (var index = 0; index < column.Length; index++)
        {
            column[index] = value(rows[index]);
        }

        command.Parameters.Add(new NpgsqlParameter<TValue[]> { TypedValue = column });
    }

    private async Task MakePartitions(WriteScope scope, IReadOnlyList<NewObservation> observations)
    {
        foreach (var month in MonthsOf(observations).Order())
        {
            if (months.ContainsKey(month))
            {
                continue;
            }

            var start = IsoTime.FromMicros(month);
            var name = "observations_" + start.UtcDateTime.ToString("yyyy_MM", CultureInfo.InvariantCulture);
            if (await Exists(scope, name))
            {
                // Remembered only when it was there before this transaction, which may yet be rolled back.
                months.TryAdd(month, true);
                continue;
            }

            await scope.Connection.ExecuteAsync("SELECT pg_advisory_xact_lock(@PartitionLock)", new { PartitionLock }, scope.Transaction);
            if (!await Exists(scope, name))
            {
                // Made apart and attached: PARTITION OF would wait for every reader of the table, a backup among them, and all others behind it.
                await scope.Connection.ExecuteAsync(
                    string.Create(CultureInfo.InvariantCulture, $"CREATE TABLE {name} (LIKE observations INCLUDING ALL); ALTER TABLE observations ATTACH PARTITION {name} FOR VALUES FROM ({month}) TO ({start.AddMonths(1).ToMicros()})"),
                    transaction: scope.Transaction);
            }
        }
    }

    private static Task<bool> Exists(WriteScope scope, string table) =>
        scope.Connection.ExecuteScalarAsync<bool>("SELECT to_regclass(@table) IS NOT NULL", new { table }, scope.Transaction);

    /// <summary>The months in which Observations start, among those that have a partition of their own; most commits hold one.</summary>
    private static HashSet<long> MonthsOf(IReadOnlyList<NewObservation> observations)
    {
        var months = new HashSet<long>();
        var (from, to) = (FirstMonth.ToMicros(), AfterLastMonth.ToMicros());
        var (month, end) = (0L, 0L);
        foreach (var observation in observations)
        {
            if (observation.Start >= from && observation.Start < to && (observation.Start < month || observation.Start >= end))
            {
                var time = IsoTime.FromMicros(observation.Start);
                var first = new DateTimeOffset(time.Year, time.Month, 1, 0, 0, 0, TimeSpan.Zero);
                (month, end) = (first.ToMicros(), first.AddMonths(1).ToMicros());
                months.Add(month);
            }
        }

        return months;
    }

    private static void Write(NpgsqlBinaryImporter copy, long? value)
    {
        if (value is { } number)
        {
            copy.Write(number, NpgsqlDbType.Bigint);
        }
        else
        {
            copy.WriteNull();
        }
    }

    private static void Write(NpgsqlBinaryImporter copy, double? value)
    {
        if (value is { } number)
        {
            copy.Write(number, NpgsqlDbType.Double);
        }
        else
        {
            copy.WriteNull();
        }
    }

    private static void Write(NpgsqlBinaryImporter copy, string? value)
    {
        if (value is null)
        {
            copy.WriteNull();
        }
        else
        {
            copy.Write(value, NpgsqlDbType.Text);
        }
    }
}
