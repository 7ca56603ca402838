using System.Diagnostics;
using Madang.Sensing;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;

namespace Madang.Bench;

/// <summary>The baselines of ingest: the same rows into the same table, with the same durability, by the engine alone.</summary>
internal static class BareEngine
{
    /// <summary>Prepared inserts on one connection, a commit for each request's worth of rows. Answers rows a second.</summary>
    public static double Sqlite(Workload work)
    {
        var folder = Directory.CreateTempSubdirectory("madang-bench-").FullName;
        try
        {
            using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "bare.db")};Pooling=False");
            connection.Open();
            Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=4000; PRAGMA temp_store=MEMORY;");
            Execute(connection, Schema("sqlite"));
            using var insert = connection.CreateCommand();
            insert.CommandText = "INSERT INTO observations (datastream_id, phenomenon_start, id, phenomenon_end, result_kind, result_number, result_text, result_time, valid_start, valid_end, quality, parameters, feature_id) VALUES (@d, @t, @i, NULL, 1, @n, NULL, NULL, NULL, NULL, NULL, NULL, 1)";
            var (d, t, i, n) = (insert.Parameters.Add("@d", SqliteType.Integer), insert.Parameters.Add("@t", SqliteType.Integer), insert.Parameters.Add("@i", SqliteType.Integer), insert.Parameters.Add("@n", SqliteType.Real));
            var clock = Stopwatch.StartNew();
            for (var from = 0; from < work.Rows; from += work.RowsPerRequest)
            {
                using var transaction = connection.BeginTransaction();
                insert.Transaction = transaction;
                for (var index = from; index < Math.Min(from + work.RowsPerRequest, work.Rows); index++)
                {
                    var row = work.Row(index);
                    (d.Value, t.Value, i.Value, n.Value) = (row.Datastream + 1, row.Time, index + 1, row.Number);
                    insert.ExecuteNonQuery();
                }

                transaction.Commit();
            }

            return work.Rows / clock.Elapsed.TotalSeconds;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Binary COPY on one connection, a transaction for each request's worth of rows. Answers rows a second.</summary>
    public static async Task<double> Postgres(Workload work, string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using (var schema = new NpgsqlCommand(Schema("postgres") + "CREATE TABLE observations_2026_07 PARTITION OF observations FOR VALUES FROM (1782864000000000) TO (1785542400000000); CREATE TABLE observations_2026_08 PARTITION OF observations FOR VALUES FROM (1785542400000000) TO (1788220800000000);", connection))
        {
            await schema.ExecuteNonQueryAsync();
        }

        var clock = Stopwatch.StartNew();
        for (var from = 0; from < work.Rows; from += work.RowsPerRequest)
        {
            await using var copy = await connection.BeginBinaryImportAsync("COPY observations (datastream_id, phenomenon_start, id, result_kind, result_number, feature_id) FROM STDIN (FORMAT BINARY)");
            for (var index = from; index < Math.Min(from + work.RowsPerRequest, work.Rows); index++)
            {
                var row = work.Row(index);
                copy.StartRow();
                copy.Write((long)row.Datastream + 1, NpgsqlDbType.Bigint);
                copy.Write(row.Time, NpgsqlDbType.Bigint);
                copy.Write(index + 1L, NpgsqlDbType.Bigint);
                copy.Write((short)1, NpgsqlDbType.Smallint);
                copy.Write(row.Number, NpgsqlDbType.Double);
                copy.Write(1L, NpgsqlDbType.Bigint);
            }

            await copy.CompleteAsync();
        }

        return work.Rows / clock.Elapsed.TotalSeconds;
    }

    /// <summary>The module's own script, so that the baseline's table is the same to the letter.</summary>
    private static string Schema(string engine)
    {
        var assembly = typeof(SensingModule).Assembly;
        var name = assembly.GetManifestResourceNames().First(name => name.EndsWith($"0002_observations.{engine}.sql", StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
