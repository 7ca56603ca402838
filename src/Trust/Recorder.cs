using Madang.Kernel;
using Madang.Storage;
using Madang.Trust.Record.Keeper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Trust;

/// <summary>
/// Keeps the record. An entry that belongs to a change is written with it (<see cref="Record(WriteScope, RecordEntry)"/>);
/// every other waits with many for one durable commit and is acknowledged after it.
/// </summary>
public sealed partial class Recorder : BackgroundService
{
    private const int AnswersAtOnce = 256;

    /// <summary>How often the recorder looks for entries of changes on PostgreSQL, other nodes' among them.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300), Rest = TimeSpan.FromSeconds(5);

    private readonly IDatabase database;
    private readonly RecordRows rows;
    private readonly RecordBell bell;
    private readonly int limit;
    private readonly ILogger<Recorder> log;
    private readonly object gate = new();
    private readonly Queue<Job> jobs = [];
    private TimeSpan pause = Look;
    private bool isComplete;
    private int waiting;

    internal Recorder(IDatabase database, RecordRows rows, RecordBell bell, IOptions<TrustOptions> options, ILogger<Recorder> log) =>
        (this.database, this.rows, this.bell, limit, this.log) = (database, rows, bell, options.Value.RecordQueueLimit, log);

    /// <summary>
    /// Writes an entry in the transaction of the change it tells of: both are stored or neither. On PostgreSQL it gets its
    /// place in the record a moment after the commit.
    /// </summary>
    public Task Record(WriteScope scope, RecordEntry entry) => Record(scope, [entry]);

    /// <summary>Writes entries in the transaction of the change they tell of.</summary>
    public async Task Record(WriteScope scope, IReadOnlyList<RecordEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(scope);
        RecordRows.Add(scope, await rows.Read(scope, entries));
        bell.Ring();
    }

    /// <summary>Stores an entry with others' and returns when it is durable.</summary>
    public Task Record(RecordEntry entry) => Record([entry]);

    /// <summary>Stores entries and returns when all are durable. Refused with 503 when too many wait; none is stored then.</summary>
    public Task Record(IReadOnlyList<RecordEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var job = new Job(entries);
        lock (gate)
        {
            if (isComplete)
            {
                throw new UnavailableException("stopping", "The server is stopping. Nothing of this request was recorded.", TimeSpan.FromSeconds(5));
            }

            // Many in one call are let in when nobody waits, or they never were.
            if (waiting > 0 && waiting + entries.Count > limit)
            {
                throw new UnavailableException("record-queue-full", "Too many entries wait to be recorded. Nothing of this request was recorded; send it again a little later.", TimeSpan.FromSeconds(1));
            }

            waiting += entries.Count;
            jobs.Enqueue(job);
            Monitor.Pulse(gate);
        }

        return job.Done.Task;
    }

    /// <summary>No more is taken; what waits is still stored.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            isComplete = true;
            Monitor.Pulse(gate);
        }

        if (ExecuteTask is { } running)
        {
            await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await base.StopAsync(cancellationToken);
    }

    /// <summary>A thread of its own, since SQLite blocks the one that commits.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Factory.StartNew(
        () =>
        {
            while (NextGroup() is { } group)
            {
                Keep(group).GetAwaiter().GetResult();
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    /// <summary>Gives entries of changes their places; on SQLite they have them already.</summary>
    internal async Task Settle(CancellationToken cancel)
    {
        while (database.Engine == Engine.Postgres && await RecordRows.IsWaiting(database, cancel))
        {
            await database.Write(scope => RecordRows.Append(scope, []), cancel);
            bell.Ring();
        }
    }

    /// <summary>Waits for entries and takes those for one commit, or none when it is time to look; null when no more will come.</summary>
    private List<Job>? NextGroup()
    {
        lock (gate)
        {
            if (jobs.Count == 0)
            {
                if (isComplete)
                {
                    return null;
                }

                Monitor.Wait(gate, database.Engine == Engine.Postgres ? pause : Rest);
            }

            var group = new List<Job>();
            var count = 0;
            while (jobs.TryPeek(out var next) && (group.Count == 0 || count + next.Entries.Count <= RecordRows.MostAtOnce))
            {
                group.Add(jobs.Dequeue());
                count += next.Entries.Count;
            }

            return group;
        }
    }

    private async Task Keep(List<Job> group)
    {
        try
        {
            if (group.Count == 0)
            {
                await Settle(CancellationToken.None);
                pause = Look;
                return;
            }

            await database.Write(async scope => await RecordRows.Append(scope, await rows.Read(scope, group.SelectMany(job => job.Entries))), CancellationToken.None);
            bell.Ring();
            Leave(group);
            Answer(group, job => job.Done.SetResult());
        }
        catch (Exception exception)
        {
            // Whoever waits hears of it; what waits in the table is tried again at the next look.
            pause = Rest;
            NotKept(log, group.Sum(job => job.Entries.Count), exception);
            Leave(group);
            Answer(group, job => job.Done.SetException(exception));
        }
    }

    private void Leave(List<Job> group)
    {
        lock (gate)
        {
            waiting -= group.Sum(job => job.Entries.Count);
        }
    }

    /// <summary>Answers a few at a time on other threads, while the next commit begins.</summary>
    private static void Answer(List<Job> group, Action<Job> answer)
    {
        foreach (var some in group.Chunk(AnswersAtOnce))
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ => Array.ForEach(some, job => answer(job)), null);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Entries} entries of the record could not be stored.")]
    private static partial void NotKept(ILogger log, int entries, Exception exception);

    private sealed record Job(IReadOnlyList<RecordEntry> Entries)
    {
        public TaskCompletionSource Done { get; } = new();
    }
}
