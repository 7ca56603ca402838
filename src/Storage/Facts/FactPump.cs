using Madang.Kernel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Madang.Storage.Facts;

/// <summary>A reaction by name, with the kind of fact it wants and the way to call it.</summary>
internal sealed record Subscription(string Reaction, string Kind, Func<IServiceProvider, StoredFact, CancellationToken, Task> Deliver)
{
    public static Subscription For<TFact, TReaction>(string name)
        where TFact : IFact
        where TReaction : class, IReaction<TFact> =>
        new(name, typeof(TFact).Name, (services, fact, cancel) =>
            services.GetRequiredService<TReaction>().React(fact.As<TFact>(), cancel));
}

/// <summary>
/// Delivers facts in this process: one loop a partition, so that facts of one key never overtake each other. Cursors are
/// saved once a second and at the stop; after a crash the facts of the last second come again. A cluster will put
/// RabbitMQ's partitions in the place of these loops.
/// </summary>
internal sealed partial class FactPump(
    IDatabase database, FactSignal signal, FactCursors cursors, IEnumerable<Subscription> subscriptions, IServiceProvider services, TimeProvider clock, ILogger<FactPump> log) : BackgroundService
{
    private const int Batch = 256;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1), FirstPause = TimeSpan.FromMilliseconds(200), LongestPause = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);

    private readonly Subscription[] subscriptions = [.. subscriptions];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (subscriptions.Length == 0)
        {
            await cursors.ClearOld(stoppingToken);
            return;
        }

        await cursors.Load(stoppingToken);
        await Task.WhenAll(Enumerable.Range(0, FactPartitions.Count).Select(partition => Task.Run(() => Pump(partition, stoppingToken), stoppingToken)));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await cursors.Save(cancellationToken);
        }
        catch (UnavailableException exception)
        {
            CursorsNotSaved(log, exception);
        }
    }

    private async Task Pump(int partition, CancellationToken cancel)
    {
        var lanes = subscriptions.GroupBy(subscription => subscription.Reaction).Select(reaction => new Lane(reaction.Key, [.. reaction])).ToList();
        try
        {
            while (!cancel.IsCancellationRequested)
            {
                var delivered = 0;
                foreach (var abreast in lanes.Where(lane => clock.GetElapsedTime(lane.FailedAt) >= lane.Pause).GroupBy(lane => cursors.Get(lane.Reaction, partition)).ToList())
                {
                    delivered += await Advance([.. abreast], partition, abreast.Key, cancel);
                }

                if (delivered > 0)
                {
                    // A breath lets the next commits' facts gather: many are read at once, and nobody sees 50 ms.
                    await Task.Delay(Breath, cancel);
                }
                else
                {
                    await signal.Wait(partition, lanes.Aggregate(Poll, (soonest, lane) => lane.Pause > TimeSpan.Zero && lane.Pause < soonest ? lane.Pause : soonest), cancel);
                }
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The stop: what was delivered is saved in StopAsync.
        }
    }

    /// <summary>One step of the reactions that stand at the same place: what comes next is read once for all of them.</summary>
    private async Task<int> Advance(List<Lane> lanes, int partition, (long Tx, long Id) from, CancellationToken cancel)
    {
        List<StoredFact> facts;
        try
        {
            await using var read = await database.Read(cancel);
            facts = await FactTable.After(read, database.Engine, partition, from, Batch);
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            lanes.ForEach(lane => Fail(lane, partition, exception));
            return 0;
        }

        foreach (var lane in lanes)
        {
            await Deliver(lane, partition, facts, cancel);
        }

        return facts.Count;
    }

    /// <summary>Delivers facts to one reaction; when it fails it alone pauses, and the others go on.</summary>
    private async Task Deliver(Lane lane, int partition, List<StoredFact> facts, CancellationToken cancel)
    {
        try
        {
            foreach (var fact in facts)
            {
                foreach (var subscription in lane.Wanted.Where(subscription => subscription.Kind == fact.Kind))
                {
                    await subscription.Deliver(services, fact, cancel);
                }

                cursors.Set(lane.Reaction, partition, (fact.Tx, fact.Id));
            }

            await cursors.SaveWhenDue(cancel);
            lane.Pause = TimeSpan.Zero;
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            Fail(lane, partition, exception);
        }
    }

    private void Fail(Lane lane, int partition, Exception exception)
    {
        lane.Pause = lane.Pause == TimeSpan.Zero ? FirstPause : TimeSpan.FromTicks(Math.Min(lane.Pause.Ticks * 2, LongestPause.Ticks));
        lane.FailedAt = clock.GetTimestamp();
        DeliveryFailed(log, lane.Reaction, partition, lane.Pause.TotalSeconds, exception);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The reaction {Reaction} failed in partition {Partition}; the fact comes again in {Seconds} s.")]
    private static partial void DeliveryFailed(ILogger log, string reaction, int partition, double seconds, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store was lost before the stop: facts of the last second are delivered again at the next start.")]
    private static partial void CursorsNotSaved(ILogger log, Exception exception);

    /// <summary>One reaction in one partition, and how long it pauses after a failure.</summary>
    private sealed class Lane(string reaction, Subscription[] wanted)
    {
        public string Reaction => reaction;

        public Subscription[] Wanted => wanted;

        public TimeSpan Pause { get; set; }

        public long FailedAt { get; set; }
    }
}
