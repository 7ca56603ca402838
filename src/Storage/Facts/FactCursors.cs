using System.Collections.Concurrent;
using Dapper;
using Madang.Kernel;

namespace Madang.Storage.Facts;

/// <summary>
/// How far each reaction has come: kept in memory, saved at most once a second. Saving also clears away facts that every
/// reaction has seen and that are older than a minute (a busy city tells gigabytes an hour).
/// </summary>
internal sealed class FactCursors(IDatabase database, IEnumerable<Subscription> subscriptions, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(1), KeepSeen = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Reaction, int Partition), (long Tx, long Id)> positions = new();
    private readonly ConcurrentDictionary<(string Reaction, int Partition), (long Tx, long Id)> unsaved = new();
    private readonly SemaphoreSlim saving = new(1, 1);
    private long savedAt;

    public void Dispose() => saving.Dispose();

    public async Task Load(CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        var rows = await read.Connection.QueryAsync<(string Reaction, int Partition, long Tx, long Id)>(
            "SELECT reaction, partition, tx, id FROM fact_cursors", transaction: read.Transaction);
        foreach (var row in rows)
        {
            positions[(row.Reaction, row.Partition)] = (row.Tx, row.Id);
        }
    }

    public (long Tx, long Id) Get(string reaction, int partition) => positions.GetValueOrDefault((reaction, partition), (-1, -1));

    public void Set(string reaction, int partition, (long Tx, long Id) position)
    {
        positions[(reaction, partition)] = position;
        unsaved[(reaction, partition)] = position;
    }

    public async Task SaveWhenDue(CancellationToken cancel)
    {
        if (!unsaved.IsEmpty && clock.GetElapsedTime(Interlocked.Read(ref savedAt)) >= SaveEvery && await saving.WaitAsync(0, cancel))
        {
            try
            {
                Interlocked.Exchange(ref savedAt, clock.GetTimestamp());
                await SaveNow(cancel);
            }
            finally
            {
                saving.Release();
            }
        }
    }

    public async Task Save(CancellationToken cancel)
    {
        await saving.WaitAsync(cancel);
        try
        {
            if (!unsaved.IsEmpty)
            {
                await SaveNow(cancel);
            }
        }
        finally
        {
            saving.Release();
        }
    }

    /// <summary>Clears away by age alone; for a process in which nothing reacts.</summary>
    public Task ClearOld(CancellationToken cancel)
    {
        var before = (clock.GetUtcNow() - KeepSeen).ToMicros();
        return database.Write(scope => scope.Connection.ExecuteAsync("DELETE FROM facts WHERE at < @before", new { before }, scope.Transaction), cancel);
    }

    private async Task SaveNow(CancellationToken cancel)
    {
        var rows = unsaved.Select(entry => new { entry.Key.Reaction, entry.Key.Partition, entry.Value.Tx, entry.Value.Id }).ToList();
        await database.Write(
            async scope =>
            {
                await scope.Connection.ExecuteAsync(
                    "INSERT INTO fact_cursors (reaction, partition, tx, id) VALUES (@Reaction, @Partition, @Tx, @Id) ON CONFLICT (reaction, partition) DO UPDATE SET tx = excluded.tx, id = excluded.id",
                    rows,
                    scope.Transaction);
                await ClearSeen(scope);
            },
            cancel);
        foreach (var row in rows)
        {
            unsaved.TryRemove(KeyValuePair.Create((row.Reaction, row.Partition), (row.Tx, row.Id)));
        }
    }

    private async Task ClearSeen(WriteScope scope)
    {
        var before = (clock.GetUtcNow() - KeepSeen).ToMicros();
        foreach (var partition in unsaved.Keys.Select(key => key.Partition).Distinct().Order())
        {
            var slowest = subscriptions.Select(subscription => Get(subscription.Reaction, partition)).Min();
            await scope.Connection.ExecuteAsync(
                "DELETE FROM facts WHERE partition = @partition AND (tx, id) <= (@Tx, @Id) AND at < @before",
                new { partition, slowest.Tx, slowest.Id, before },
                scope.Transaction);
        }
    }
}
