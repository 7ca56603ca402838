using System.Runtime.CompilerServices;
using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Madang.Trust.Record.Book;
using Madang.Trust.Record.Log;

namespace Madang.Trust.Record.Review;

/// <summary>What a review asks of the table. Each question goes by an index and has an end.</summary>
internal sealed class ReviewTable(IDatabase database, LogTable table)
{
    /// <summary>More entries than these are not looked through at once.</summary>
    public const int MostRows = 500_000;

    private const int MostActors = 20_000, MostKeys = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public Task<IReadOnlyList<string>> Actions(CancellationToken cancel) => table.Actions(cancel);

    /// <summary>How many entries each action has in a month.</summary>
    public async Task<List<RecordCount>> Count(IEnumerable<string> actions, Month month, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel, Patience);
        var counts = new List<RecordCount>();
        foreach (var action in actions)
        {
            var command = new CommandDefinition(
                "SELECT count(*) FROM trust_record WHERE action = @action AND moment >= @from AND moment < @until",
                new { action, from = month.From.ToMicros(), until = month.Until.ToMicros() }, read.Transaction, cancellationToken: read.Cancel);
            if (await read.Connection.ExecuteScalarAsync<long>(command) is > 0 and var count)
            {
                counts.Add(new RecordCount(action, count));
            }
        }

        return counts;
    }

    /// <summary>The entries of one action between two moments, by time.</summary>
    public async IAsyncEnumerable<ReviewRow> Rows(string action, DateTimeOffset from, DateTimeOffset until, int most, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var read = await database.Read(cancel, Patience);
        var rows = read.Connection.QueryUnbufferedAsync<ReviewRow>(
            """
            SELECT seq AS Seq, moment AS Moment, action AS Action, who AS Who, kind AS Kind, thing AS Thing, address AS Address, purpose AS Purpose, result AS Result
            FROM trust_record WHERE action = @action AND moment >= @from AND moment < @until ORDER BY moment LIMIT @most
            """,
            new { action, from = from.ToMicros(), until = until.ToMicros(), most },
            read.Transaction);
        await foreach (var row in rows.WithCancellation(read.Cancel))
        {
            yield return row;
        }
    }

    /// <summary>Who did nothing for long and then, in this month, something: the digest, the place and moment of the first entry, and the moment of the one before.</summary>
    public async Task<IReadOnlyList<Silent>> FindSilent(Month month, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel, Patience);
        return (await read.Connection.QueryAsync<Silent>(new CommandDefinition(
            """
            WITH RECURSIVE actors (who, n) AS (
                SELECT min(who), 1 FROM trust_record
                UNION ALL
                SELECT (SELECT min(r.who) FROM trust_record r WHERE r.who > actors.who), n + 1 FROM actors WHERE actors.who IS NOT NULL AND n < @MostActors),
            edges AS (
                SELECT a.who, (SELECT min(r.seq) FROM trust_record r WHERE r.who = a.who AND r.seq >= m.first) AS used, (SELECT max(r.seq) FROM trust_record r WHERE r.who = a.who AND r.seq < m.first) AS past
                FROM actors a CROSS JOIN (SELECT seq AS first FROM trust_record WHERE moment >= @from ORDER BY moment LIMIT 1) m
                WHERE a.who IS NOT NULL)
            SELECT e.who AS Who, u.seq AS Seq, u.moment AS Used, p.moment AS Past
            FROM edges e JOIN trust_record u ON u.seq = e.used JOIN trust_record p ON p.seq = e.past
            WHERE u.moment < @until AND u.moment - p.moment >= @silence ORDER BY u.seq LIMIT @MostKeys
            """,
            new { from = month.From.ToMicros(), until = month.Until.ToMicros(), silence = RecordRules.Silence.Ticks / TimeSpan.TicksPerMicrosecond, MostActors, MostKeys },
            read.Transaction,
            cancellationToken: read.Cancel))).AsList();
    }

    /// <summary>Whose digests these are, as far as anybody knows.</summary>
    public async Task<RecordNames> Names(IEnumerable<string> digests, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return await RecordNames.Find(read, database.Engine, digests.Distinct());
    }

    /// <summary>The moment of the oldest entry; null when there is none.</summary>
    public async Task<DateTimeOffset?> FindFirst(CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return await read.Connection.ExecuteScalarAsync<long?>("SELECT min(moment) FROM trust_record", transaction: read.Transaction) is { } micros ? IsoTime.FromMicros(micros) : null;
    }

    /// <summary>The months that were looked through, by month.</summary>
    public async Task<Dictionary<string, RecordReviewed>> Reviewed(CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        var rows = await read.Connection.QueryAsync<(string, string, long, string, long, long, long)>(
            "SELECT month, reviewer, moment, note, entries, refused, unusual FROM trust_record_reviews", transaction: read.Transaction);
        return rows.Select(row => new RecordReviewed(row.Item1, row.Item2, IsoTime.FromMicros(row.Item3), row.Item4, row.Item5, row.Item6, row.Item7)).ToDictionary(review => review.Month);
    }

    /// <summary>Keeps that a month was looked through; false when somebody else did already.</summary>
    public static async Task<bool> Keep(WriteScope scope, RecordReviewed done) => await scope.Connection.ExecuteAsync(
        """
        INSERT INTO trust_record_reviews (month, reviewer, moment, note, entries, refused, unusual) VALUES (@Month, @Reviewer, @moment, @Note, @Entries, @Refused, @Unusual)
        ON CONFLICT (month) DO NOTHING
        """,
        new { done.Month, done.Reviewer, moment = done.At.ToMicros(), done.Note, done.Entries, done.Refused, done.Unusual },
        scope.Transaction) == 1;
}

/// <summary>Somebody who was silent for long.</summary>
internal sealed class Silent
{
    public string Who { get; init; } = "";

    public long Seq { get; init; }

    public long Used { get; init; }

    public long Past { get; init; }
}
