using System.Collections.Concurrent;
using Madang.Sensing.Ingest;
using Madang.Sensing.Mqtt.Packets;
using Madang.Sensing.Mqtt.Topics;
using Madang.Trust;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Sensing.Mqtt.Broker;

/// <summary>What all connections share, and which of them there are.</summary>
internal sealed partial class PostOffice(
    IOptions<MqttOptions> options, Sessions sessions, Watches watches, Filters filters, Intake intake, IngestQueue queue, StandingCallers callers, Refusals refusals, TimeProvider clock, ILogger<PostOffice> log)
{
    /// <summary>How long the last words to a client may take.</summary>
    private static readonly TimeSpan Parting = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<Connection, string?> open = [];
    private readonly Dictionary<string, int> byAddress = [];
    private readonly Lock gate = new();
    private volatile bool isClosing;

    public MqttOptions Options => options.Value;

    public Sessions Sessions => sessions;

    public Watches Watches => watches;

    public Filters Filters => filters;

    public Intake Intake => intake;

    public IngestQueue Queue => queue;

    public StandingCallers Callers => callers;

    public Refusals Refusals => refusals;

    public TimeProvider Clock => clock;

    /// <summary>The longest time a session is kept, in seconds.</summary>
    public uint LongestSession => (uint)options.Value.SessionHours * 3600;

    /// <summary>Serves a connection until it ends; at once when there is no room for it.</summary>
    public async Task Serve(System.IO.Pipelines.IDuplexPipe pipe, Peer peer)
    {
        var address = CallerAddress.Find(peer.Address);
        if (!TryEnter(address))
        {
            MqttMeters.Rejected.Add(1);
            callers.Refused("mqtt", "CONNECT", (int)Reason.ConnectionRateExceeded, peer.Address);
            await pipe.Input.CompleteAsync();
            await pipe.Output.CompleteAsync();
            return;
        }

        using var connection = new Connection(this, pipe, peer);
        open[connection] = address;
        MqttMeters.Connections.Add(1);
        try
        {
            await connection.Run();
        }
        finally
        {
            open.TryRemove(connection, out _);
            MqttMeters.Connections.Add(-1);
            Exit(address);
        }
    }

    /// <summary>What is due every second: silent connections, ended keys, sessions whose time is over, wills.</summary>
    public void Sweep()
    {
        foreach (var connection in open.Keys)
        {
            connection.CheckTime();
        }

        var (wills, ended) = sessions.Sweep();
        foreach (var connection in ended)
        {
            connection.End(Reason.NotAuthorized, "The key has ended.");
        }

        foreach (var (session, will, version) in wills)
        {
            _ = Publish(session, will, version);
        }
    }

    /// <summary>Ends every connection in good order: what came is acknowledged, then each is told.</summary>
    public async Task CloseAll(CancellationToken cancel)
    {
        isClosing = true;
        var all = open.Keys.ToList();
        await Task.WhenAll(all.Select(connection => connection.Settle(cancel)));
        all.ForEach(connection => connection.End(Reason.ServerShuttingDown, "The server stops."));
        while (!open.IsEmpty && !cancel.IsCancellationRequested)
        {
            await Task.Delay(20, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Waits until the last words have left, but not for long.</summary>
    public async Task Farewell(Outgoing outgoing)
    {
        try
        {
            await outgoing.Finish().WaitAsync(Parting, clock);
        }
        catch (TimeoutException)
        {
            // Whoever does not read is not waited for.
        }
    }

    /// <summary>A connection is gone: its session is kept or ends, and its will is published now or later.</summary>
    public void Leave(Session session, Connection connection, WillMessage? will, MqttVersion version)
    {
        if (will is not null)
        {
            var delay = Math.Min(will.Properties.Number(PropertyId.WillDelayInterval) ?? 0, session.ExpirySeconds);
            if (delay > 0 && session.Connection == connection)
            {
                session.DelayedWill = (will, version, clock.GetTimestamp() + (delay * clock.TimestampFrequency));
            }
            else if (delay == 0)
            {
                _ = Publish(session, will, version);
            }
        }

        if (sessions.Leave(session, connection))
        {
            SendWillOf(session);
        }
    }

    /// <summary>A session has ended: what was to be published later is published now (5.0, 3.1.3.2.2).</summary>
    public void SendWillOf(Session? ended)
    {
        if (ended?.DelayedWill is { } left)
        {
            ended.DelayedWill = null;
            _ = Publish(ended, left.Will, left.Version);
        }
    }

    public void Ended(Session session, Reason reason, string text) => Closed(log, session.ClientId, session.Caller.Id, reason, text);

    public void Broken(Exception exception) => Bug(log, exception);

    /// <summary>Publishes a will as its client would have; nobody waits for an answer, so a refusal is counted and logged.</summary>
    private async Task Publish(Session session, WillMessage will, MqttVersion version)
    {
        try
        {
            var caller = session.Standing.Now ?? Caller.Nobody;
            var target = PublishTarget.Parse(will.Topic);
            target.Demand(caller);
            session.Standing.Enter(caller, null);
            MqttMeters.Received.Add(1);
            await intake.Publish(target, will.Payload, queue, session);
            MqttMeters.Stored.Add(1);
        }
        catch (Exception exception)
        {
            refusals.Count(refusals.Failed(exception), session);
        }
    }

    private bool TryEnter(string? address)
    {
        lock (gate)
        {
            if (isClosing || open.Count >= options.Value.MaxConnections)
            {
                return false;
            }

            if (address is null)
            {
                return true;
            }

            var count = byAddress.GetValueOrDefault(address);
            if (count >= options.Value.MaxConnectionsPerAddress)
            {
                return false;
            }

            byAddress[address] = count + 1;
            return true;
        }
    }

    private void Exit(string? address)
    {
        lock (gate)
        {
            if (address is not null && --byAddress[address] == 0)
            {
                byAddress.Remove(address);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The MQTT connection of {Client} ({Who}) was ended, {Reason}: {Text}")]
    private static partial void Closed(ILogger log, string client, string who, Reason reason, string text);

    [LoggerMessage(Level = LogLevel.Error, Message = "An MQTT connection failed.")]
    private static partial void Bug(ILogger log, Exception exception);
}
