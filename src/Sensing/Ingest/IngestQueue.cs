using System.Diagnostics.Metrics;
using System.Net;
using Madang.Kernel;
using Madang.Sensing.Changes;
using Madang.Storage;
using Madang.Trust;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Sensing.Ingest;

/// <summary>
/// Groups the Observations of many requests into one commit and answers each request after it. The queue is bounded: when
/// it is full, a request is refused with 503 and <c>Retry-After</c>, and nothing of it is stored.
/// </summary>
internal sealed partial class IngestQueue(IDatabase database, ObservationInserter inserter, Recorder recorder, ChangeFeed feed, IOptions<SensingOptions> options, TimeProvider clock, ILogger<IngestQueue> log) : BackgroundService
{
    /// <summary>Enough to spread a commit's cost, few enough that nobody waits long for another's.</summary>
    private const int RowsPerCommit = 20_000;

    private const int AnswersAtOnce = 16;

    /// <summary>Up to here a commit costs more than the Observations in it, so that a larger one is worth a wait.</summary>
    private const int FewRows = 300;

    /// <summary>About as long as such a commit takes on PostgreSQL. The wait ends sooner when all are there.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(2);

    private static readonly Meter Meter = new("Madang.Sensing");
    private static readonly Counter<long> Stored = Meter.CreateCounter<long>("madang.sensing.observations.stored", "{observation}", "Observations stored and acknowledged.");
    private static readonly Counter<long> Refused = Meter.CreateCounter<long>("madang.sensing.observations.refused", "{observation}", "Observations refused: bad, or no room in the queue.");
    private static readonly UpDownCounter<long> Waiting = Meter.CreateUpDownCounter<long>("madang.sensing.observations.waiting", "{observation}", "Observations in the queue.");

    private readonly object gate = new();
    private readonly Queue<Job> jobs = [];
    private bool isComplete;
    private int lastJobs;
    private int expected;
    private int waiting;

    /// <summary>True while Observations wait to be stored.</summary>
    public bool IsWaiting => Volatile.Read(ref waiting) > 0;

    /// <summary>Stores Observations with others' and answers after the commit, item by item.</summary>
    public Task<Outcome[]> Store(List<NewObservation> observations, IdempotencyKey? key)
    {
        if (observations.Count == 0)
        {
            return Task.FromResult<Outcome[]>([]);
        }

        if (Interlocked.Add(ref waiting, observations.Count) > options.Value.QueueLimit && waiting != observations.Count)
        {
            Interlocked.Add(ref waiting, -observations.Count);
            Refused.Add(observations.Count);
            throw new UnavailableException("ingest-queue-full", "Too many Observations wait to be stored. Nothing of this request was stored; send it again a little later.", TimeSpan.FromSeconds(1));
        }

        Waiting.Add(observations.Count);
        var by = Caller.Current;
        foreach (var observation in observations)
        {
            observation.By = by;
        }

        var job = new Job(observations, key, Caller.Address);
        if (!TryAdd(job))
        {
            Leave(job);
            throw new UnavailableException("stopping", "The server is stopping. Nothing of this request was stored.", TimeSpan.FromSeconds(5));
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

    /// <summary>
    /// A thread of its own: SQLite blocks the thread that commits, and on two cores a blocked thread of the pool is half of
    /// those that read requests.
    /// </summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Factory.StartNew(
        () =>
        {
            // Ends when the queue is complete and empty, not at the token: what was taken is stored.
            while (NextGroup() is { } group)
            {
                StoreGroup(group).GetAwaiter().GetResult();
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private bool TryAdd(Job job)
    {
        lock (gate)
        {
            if (isComplete)
            {
                return false;
            }

            jobs.Enqueue(job);
            if (jobs.Count == 1 || jobs.Count == expected)
            {
                Monitor.Pulse(gate);
            }

            return true;
        }
    }

    /// <summary>
    /// Waits for requests and takes those for one commit; null when no more will come. Who was just answered and sends again
    /// at once would come a little too late for this commit, and senders would stay two halves that take turns: so on
    /// PostgreSQL, where a commit goes there and back, as many as were in the last one get a moment to come too.
    /// </summary>
    private List<Job>? NextGroup()
    {
        lock (gate)
        {
            expected = lastJobs == 0 ? 0 : lastJobs + jobs.Count;
            while (jobs.Count == 0)
            {
                if (isComplete)
                {
                    return null;
                }

                Monitor.Wait(gate);
            }

            if (jobs.Count < expected && !isComplete)
            {
                Monitor.Wait(gate, Gathering);
            }

            var group = new List<Job>();
            var rows = 0;
            while (jobs.TryPeek(out var next) && (group.Count == 0 || rows + next.Observations.Count <= RowsPerCommit))
            {
                group.Add(jobs.Dequeue());
                rows += next.Observations.Count;
            }

            lastJobs = database.Engine == Engine.Postgres && rows <= FewRows ? group.Count : 0;
            return group;
        }
    }

    private async Task StoreGroup(List<Job> group)
    {
        try
        {
            var outcomes = await database.Write(scope => Insert(scope, group), CancellationToken.None);
            Tell(group, outcomes);
            Answer(group, outcomes);
        }
        catch (Exception exception) when (group.Count > 1 && exception is not UnavailableException)
        {
            // One job spoilt the commit of all: each is tried alone, so that only its own sender hears of it.
            GroupFailed(log, group.Count, exception);
            foreach (var job in group)
            {
                await StoreGroup([job]);
            }
        }
        catch (Exception exception)
        {
            foreach (var job in group)
            {
                Leave(job);
                ThreadPool.UnsafeQueueUserWorkItem(_ => job.Done.SetException(exception), null);
            }
        }
    }

    /// <summary>Tells of what this commit stored; what a key said that came before has other ids than its Observations.</summary>
    private void Tell(List<Job> group, Outcome[][] outcomes)
    {
        if (feed.IsHeard)
        {
            feed.Stored([.. group.SelectMany((job, index) => job.Observations.Where((observation, item) => outcomes[index][item].Refusal is null && observation.Id == outcomes[index][item].Id))]);
        }
    }

    private async Task<Outcome[][]> Insert(WriteScope scope, List<Job> group)
    {
        var outcomes = new Outcome[group.Count][];
        var answered = new Dictionary<string, int>();
        var fresh = new List<NewObservation>();
        for (var index = 0; index < group.Count; index++)
        {
            outcomes[index] = await FindAnswer(scope, group, index, answered) ?? [];
            if (outcomes[index].Length == 0 && !IsRepeat(group, index, answered))
            {
                fresh.AddRange(group[index].Observations);
            }
        }

        var refusals = fresh.Count > 0 ? await inserter.Insert(scope, fresh, isLast: true) : [];
        var at = 0;
        var record = new IngestRecord();
        for (var index = 0; index < group.Count; index++)
        {
            if (outcomes[index].Length > 0)
            {
                continue;
            }

            if (IsRepeat(group, index, answered))
            {
                outcomes[index] = outcomes[answered[group[index].Key!.Key]];
                continue;
            }

            outcomes[index] = [.. group[index].Observations.Select(observation => new Outcome(observation.Id, refusals[at++]))];
            record.Add(group[index].Observations.Where((_, item) => outcomes[index][item].Refusal is null), group[index].From);
            if (outcomes[index].Count(outcome => outcome.Refusal?.Reason == Refusal.NotTheirs) is > 0 and var count)
            {
                record.Refuse(group[index].Observations[0].By, group[index].From, count);
            }

            if (group[index].Key is { } key)
            {
                await Idempotency.Remember(scope, key, OutcomeText.Write(outcomes[index]));
            }
        }

        if (record.Entries() is { Count: > 0 } entries)
        {
            await recorder.Record(scope, entries);
        }

        return outcomes;
    }

    /// <summary>What was answered to the job's key before this commit; notes the first job of this commit for each key.</summary>
    private async Task<Outcome[]?> FindAnswer(WriteScope scope, List<Job> group, int index, Dictionary<string, int> answered)
    {
        if (group[index].Key is not { } key)
        {
            return null;
        }

        if (answered.TryGetValue(key.Key, out var first))
        {
            return group[first].Key!.Digest == key.Digest ? null : throw Idempotency.Reused();
        }

        answered.Add(key.Key, index);
        return await Idempotency.Claim(scope, key, clock.GetUtcNow()) is { } answer ? OutcomeText.Read(answer) : null;
    }

    private static bool IsRepeat(List<Job> group, int index, Dictionary<string, int> answered) =>
        group[index].Key is { } key && answered[key.Key] != index;

    /// <summary>Answers the requests of a commit a few at a time: one thread writes several answers while the next commit begins.</summary>
    private void Answer(List<Job> group, Outcome[][] outcomes)
    {
        for (var from = 0; from < group.Count; from += AnswersAtOnce)
        {
            var (first, end) = (from, Math.Min(from + AnswersAtOnce, group.Count));
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    for (var index = first; index < end; index++)
                    {
                        Finish(group[index], outcomes[index]);
                    }
                },
                null);
        }
    }

    private void Finish(Job job, Outcome[] outcomes)
    {
        Leave(job);
        var refused = outcomes.Count(outcome => outcome.Refusal is not null);
        Stored.Add(outcomes.Length - refused);
        Refused.Add(refused);
        job.Done.SetResult(outcomes);
    }

    private void Leave(Job job)
    {
        Interlocked.Add(ref waiting, -job.Observations.Count);
        Waiting.Add(-job.Observations.Count);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A commit of {Requests} requests failed; each is tried alone.")]
    private static partial void GroupFailed(ILogger log, int requests, Exception exception);

    /// <summary>The Observations of one request. What waits for <see cref="Done"/> goes on in the thread that answers, never in the writer's.</summary>
    private sealed record Job(List<NewObservation> Observations, IdempotencyKey? Key, IPAddress? From)
    {
        public TaskCompletionSource<Outcome[]> Done { get; } = new();
    }
}
