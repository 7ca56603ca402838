using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Madang.Storage.Backup;

/// <summary>Digests of every table of a file that nobody writes. Each value is hashed behind its type, texts and bytes behind their length.</summary>
internal static class SqliteDigests
{
    private const int Enough = 64 * 1024;

    public static IReadOnlyList<TableDigest> Of(string file, CancellationToken cancel)
    {
        // Immutable: no -wal and -shm appear beside a file that is only looked at.
        var address = new Uri(Path.GetFullPath(file)).AbsoluteUri + "?immutable=1";
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = address, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        return [.. Tables(connection).Select(table => Digest(connection, table.Name, table.Order, cancel))];
    }

    /// <summary>By rowid where there is one: the table lies in that order, and a copy keeps it.</summary>
    private static List<(string Name, string Order)> Tables(SqliteConnection connection)
    {
        var tables = connection.Query<(string Name, bool IsWithoutRowid)>("SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'shadow') AND name NOT IN ('sqlite_schema') ORDER BY name").AsList();
        return [.. tables.Select(table => (table.Name, table.IsWithoutRowid
            ? string.Join(", ", connection.Query<string>("SELECT name FROM pragma_table_info(@Name) WHERE pk > 0 ORDER BY pk", new { table.Name }).Select(Quote))
            : "rowid"))];
    }

    private static TableDigest Digest(SqliteConnection connection, string table, string order, CancellationToken cancel)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(connection.Handle, $"SELECT * FROM {Quote(table)} ORDER BY {order}", out var rows), connection.Handle);
        using var statement = rows;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var columns = raw.sqlite3_column_count(rows);
        var bytes = new ArrayBufferWriter<byte>(2 * Enough);
        var count = 0L;
        int step;
        while ((step = raw.sqlite3_step(rows)) == raw.SQLITE_ROW)
        {
            count++;
            for (var column = 0; column < columns; column++)
            {
                Add(bytes, rows, column);
            }

            if (bytes.WrittenCount >= Enough)
            {
                cancel.ThrowIfCancellationRequested();
                hash.AppendData(bytes.WrittenSpan);
                bytes.ResetWrittenCount();
            }
        }

        SqliteException.ThrowExceptionForRC(step == raw.SQLITE_DONE ? raw.SQLITE_OK : step, connection.Handle);
        hash.AppendData(bytes.WrittenSpan);
        return new TableDigest(table, count, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static void Add(ArrayBufferWriter<byte> bytes, sqlite3_stmt rows, int column)
    {
        var type = raw.sqlite3_column_type(rows, column);
        bytes.GetSpan(1)[0] = (byte)type;
        bytes.Advance(1);
        switch (type)
        {
            case raw.SQLITE_INTEGER:
                BinaryPrimitives.WriteInt64BigEndian(bytes.GetSpan(sizeof(long)), raw.sqlite3_column_int64(rows, column));
                bytes.Advance(sizeof(long));
                break;
            case raw.SQLITE_FLOAT:
                BinaryPrimitives.WriteDoubleBigEndian(bytes.GetSpan(sizeof(double)), raw.sqlite3_column_double(rows, column));
                bytes.Advance(sizeof(double));
                break;
            case raw.SQLITE_NULL:
                break;
            default:
                var value = raw.sqlite3_column_blob(rows, column);
                BinaryPrimitives.WriteInt32BigEndian(bytes.GetSpan(sizeof(int)), value.Length);
                bytes.Advance(sizeof(int));
                bytes.Write(value);
                break;
        }
    }

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
