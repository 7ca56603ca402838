using Dapper;
using Madang.Storage;
using Madang.Trust.Record.Retention;

namespace Madang.Trust.Record.Log;

/// <summary>What the log signed last.</summary>
internal sealed record Head(string Origin, long Size, byte[] Root);

/// <summary>The table as the log reads it, and the note of what was signed.</summary>
internal sealed class LogTable(IDatabase database)
{
    public const int RowsAtOnce = 4096;

    /// <summary>More different actions than any city has.</summary>
    private const int MostActions = 2_000;

    /// <summary>The next entries in order, from one place to before another.</summary>
    public async Task<List<(long Seq, byte[] Leaf)>> Read(long from, long end, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        var rows = await read.Connection.QueryAsync<(long, byte[])>(
            new CommandDefinition("SELECT seq, leaf FROM trust_record WHERE seq >= @from AND seq < @end ORDER BY seq LIMIT @RowsAtOnce", new { from, end, RowsAtOnce }, read.Transaction, cancellationToken: read.Cancel));
        return rows.AsList();
    }

    /// <summary>How many entries the table says it has, by the last one.</summary>
    public async Task<long> Count(CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return await read.Connection.ExecuteScalarAsync<long>("SELECT coalesce(max(seq), -1) + 1 FROM trust_record", transaction: read.Transaction);
    }

    /// <summary>Every action that there is an entry of, one look into the index for each.</summary>
    public async Task<IReadOnlyList<string>> Actions(CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return (await read.Connection.QueryAsync<string>(
            """
            WITH RECURSIVE actions (action) AS (
                SELECT min(action) FROM trust_record
                UNION ALL
                SELECT (SELECT min(r.action) FROM trust_record r WHERE r.action > actions.action) FROM actions WHERE actions.action IS NOT NULL)
            SELECT action FROM actions WHERE action IS NOT NULL LIMIT @MostActions
            """,
            new { MostActions },
            read.Transaction)).AsList();
    }

    /// <summary>True while a row is left between two places, the second not counted.</summary>
    public async Task<bool> HasRows(long from, long end, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return await read.Connection.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM trust_record WHERE seq >= @from AND seq < @end)", new { from, end }, read.Transaction);
    }

    /// <summary>True when anything was ever destroyed because its time was over.</summary>
    public async Task<bool> WasDestroyed(CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return await read.Connection.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM trust_record WHERE action = @Destroy)", new { RetentionRule.Destroy }, read.Transaction);
    }

    public async Task<Head?> FindHead(CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return await read.Connection.QuerySingleOrDefaultAsync<Head>("SELECT origin, size, root FROM trust_record_head", transaction: read.Transaction);
    }

    public Task Save(Head head, CancellationToken cancel) => database.Write(
        scope => scope.Connection.ExecuteAsync(
            "INSERT INTO trust_record_head (one, origin, size, root) VALUES (1, @Origin, @Size, @Root) ON CONFLICT (one) DO UPDATE SET origin = excluded.origin, size = excluded.size, root = excluded.root",
            head,
            scope.Transaction),
        cancel);
}
