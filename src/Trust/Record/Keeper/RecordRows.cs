using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Npgsql;

namespace Madang.Trust.Record.Keeper;

/// <summary>Turns entries into rows and stores them. Their places are 0, 1, 2, … without a hole, in the order of the commits.</summary>
internal sealed class RecordRows(Subjects subjects, TimeProvider clock)
{
    private const int MostLetters = 200;

    /// <summary>"record" as a number: the advisory lock under which places are given on PostgreSQL.</summary>
    private const long PlaceLock = 0x7265636f7264;

    private const string Columns = "moment, action, who, role, purpose, kind, thing, address, trace, result, leaf";

    /// <summary>As many waiting entries get their places in one commit.</summary>
    public const int MostAtOnce = 5_000;

    /// <summary>The rows of entries: persons and addresses become digests, texts are cut and cleaned.</summary>
    public async Task<List<Row>> Read(WriteScope scope, IEnumerable<RecordEntry> entries)
    {
        var rows = new List<Row>();
        foreach (var entry in entries)
        {
            rows.Add(await Read(scope, entry));
        }

        return rows;
    }

    /// <summary>Until this transaction ends nobody else gives or takes places.</summary>
    public static async Task Lock(WriteScope scope)
    {
        if (scope.Engine == Engine.Postgres)
        {
            await scope.Connection.ExecuteAsync("SELECT pg_advisory_xact_lock(@PlaceLock)", new { PlaceLock }, scope.Transaction);
        }
    }

    /// <summary>Stores rows of the recorder's own commit at the next places; the places are locked until it ends.</summary>
    public static async Task Append(WriteScope scope, IReadOnlyList<Row> rows)
    {
        if (scope.Engine == Engine.Sqlite)
        {
            AppendSqlite(scope, rows);
            return;
        }

        // One round trip. Each statement sees what was committed before it began: behind the lock, what its last holder did.
        await using var batch = new NpgsqlBatch((NpgsqlConnection)scope.Connection, (NpgsqlTransaction)scope.Transaction);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT pg_advisory_xact_lock($1)") { Parameters = { new NpgsqlParameter<long> { TypedValue = PlaceLock } } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            $"""
            WITH taken AS (DELETE FROM trust_record_waiting WHERE id IN (SELECT id FROM trust_record_waiting ORDER BY id LIMIT $1) RETURNING *)
            INSERT INTO trust_record (seq, {Columns})
            SELECT (SELECT coalesce(max(seq), -1) FROM trust_record) + row_number() OVER (ORDER BY id), {Columns} FROM taken
            """)
        { Parameters = { new NpgsqlParameter<long> { TypedValue = MostAtOnce } } });
        if (rows.Count > 0)
        {
            batch.BatchCommands.Add(Insert($"INSERT INTO trust_record (seq, {Columns}) SELECT (SELECT coalesce(max(seq), -1) FROM trust_record) + n, {Columns}", rows));
        }

        await batch.ExecuteNonQueryAsync(scope.Cancel);
    }

    /// <summary>Stores rows within somebody's change. On PostgreSQL the recorder gives them their places after the commit.</summary>
    public static void Add(WriteScope scope, IReadOnlyList<Row> rows)
    {
        if (scope.Engine == Engine.Sqlite)
        {
            AppendSqlite(scope, rows);
        }
        else
        {
            scope.WithCommit(Insert($"INSERT INTO trust_record_waiting ({Columns}) SELECT {Columns}", rows));
        }
    }

    /// <summary>True while entries of changes wait for their places.</summary>
    public static async Task<bool> IsWaiting(IDatabase database, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return await read.Connection.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM trust_record_waiting)", transaction: read.Transaction);
    }

    private async Task<Row> Read(WriteScope scope, RecordEntry entry)
    {
        var moment = (entry.At ?? clock.GetUtcNow()).ToMicros();
        var who = entry.Who is RecordEntry.Anonymous or RecordEntry.Local ? entry.Who : (await subjects.Get(scope, entry.Who)).Digest;
        var person = entry is { IsPersonal: true, Thing: { } name } ? await subjects.Get(scope, name) : null;
        var (action, result) = (Clean(entry.Action), Clean(entry.Result));
        var (role, purpose, kind, trace) = (CleanOrNull(entry.Role), CleanOrNull(entry.Purpose), CleanOrNull(entry.Kind), CleanOrNull(entry.Trace));
        var thing = person?.Digest ?? CleanOrNull(entry.Thing);
        var address = entry.From is { } from ? await subjects.Address(scope, from, moment) : null;
        var before = entry.Before is { } old ? subjects.Content(person?.Salt, old.Span) : null;
        var after = entry.After is { } fresh ? subjects.Content(person?.Salt, fresh.Span) : null;
        var leaf = Leaf.Write(moment, action, who, role, purpose, kind, thing, before, after, address, trace, result);
        return new Row(moment, action, who, role, purpose, kind, thing, address, trace, result, leaf);
    }

    private static string? CleanOrNull(string? text) => text is null ? null : Clean(text);

    /// <summary>What a stranger sent may stand in an entry of a refusal: it is cut, and what neither engine nor JSON can hold is replaced.</summary>
    private static string Clean(string text)
    {
        var isCut = text.Length > MostLetters;
        if (!isCut && !text.AsSpan().ContainsAnyInRange('\0', '\x1f') && !text.AsSpan().ContainsAnyInRange('\xd800', '\xdfff'))
        {
            return text;
        }

        // Runes, so that a character of two halves is kept whole and half of one is replaced.
        var clean = string.Concat((isCut ? text[..MostLetters] : text).EnumerateRunes().Select(rune => rune.Value < ' ' ? "\ufffd" : rune.ToString()));
        return isCut ? clean + "…" : clean;
    }

    private static void AppendSqlite(WriteScope scope, IReadOnlyList<Row> rows)
    {
        var last = SqliteStatement.On(scope, "SELECT coalesce(max(seq), -1) FROM trust_record");
        var next = 0L;
        while (last.Step())
        {
            next = last.Whole(0) + 1;
        }

        var insert = SqliteStatement.On(scope, $"INSERT INTO trust_record (seq, {Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)");
        foreach (var row in rows)
        {
            insert.Bind(1, next++);
            insert.Bind(2, row.Moment);
            insert.Bind(3, row.Action);
            insert.Bind(4, row.Who);
            insert.Bind(5, row.Role);
            insert.Bind(6, row.Purpose);
            insert.Bind(7, row.Kind);
            insert.Bind(8, row.Thing);
            insert.Bind(9, row.Address);
            insert.Bind(10, row.Trace);
            insert.Bind(11, row.Result);
            insert.Bind(12, row.Leaf.AsSpan());
            insert.Run();
        }
    }

    private static NpgsqlBatchCommand Insert(string insert, IReadOnlyList<Row> rows)
    {
        var command = new NpgsqlBatchCommand($"{insert} FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) WITH ORDINALITY AS u({Columns}, n) ORDER BY n");
        Add(command, rows, row => row.Moment);
        Add(command, rows, row => row.Action);
        Add(command, rows, row => row.Who);
        Add(command, rows, row => row.Role);
        Add(command, rows, row => row.Purpose);
        Add(command, rows, row => row.Kind);
        Add(command, rows, row => row.Thing);
        Add(command, rows, row => row.Address);
        Add(command, rows, row => row.Trace);
        Add(command, rows, row => row.Result);
        Add(command, rows, row => row.Leaf);
        return command;
    }

    private static void Add<T>(NpgsqlBatchCommand command, IReadOnlyList<Row> rows, Func<Row, T> value) =>
        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = [.. rows.Select(value)] });
}
