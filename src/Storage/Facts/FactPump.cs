using System.Text.Json;
using Madang.Kernel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Madang.Storage.Facts;

/// <summary>A reaction by name, with the kind of fact it wants and the way to call it.</summary>
internal sealed record Subscription(string Reaction, string Kind, Func<IServiceProvider, string, CancellationToken, Task> Deliver)
{
    public static Subscription For<TFact, TReaction>(string name)
        where TFact : IFact
        where TReaction : class, IReaction<TFact> =>
        new(name, typeof(TFact).Name, (services, body, cancel) =>
            services.GetRequiredService<TReaction>().React(JsonSerializer.Deserialize<TFact>(body)!, cancel));
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
                foreach (var lane in lanes.Where(lane => clock.GetElapsedTime(lane.FailedAt) >= lane.Pause))
                {
                    delivered += await Advance(lane, partition, cancel);
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

    /// <summary>One step of one reaction; when it fails it alone pauses, and the others go on.</summary>
    private async Task<int> Advance(Lane lane, int partition, CancellationToken cancel)
    {
        try
        {
            var delivered = await DeliverNext(lane.Reaction, lane.Wanted, partition, cancel);
            lane.Pause = TimeSpan.Zero;
            return delivered;
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            lane.Pause = lane.Pause == TimeSpan.Zero ? FirstPause : TimeSpan.FromTicks(Math.Min(lane.Pause.Ticks * 2, LongestPause.Ticks));
            lane.FailedAt = clock.GetTimestamp();
            DeliveryFailed(log, lane.Reaction, partition, lane.Pause.TotalSeconds, exception);
            return 0;
        }
    }

    /// <summary>Delivers the next facts of one partition to one reaction and answers how many; one pass of the loop.</summary>
    internal async Task<int> DeliverNext(string reaction, Subscription[] wanted, int partition, CancellationToken cancel)
    {
        List<StoredFact> facts;
        await using (var read = await database.Read(cancel))
        {
            facts = await FactTable.After(read, database.Engine, partition, cursors.Get(reaction, partition), Batch);
        }

        foreach (var fact in facts)
        {
            foreach (var subscription in wanted)
            {
                if (subscription.Kind == fact.Kind)
                {
                    await subscription.Deliver(services, fact.Body, cancel);
                }
            }

            cursors.Set(reaction, partition, (fact.Tx, fact.Id));
        }

        await cursors.SaveWhenDue(cancel);
        return facts.Count;
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
