using System.Text.Json;
using Dapper;
using Madang.Kernel;

namespace Madang.Storage.Facts;

/// <summary>A fact as it lies in its table.</summary>
internal sealed record StoredFact(long Id, long Tx, string Kind, string Body);

/// <summary>The outbox: appended to in the transaction of the change, read by <see cref="FactPump"/>.</summary>
internal static class FactTable
{
    /// <summary>How many partitions facts are dealt into. Fixed: changing it would break the order of facts already stored.</summary>
    internal const int Partitions = 16;

    internal static int PartitionOf(string key)
    {
        // FNV-1a, because string.GetHashCode differs from process to process.
        var hash = 2166136261u;
        foreach (var character in key)
        {
            hash = (hash ^ character) * 16777619u;
        }

        return (int)(hash % Partitions);
    }

    /// <summary>Saves the facts a change has told, and answers which partitions they fell into, as a bit set.</summary>
    internal static async Task<uint> Append(WriteScope scope, DateTimeOffset now)
    {
        var partitions = 0u;
        foreach (var (fact, key) in scope.Facts)
        {
            var partition = PartitionOf(key);
            partitions |= 1u << partition;
            await scope.Connection.ExecuteAsync(
                "INSERT INTO facts (partition, kind, body, at) VALUES (@partition, @Kind, @Body, @At)",
                new { partition, Kind = fact.GetType().Name, Body = JsonSerializer.Serialize(fact, fact.GetType()), At = now.ToMicros() },
                scope.Transaction);
        }

        return partitions;
    }

    internal static async Task<List<StoredFact>> After(ReadScope read, Engine engine, int partition, (long Tx, long Id) cursor, int atMost)
    {
        var settled = engine == Engine.Postgres ? "AND tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint" : "";
        var facts = await read.Connection.QueryAsync<StoredFact>(
            $"SELECT id, tx, kind, body FROM facts WHERE partition = @partition AND (tx, id) > (@Tx, @Id) {settled} ORDER BY tx, id LIMIT @atMost",
            new { partition, cursor.Tx, cursor.Id, atMost },
            read.Transaction);
        return facts.AsList();
    }
}
