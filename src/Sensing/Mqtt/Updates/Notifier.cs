using Madang.Sensing.Changes;
using Madang.Sensing.Ingest;
using Madang.Sensing.Model;
using Madang.Sensing.Mqtt.Broker;
using Madang.Sensing.Mqtt.Packets;
using Madang.Sensing.Mqtt.Topics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Session = Madang.Sensing.Mqtt.Broker.Session;

namespace Madang.Sensing.Mqtt.Updates;

/// <summary>
/// Publishes what was committed to whoever subscribed to it and may see it (OGC 18-088, clause 14). Observations are written
/// from the values at hand, once for each way in which somebody wants them; other entities are read again.
/// </summary>
internal sealed partial class Notifier(ChangeFeed feed, Watches watches, Sessions sessions, EntityUpdates updates, IOptions<MqttOptions> options, ILogger<Notifier> log) : BackgroundService
{
    private const string Relation = "Observations";

    private readonly HashSet<Session> full = [];
    private readonly Dictionary<TopicRoot, Form> patternForms = [];

    /// <summary>Tells of what one commit changed.</summary>
    internal async Task Tell(Changes.Changes changes, CancellationToken cancel)
    {
        lock (watches.Gate)
        {
            foreach (var observation in changes.Observations)
            {
                Tell(observation);
            }
        }

        if (changes.Observations.Count > 0)
        {
            await updates.Datastreams(changes.Observations, Deliver, cancel);
        }

        foreach (var change in changes.Entities)
        {
            await updates.Tell(change, Deliver, cancel);
        }

        EndFull();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var listener = feed.Listen(options.Value.WaitingChanges);
        watches.Awake = isAwake => listener.IsAwake = isAwake;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var (all, hasMissed) = await listener.Take(stoppingToken);
                foreach (var changes in all)
                {
                    await Tell(changes, stoppingToken);
                }

                if (hasMissed)
                {
                    EndAll();
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                // What the store could not tell is missing for all who wait for it.
                NotTold(log, exception);
                EndAll();
            }
        }

        feed.Leave(listener);
    }

    private void Tell(NewObservation observation)
    {
        var set = SensorThingsModel.Observations;
        Tell(watches.OfSet(set), observation);
        var stream = EntityUpdates.StreamOf(observation).Name;
        Tell(watches.OfParent(new ParentKey(stream, Relation, observation.Datastream)), observation);
        Tell(watches.OfParent(new ParentKey("FeaturesOfInterest", Relation, observation.StoredFeature)), observation);
        if (watches.Patterns.Count > 0)
        {
            TellPatterns("Observations", observation);
            TellPatterns(FormattableString.Invariant($"{stream}({observation.Datastream})/Observations"), observation);
            TellPatterns(FormattableString.Invariant($"FeaturesOfInterest({observation.StoredFeature})/Observations"), observation);
        }
    }

    private void Tell(IReadOnlyList<Watch> found, NewObservation observation)
    {
        foreach (var watch in found)
        {
            Message? message = null;
            foreach (var (session, subscription) in watch.Subscribers)
            {
                if (IsFor(session, subscription, observation.Provider, observation.Origin))
                {
                    Deliver(session, subscription, message ??= new Message(watch.Topic, watch.Form.Write(observation)));
                }
            }
        }
    }

    private void TellPatterns(string topic, NewObservation observation) => watches.Patterns.Match(topic, (session, subscription) =>
    {
        var root = subscription.Pattern!.Value.Root;
        if (IsFor(session, subscription, observation.Provider, observation.Origin))
        {
            if (!patternForms.TryGetValue(root, out var form))
            {
                patternForms.Add(root, form = updates.Whole(root, SensorThingsModel.Observations));
            }

            Deliver(session, subscription, new Message($"{root.Text}/{topic}", form.Write(observation)));
        }
    });

    internal static bool IsFor(Session session, Subscription subscription, long? provider, object? origin) =>
        session.Caller.MayRead(provider) && !(subscription.NoLocal && ReferenceEquals(origin, session));

    private void Deliver(Session session, Subscription subscription, Message message)
    {
        if (!session.Deliver(message, subscription.Qos, subscription.Identifier))
        {
            full.Add(session);
        }
    }

    /// <summary>A session that cannot hold what may not be lost ends: its client is told now, or finds no session when it comes back.</summary>
    private void EndFull()
    {
        foreach (var session in full)
        {
            End(session, "More messages waited than a session holds.");
        }

        full.Clear();
    }

    /// <summary>Changes were missed: whoever was promised all of them is told.</summary>
    private void EndAll()
    {
        foreach (var session in sessions.WithPromises())
        {
            End(session, "The server was too busy to tell of everything.");
        }
    }

    private void End(Session session, string text)
    {
        MqttMeters.SessionsOverflowed.Add(1);
        var connection = session.Connection;
        sessions.End(session);
        connection?.End(Reason.QuotaExceeded, text);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Changes could not be told to MQTT subscribers; sessions that were promised them are ended.")]
    private static partial void NotTold(ILogger log, Exception exception);
}
