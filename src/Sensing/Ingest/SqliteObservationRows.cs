using System.Data.Common;
using Madang.Storage;

namespace Madang.Sensing.Ingest;

/// <summary>Prepared statements on the one writing connection, kept from commit to commit.</summary>
internal sealed class SqliteObservationRows : IObservationRows
{
    private readonly Dictionary<string, DbCommand> prepared = [];
    private DbConnection? connection;

    public async Task GiveIds(WriteScope scope, IReadOnlyList<NewObservation> observations)
    {
        var next = (long)(await Prepare(scope, "UPDATE observation_ids SET next = next + @p0 RETURNING next - @p0", 1).Bind(observations.Count).ExecuteScalarAsync(scope.Cancel))!;
        foreach (var observation in observations)
        {
            observation.Id = next++;
        }
    }

    public Task Write(WriteScope scope, IReadOnlyList<NewObservation> observations)
    {
        var insert = Prepare(
            scope,
            "INSERT INTO observations (datastream_id, phenomenon_start, id, phenomenon_end, result_kind, result_number, result_text, result_time, valid_start, valid_end, quality, parameters, feature_id) "
            + "VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12)",
            13);
        foreach (var o in observations)
        {
            insert.Bind(o.Datastream, o.Start, o.Id, o.End, (long)o.Result.Kind, o.Result.Number, o.Result.Text, o.ResultTime, o.ValidStart, o.ValidEnd, o.Quality, o.Parameters, o.StoredFeature).ExecuteNonQuery();
        }

        return Task.CompletedTask;
    }

    public Task Widen(WriteScope scope, IReadOnlyList<ExtentChange> changes)
    {
        var upsert = Prepare(
            scope,
            """
            INSERT INTO datastream_extents (datastream_id, phenomenon_start, phenomenon_end, result_start, result_end, last_time, last_id, last_number)
            VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7)
            ON CONFLICT (datastream_id) DO UPDATE SET
                phenomenon_start = min(phenomenon_start, excluded.phenomenon_start),
                phenomenon_end = max(phenomenon_end, excluded.phenomenon_end),
                result_start = coalesce(min(result_start, excluded.result_start), result_start, excluded.result_start),
                result_end = coalesce(max(result_end, excluded.result_end), result_end, excluded.result_end),
                last_number = CASE WHEN excluded.last_time >= last_time THEN excluded.last_number ELSE last_number END,
                last_id = CASE WHEN excluded.last_time >= last_time THEN excluded.last_id ELSE last_id END,
                last_time = max(last_time, excluded.last_time)
            """,
            8);
        foreach (var c in changes)
        {
            upsert.Bind(c.Datastream, c.PhenomenonStart, c.PhenomenonEnd, c.ResultStart, c.ResultEnd, c.LastTime, c.LastId, c.LastNumber).ExecuteNonQuery();
        }

        return Task.CompletedTask;
    }

    public Task Link(WriteScope scope, IReadOnlyList<(long Datastream, long Feature)> pairs)
    {
        var insert = Prepare(scope, "INSERT INTO datastream_features (datastream_id, feature_id) VALUES (@p0, @p1) ON CONFLICT DO NOTHING", 2);
        foreach (var (datastream, feature) in pairs)
        {
            insert.Bind(datastream, feature).ExecuteNonQuery();
        }

        return Task.CompletedTask;
    }

    public Task Mark(WriteScope scope, IReadOnlyList<(long Datastream, long Hour)> hours, long now)
    {
        var mark = Prepare(scope, "INSERT INTO rollup_marks (datastream_id, hour, touched_at) VALUES (@p0, @p1, @p2) ON CONFLICT (datastream_id, hour) DO UPDATE SET touched_at = excluded.touched_at", 3);
        foreach (var (datastream, hour) in hours)
        {
            mark.Bind(datastream, hour, now).ExecuteNonQuery();
        }

        return Task.CompletedTask;
    }

    private DbCommand Prepare(WriteScope scope, string sql, int parameters)
    {
        if (!ReferenceEquals(connection, scope.Connection))
        {
            prepared.Clear();
            connection = scope.Connection;
        }

        if (!prepared.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var index = 0; index < parameters; index++)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = $"@p{index}";
                command.Parameters.Add(parameter);
            }

            prepared.Add(sql, command);
        }

        command.Transaction = scope.Transaction;
        return command;
    }
}

/// <summary>Sets a prepared command's parameters in their order.</summary>
internal static class Binding
{
    public static DbCommand Bind(this DbCommand command, params ReadOnlySpan<object?> values)
    {
        for (var index = 0; index < values.Length; index++)
        {
            command.Parameters[index].Value = values[index] ?? DBNull.Value;
        }

        return command;
    }
}
