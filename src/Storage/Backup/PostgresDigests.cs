using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;

namespace Madang.Storage.Backup;

/// <summary>Digests of every table of a database: of what COPY writes as text, row by row in the order of the key.</summary>
internal static class PostgresDigests
{
    /// <summary>The relations of people: none of the system's, none of an extension's; partitions are read through their parent.</summary>
    private const string Relations =
        """
        SELECT c.oid::bigint AS id, CASE WHEN n.nspname = 'public' THEN quote_ident(c.relname) ELSE quote_ident(n.nspname) || '.' || quote_ident(c.relname) END AS name, c.relkind AS kind
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND NOT c.relispartition AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'
          AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
        """;

    private const int Letters = 32 * 1024;

    /// <summary>What COPY's text depends on beside the data.</summary>
    private const string Form = "SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'iso_8601'; SET LOCAL timezone = 'UTC'; SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; SET LOCAL search_path = public";

    public static async Task<IReadOnlyList<TableDigest>> Of(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancel)
    {
        await connection.ExecuteAsync(Form, transaction: transaction);
        var digests = new List<TableDigest>();
        foreach (var (id, name) in await connection.QueryAsync<(long, string)>($"SELECT id, name FROM ({Relations}) AS relations WHERE kind IN ('r', 'p') ORDER BY name COLLATE \"C\"", transaction: transaction))
        {
            digests.Add(await Digest(connection, name, await Order(connection, transaction, id), cancel));
        }

        return digests;
    }

    /// <summary>The primary key, texts byte by byte, so that no collation of a machine matters; without a key the whole row as text.</summary>
    private static async Task<string> Order(NpgsqlConnection connection, NpgsqlTransaction transaction, long table)
    {
        var key = await connection.QueryAsync<string>(
            """
            SELECT quote_ident(a.attname) || CASE WHEN a.attcollation <> 0 THEN ' COLLATE "C"' ELSE '' END
            FROM pg_index i CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k (number, place)
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
            WHERE i.indrelid = @table::oid AND i.indisprimary ORDER BY k.place
            """,
            new { table },
            transaction);
        return string.Join(", ", key) is { Length: > 0 } order ? order : "t::text COLLATE \"C\"";
    }

    private static async Task<TableDigest> Digest(NpgsqlConnection connection, string table, string order, CancellationToken cancel)
    {
        using var rows = await connection.BeginTextExportAsync($"COPY (SELECT * FROM {table} t ORDER BY {order}) TO STDOUT", cancel);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var letters = new char[Letters];
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(Letters)];
        var encoder = Encoding.UTF8.GetEncoder();
        var count = 0L;
        int read;
        while ((read = await rows.ReadAsync(letters, cancel)) > 0)
        {
            // Within a value a line's end is written as \n.
            count += letters.AsSpan(0, read).Count('\n');
            hash.AppendData(bytes, 0, encoder.GetBytes(letters.AsSpan(0, read), bytes, flush: false));
        }

        return new TableDigest(table, count, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>The name of a table or the like in the database; null when it is empty.</summary>
    public static Task<string?> FindRelation(NpgsqlConnection connection) => connection.QueryFirstOrDefaultAsync<string?>($"SELECT name FROM ({Relations}) AS relations ORDER BY kind DESC LIMIT 1");

    /// <summary>The commands that take away every table and the like.</summary>
    public static Task<IEnumerable<string>> Drops(NpgsqlConnection connection) => connection.QueryAsync<string>(
        $"""
        SELECT 'DROP ' || CASE kind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END || ' IF EXISTS ' || name || ' CASCADE'
        FROM ({Relations}) AS relations ORDER BY CASE WHEN kind = 'S' THEN 1 ELSE 0 END
        """);
}
