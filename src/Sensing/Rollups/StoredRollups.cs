using Madang.Storage;
using Npgsql;

namespace Madang.Sensing.Rollups;

/// <summary>
/// Reads and writes of the worker, within its transaction: on SQLite by statements prepared once, because to prepare them for
/// each hour anew took longer than to run them, and a city of a million Datastreams has as many hours in every hour.
/// </summary>
internal static class StoredRollups
{
    /// <summary>The numeric results of a Datastream in <c>[from, to)</c>, in order of time.</summary>
    public static async Task<IEnumerable<(long Time, double Number)>> Results(WriteScope scope, long datastream, long from, long to)
    {
        if (scope.Engine == Engine.Postgres)
        {
            return await RollupRows.Results(scope.Connection, scope.Transaction, datastream, from, to);
        }

        var select = SqliteStatement.On(scope, "SELECT phenomenon_start, result_number FROM observations WHERE datastream_id = ?1 AND phenomenon_start >= ?2 AND phenomenon_start < ?3 AND result_kind = 1 ORDER BY phenomenon_start, id");
        Bind(select, datastream, from, to);
        var results = new List<(long, double)>();
        while (select.Step())
        {
            results.Add((select.Whole(0), select.Real(1)));
        }

        return results;
    }

    /// <summary>The stored rollups of a Datastream in <c>[from, to)</c>, in order of time.</summary>
    public static async Task<IEnumerable<Rollup>> Read(WriteScope scope, long datastream, SeriesStep step, long from, long to)
    {
        if (scope.Engine == Engine.Postgres)
        {
            return await RollupRows.Stored(scope.AsReader(), datastream, step, from, to);
        }

        var select = SqliteStatement.On(scope, "SELECT start, count, sum, min, max, last FROM rollups WHERE datastream_id = ?1 AND step = ?4 AND start >= ?2 AND start < ?3 ORDER BY start");
        Bind(select, datastream, from, to);
        select.Bind(4, (long)step);
        var rollups = new List<Rollup>();
        while (select.Step())
        {
            rollups.Add(new Rollup(select.Whole(0), select.Whole(1), select.Real(2), select.Real(3), select.Real(4), select.Real(5)));
        }

        return rollups;
    }

    /// <summary>Puts these rollups in the place of those of <c>[from, to)</c>.</summary>
    public static async Task Replace(WriteScope scope, long datastream, SeriesStep step, long from, long to, List<Rollup> rollups)
    {
        if (scope.Engine == Engine.Postgres)
        {
            await ReplaceTogether(scope, datastream, step, from, to, rollups);
            return;
        }

        var delete = SqliteStatement.On(scope, "DELETE FROM rollups WHERE datastream_id = ?1 AND step = ?4 AND start >= ?2 AND start < ?3");
        Bind(delete, datastream, from, to);
        delete.Bind(4, (long)step);
        delete.Run();
        var insert = SqliteStatement.On(scope, "INSERT INTO rollups (datastream_id, step, start, count, sum, min, max, last) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
        foreach (var rollup in rollups)
        {
            insert.Bind(1, datastream);
            insert.Bind(2, (long)step);
            insert.Bind(3, rollup.Start);
            insert.Bind(4, rollup.Count);
            insert.Bind(5, (double?)rollup.Sum);
            insert.Bind(6, (double?)rollup.Min);
            insert.Bind(7, (double?)rollup.Max);
            insert.Bind(8, (double?)rollup.Last);
            insert.Run();
        }
    }

    /// <summary>PostgreSQL: one way there and back for all; a statement for each row made a month of a Datastream five thousand ways.</summary>
    private static async Task ReplaceTogether(WriteScope scope, long datastream, SeriesStep step, long from, long to, List<Rollup> rollups)
    {
        var delete = new NpgsqlBatchCommand("DELETE FROM rollups WHERE datastream_id = $1 AND step = $2 AND start >= $3 AND start < $4");
        Add(delete, datastream);
        Add(delete, (int)step);
        Add(delete, from);
        Add(delete, to);
        var insert = new NpgsqlBatchCommand("INSERT INTO rollups (datastream_id, step, start, count, sum, min, max, last) SELECT $1, $2, * FROM unnest($3, $4, $5, $6, $7, $8)");
        Add(insert, datastream);
        Add(insert, (int)step);
        Add(insert, Column(rollups, rollup => rollup.Start));
        Add(insert, Column(rollups, rollup => rollup.Count));
        Add(insert, Column(rollups, rollup => rollup.Sum));
        Add(insert, Column(rollups, rollup => rollup.Min));
        Add(insert, Column(rollups, rollup => rollup.Max));
        Add(insert, Column(rollups, rollup => rollup.Last));
        await using var batch = new NpgsqlBatch((NpgsqlConnection)scope.Connection, (NpgsqlTransaction)scope.Transaction) { BatchCommands = { delete, insert } };
        await batch.ExecuteNonQueryAsync(scope.Cancel);
    }

    private static void Add<T>(NpgsqlBatchCommand command, T value) => command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });

    private static T[] Column<T>(List<Rollup> rollups, Func<Rollup, T> value) => [.. rollups.Select(value)];

    private static void Bind(SqliteStatement statement, long datastream, long from, long to)
    {
        statement.Bind(1, datastream);
        statement.Bind(2, from);
        statement.Bind(3, to);
    }
}
