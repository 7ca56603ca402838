using System.Diagnostics;
using System.Globalization;
using System.Text;
using Madang.Trust;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;

namespace Madang.Bench;

/// <summary>The baseline of the record: rows like the recorder's into the same tables, with the same durability, by the engine alone.</summary>
internal static class BareRecord
{
    private const int RowsPerCommit = 5_000;

    public static double Sqlite(string folder, int rows)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "bare.db")};Pooling=False");
        connection.Open();
        Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=4000; PRAGMA temp_store=MEMORY;");
        Execute(connection, Schema("sqlite"));
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO trust_record (seq, moment, action, who, role, purpose, kind, thing, address, trace, result, leaf) VALUES (@s, @m, 'observations.write', @w, 'sensor', NULL, 'datastream', @t, @a, @r, 'done', @l)";
        var (s, m, w, t) = (insert.Parameters.Add("@s", SqliteType.Integer), insert.Parameters.Add("@m", SqliteType.Integer), insert.Parameters.Add("@w", SqliteType.Text), insert.Parameters.Add("@t", SqliteType.Text));
        var (a, r, l) = (insert.Parameters.Add("@a", SqliteType.Text), insert.Parameters.Add("@r", SqliteType.Text), insert.Parameters.Add("@l", SqliteType.Blob));
        var clock = Stopwatch.StartNew();
        for (var from = 0; from < rows; from += RowsPerCommit)
        {
            using var transaction = connection.BeginTransaction();
            insert.Transaction = transaction;
            for (var number = from; number < Math.Min(from + RowsPerCommit, rows); number++)
            {
                (s.Value, m.Value, w.Value, t.Value) = (number, 1_790_000_000_000_000 + number, Who(number), Thing(number));
                (a.Value, r.Value, l.Value) = (Address(number), Trace(number), Leaf(number));
                insert.ExecuteNonQuery();
            }

            transaction.Commit();
        }

        return rows / clock.Elapsed.TotalSeconds;
    }

    public static async Task<double> Postgres(string connectionString, int rows)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using (var schema = new NpgsqlCommand(Schema("postgres"), connection))
        {
            await schema.ExecuteNonQueryAsync();
        }

        var clock = Stopwatch.StartNew();
        for (var from = 0; from < rows; from += RowsPerCommit)
        {
            await using var copy = await connection.BeginBinaryImportAsync("COPY trust_record (seq, moment, action, who, role, kind, thing, address, trace, result, leaf) FROM STDIN (FORMAT BINARY)");
            for (var number = from; number < Math.Min(from + RowsPerCommit, rows); number++)
            {
                copy.StartRow();
                copy.Write((long)number, NpgsqlDbType.Bigint);
                copy.Write(1_790_000_000_000_000 + number, NpgsqlDbType.Bigint);
                foreach (var text in new[] { "observations.write", Who(number), "sensor", "datastream", Thing(number), Address(number), Trace(number), "done" })
                {
                    copy.Write(text, NpgsqlDbType.Text);
                }

                copy.Write(Leaf(number), NpgsqlDbType.Bytea);
            }

            await copy.CompleteAsync();
        }

        return rows / clock.Elapsed.TotalSeconds;
    }

    /// <summary>A leaf as long as the recorder's.</summary>
    public static byte[] Leaf(int number) => Encoding.UTF8.GetBytes(
        $$"""{"at":"2026-11-22T00:00:00.{{number % 1000:000}}Z","action":"observations.write","who":"{{Who(number)}}","role":"sensor","kind":"datastream","thing":"{{Thing(number)}}","after":"Zk1pYk9wT0xqY2Zzb3N1bmRzb3N1bmRzb3N1bmR{{number % 10_000:0000}}","from":"{{Address(number)}}","trace":"{{Trace(number)}}","result":"done"}""");

    private static string Who(int number) => $"kOcBhQ3lQ0aJ0s4m1x2a{number % 50:00}";

    private static string Thing(int number) => (number % 5000).ToString(CultureInfo.InvariantCulture);

    private static string Address(int number) => $"8Zp1jJ2hR5mQ7yT9wE4{number % 250:000}";

    private static string Trace(int number) => $"4bf92f3577b34da6a3ce929d0e0e{number % 10_000:0000}";

    /// <summary>The module's own scripts, so that the baseline's table and its indexes are the same to the letter.</summary>
    private static string Schema(string engine)
    {
        var assembly = typeof(Recorder).Assembly;
        return string.Concat(assembly.GetManifestResourceNames().Where(name => name.EndsWith($".{engine}.sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(name =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return reader.ReadToEnd();
        }));
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
