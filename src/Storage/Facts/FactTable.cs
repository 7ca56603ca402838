using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Npgsql;

namespace Madang.Storage.Facts;

/// <summary>A fact as it lies in its table.</summary>
internal sealed record StoredFact(long Id, long Tx, string Kind, string Body)
{
    private IFact? told;

    /// <summary>The fact itself, read once for all who react to it: nobody changes it.</summary>
    public TFact As<TFact>()
        where TFact : IFact => (TFact)(told ??= JsonSerializer.Deserialize<TFact>(Body)!);
}

/// <summary>The outbox: appended to in the transaction of the change, read by <see cref="FactPump"/>.</summary>
internal static class FactTable
{
    private const long EnoughLetters = 1_000_000;

    /// <summary>Saves the facts a change has told, on PostgreSQL with the commit, and answers which partitions they fell into, as a bit set.</summary>
    internal static uint Append(WriteScope scope, DateTimeOffset now)
    {
        if (scope.Facts.Count == 0)
        {
            return 0;
        }

        var rows = scope.Facts
            .Select(told => new { Partition = FactPartitions.Of(told.Key), Kind = told.Fact.GetType().Name, Body = JsonSerializer.Serialize(told.Fact, told.Fact.GetType()), At = now.ToMicros() })
            .ToList();
        if (scope.Engine == Engine.Sqlite)
        {
            var insert = SqliteStatement.On(scope, "INSERT INTO facts (partition, kind, body, at) VALUES (?1, ?2, ?3, ?4)");
            foreach (var row in rows)
            {
                insert.Bind(1, row.Partition);
                insert.Bind(2, row.Kind);
                insert.Bind(3, row.Body);
                insert.Bind(4, row.At);
                insert.Run();
            }
        }
        else
        {
            scope.WithCommit(new NpgsqlBatchCommand("INSERT INTO facts (partition, kind, body, at) SELECT p, k, b, $4 FROM unnest($1, $2, $3) AS u(p, k, b)")
            {
                Parameters =
                {
                    new NpgsqlParameter<int[]> { TypedValue = [.. rows.Select(row => row.Partition)] },
                    new NpgsqlParameter<string[]> { TypedValue = [.. rows.Select(row => row.Kind)] },
                    new NpgsqlParameter<string[]> { TypedValue = [.. rows.Select(row => row.Body)] },
                    new NpgsqlParameter<long> { TypedValue = now.ToMicros() },
                },
            });
        }

        return rows.Aggregate(0u, (bits, row) => bits | (1u << row.Partition));
    }

    /// <summary>The facts behind a place, at most so many and so long: after an outage a thousand large commits may wait in each partition, and are not held in memory at once.</summary>
    internal static async Task<List<StoredFact>> After(ReadScope read, Engine engine, int partition, (long Tx, long Id) cursor, int atMost)
    {
        var settled = engine == Engine.Postgres ? "AND tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint" : "";
        await using var found = await read.Connection.ExecuteReaderAsync(
            $"SELECT id, tx, kind, body FROM facts WHERE partition = @partition AND (tx, id) > (@Tx, @Id) {settled} ORDER BY tx, id LIMIT @atMost",
            new { partition, cursor.Tx, cursor.Id, atMost },
            read.Transaction);
        var (facts, letters) = (new List<StoredFact>(), 0L);
        while (letters < EnoughLetters && await found.ReadAsync(read.Cancel))
        {
            facts.Add(new StoredFact(found.GetInt64(0), found.GetInt64(1), found.GetString(2), found.GetString(3)));
            letters += facts[^1].Body.Length;
        }

        return facts;
    }
}
