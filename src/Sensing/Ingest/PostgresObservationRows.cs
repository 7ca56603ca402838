using System.Collections.Concurrent;
using System.Globalization;
using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Madang.Sensing.Ingest;

/// <summary>Binary COPY for the rows; one statement over arrays for each of the rest. Makes the partition of a month when its first Observation comes.</summary>
internal sealed class PostgresObservationRows : IObservationRows, IDisposable
{
    private const int IdsAtOnce = 1000;

    /// <summary>"part" as a number: the advisory lock under which partitions are made.</summary>
    private const long PartitionLock = 0x70617274;

    private static readonly DateTimeOffset FirstMonth = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), AfterLastMonth = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ConcurrentDictionary<long, bool> months = new();
    private readonly SemaphoreSlim giving = new(1, 1);
    private long nextId;
    private long endOfIds;

    public void Dispose() => giving.Dispose();

    public async Task GiveIds(WriteScope scope, IReadOnlyList<NewObservation> observations)
    {
        await giving.WaitAsync(scope.Cancel);
        try
        {
            foreach (var observation in observations)
            {
                if (nextId == endOfIds)
                {
                    nextId = await scope.Connection.ExecuteScalarAsync<long>("SELECT nextval('observation_ids')", transaction: scope.Transaction);
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

    public async Task Write(WriteScope scope, IReadOnlyList<NewObservation> observations)
    {
        await MakePartitions(scope, observations);
        await using var copy = await ((NpgsqlConnection)scope.Connection).BeginBinaryImportAsync(
            "COPY observations (datastream_id, phenomenon_start, id, phenomenon_end, result_kind, result_number, result_text, result_time, valid_start, valid_end, quality, parameters, feature_id) FROM STDIN (FORMAT BINARY)",
            scope.Cancel);
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

    public Task Widen(WriteScope scope, IReadOnlyList<ExtentChange> changes) => scope.Connection.ExecuteAsync(
        """
        INSERT INTO datastream_extents AS e (datastream_id, phenomenon_start, phenomenon_end, result_start, result_end, last_time, last_id, last_number)
        SELECT * FROM unnest(@datastream, @start, @end, @resultStart, @resultEnd, @lastTime, @lastId, @lastNumber)
        ON CONFLICT (datastream_id) DO UPDATE SET
            phenomenon_start = least(e.phenomenon_start, excluded.phenomenon_start),
            phenomenon_end = greatest(e.phenomenon_end, excluded.phenomenon_end),
            result_start = least(e.result_start, excluded.result_start),
            result_end = greatest(e.result_end, excluded.result_end),
            last_number = CASE WHEN excluded.last_time >= e.last_time THEN excluded.last_number ELSE e.last_number END,
            last_id = CASE WHEN excluded.last_time >= e.last_time THEN excluded.last_id ELSE e.last_id END,
            last_time = greatest(e.last_time, excluded.last_time)
        """,
        new
        {
            datastream = changes.Select(c => c.Datastream).ToArray(),
            start = changes.Select(c => c.PhenomenonStart).ToArray(),
            end = changes.Select(c => c.PhenomenonEnd).ToArray(),
            resultStart = changes.Select(c => c.ResultStart).ToArray(),
            resultEnd = changes.Select(c => c.ResultEnd).ToArray(),
            lastTime = changes.Select(c => c.LastTime).ToArray(),
            lastId = changes.Select(c => c.LastId).ToArray(),
            lastNumber = changes.Select(c => c.LastNumber).ToArray(),
        },
        scope.Transaction);

    public Task Link(WriteScope scope, IReadOnlyList<(long Datastream, long Feature)> pairs) => scope.Connection.ExecuteAsync(
        "INSERT INTO datastream_features (datastream_id, feature_id) SELECT * FROM unnest(@datastreams, @features) ON CONFLICT DO NOTHING",
        new { datastreams = pairs.Select(pair => pair.Datastream).ToArray(), features = pairs.Select(pair => pair.Feature).ToArray() },
        scope.Transaction);

    /// <summary>An existing mark is updated, not left alone: its row lock makes the rollup worker wait until these Observations are there to be seen.</summary>
    public Task Mark(WriteScope scope, IReadOnlyList<(long Datastream, long Hour)> hours, long now) => scope.Connection.ExecuteAsync(
        """
        INSERT INTO rollup_marks (datastream_id, hour, touched_at) SELECT d, h, @now FROM unnest(@datastreams, @hours) AS u(d, h)
        ON CONFLICT (datastream_id, hour) DO UPDATE SET touched_at = excluded.touched_at
        """,
        new { now, datastreams = hours.Select(hour => hour.Datastream).ToArray(), hours = hours.Select(hour => hour.Hour).ToArray() },
        scope.Transaction);

    private async Task MakePartitions(WriteScope scope, IReadOnlyList<NewObservation> observations)
    {
        var (from, to) = (FirstMonth.ToMicros(), AfterLastMonth.ToMicros());
        foreach (var month in observations.Where(o => o.Start >= from && o.Start < to).Select(o => MonthOf(o.Start)).Distinct().Order())
        {
            if (months.ContainsKey(month))
            {
                continue;
            }

            var start = IsoTime.FromMicros(month);
            var name = "observations_" + start.UtcDateTime.ToString("yyyy_MM", CultureInfo.InvariantCulture);
            var exists = await scope.Connection.ExecuteScalarAsync<bool>("SELECT to_regclass(@name) IS NOT NULL", new { name }, scope.Transaction);
            if (exists)
            {
                // Remembered only when it was there before this transaction, which may yet be rolled back.
                months.TryAdd(month, true);
                continue;
            }

            await scope.Connection.ExecuteAsync("SELECT pg_advisory_xact_lock(@PartitionLock)", new { PartitionLock }, scope.Transaction);
            await scope.Connection.ExecuteAsync(
                string.Create(CultureInfo.InvariantCulture, $"CREATE TABLE IF NOT EXISTS {name} PARTITION OF observations FOR VALUES FROM ({month}) TO ({start.AddMonths(1).ToMicros()})"),
                transaction: scope.Transaction);
        }
    }

    private static long MonthOf(long micros)
    {
        var time = IsoTime.FromMicros(micros);
        return new DateTimeOffset(time.Year, time.Month, 1, 0, 0, 0, TimeSpan.Zero).ToMicros();
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
