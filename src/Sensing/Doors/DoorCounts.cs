using Dapper;
using Madang.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Madang.Sensing.Doors;

/// <summary>How much came through each door. Counted in memory and written every few seconds; a crash loses the counts of those, and nothing else.</summary>
internal sealed partial class DoorCounts(IDatabase database, TimeProvider clock, ILogger<DoorCounts> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private Dictionary<string, Count> waiting = [];

    public void Add(string door, Count more)
    {
        lock (gate)
        {
            waiting[door] = waiting.TryGetValue(door, out var known) ? known + more : more;
        }
    }

    /// <summary>All counts there are: those of the store and those that wait here.</summary>
    public async Task<Dictionary<string, Count>> Read(ReadScope read)
    {
        var stored = (await read.Connection.QueryAsync<(string Door, long Received, long Stored, long Kept, long Dropped, long? Heard, long Repeated)>(
            "SELECT door, received, stored, kept, dropped, heard_at, repeated FROM door_counts", transaction: read.Transaction)).ToDictionary(row => row.Door, row => new Count(row.Received, row.Stored, row.Kept, row.Dropped, row.Heard, row.Repeated));
        lock (gate)
        {
            foreach (var (door, more) in waiting)
            {
                stored[door] = stored.TryGetValue(door, out var known) ? known + more : more;
            }
        }

        return stored;
    }

    /// <summary>Writes what waits.</summary>
    public async Task Flush(CancellationToken cancel)
    {
        Dictionary<string, Count> counts;
        lock (gate)
        {
            (counts, waiting) = (waiting, []);
        }

        if (counts.Count == 0)
        {
            return;
        }

        try
        {
            await database.Write(scope => Write(scope, counts), cancel);
        }
        catch
        {
            foreach (var (door, count) in counts)
            {
                Add(door, count);
            }

            throw;
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryFlush(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryFlush(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The last counts are written when the server stops.
        }
    }

    private async Task TryFlush(CancellationToken cancel)
    {
        try
        {
            await Flush(cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Written when the server stops.
        }
        catch (Exception exception)
        {
            NotWritten(log, exception);
        }
    }

    private static async Task Write(WriteScope scope, Dictionary<string, Count> counts)
    {
        foreach (var (door, count) in counts.OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            await scope.Connection.ExecuteAsync(
                """
                INSERT INTO door_counts AS c (door, received, stored, kept, dropped, heard_at, repeated) VALUES (@door, @Received, @Stored, @Kept, @Dropped, @Heard, @Repeated)
                ON CONFLICT (door) DO UPDATE SET received = c.received + excluded.received, stored = c.stored + excluded.stored, kept = c.kept + excluded.kept,
                    dropped = c.dropped + excluded.dropped, repeated = c.repeated + excluded.repeated, heard_at = coalesce(excluded.heard_at, c.heard_at)
                """,
                new { door, count.Received, count.Stored, count.Kept, count.Dropped, count.Heard, count.Repeated },
                scope.Transaction);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The counts of the device doors could not be written; they are tried again.")]
    private static partial void NotWritten(ILogger log, Exception exception);
}

/// <summary>What came through a door.</summary>
/// <param name="Received">Records.</param>
/// <param name="Stored">Observations.</param>
/// <param name="Kept">Records that did not fit.</param>
/// <param name="Dropped">Kept ones that made room for newer ones.</param>
/// <param name="Heard">When something came last, in microseconds.</param>
/// <param name="Repeated">Values that were stored already.</param>
internal readonly record struct Count(long Received, long Stored, long Kept, long Dropped, long? Heard, long Repeated)
{
    public static Count operator +(Count one, Count other) => new(one.Received + other.Received, one.Stored + other.Stored, one.Kept + other.Kept, one.Dropped + other.Dropped, other.Heard ?? one.Heard, one.Repeated + other.Repeated);
}
