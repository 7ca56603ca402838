using Madang.Sensing.Mqtt.Packets;
using Madang.Sensing.Mqtt.Topics;
using Madang.Trust;

namespace Madang.Sensing.Mqtt.Broker;

/// <summary>
/// What is known of a client beyond its connection: its subscriptions, and the messages on their way to it and from it. It
/// lives in memory. All of it is read and changed under its own lock.
/// </summary>
internal sealed partial class Session(string scope, string clientId, StandingCaller standing, MqttOptions limits)
{
    private readonly Dictionary<string, Subscription> subscriptions = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <summary>Tells one session of a client from the next, in keys that outlive it.</summary>
    public Guid Instance { get; } = Guid.NewGuid();

    /// <summary>Whose client identifiers this one stands among: another caller's client of the same name is another client.</summary>
    public string Scope => scope;

    public string ClientId => clientId;

    /// <summary>Who stands behind it; of the connection that was last.</summary>
    public StandingCaller Standing { get; private set; } = standing;

    /// <summary>Who that is as the house stands now; looked up anew every second.</summary>
    public Caller Caller { get; private set; } = standing.Now ?? Caller.Nobody;

    /// <summary>The connection it has now; null while the client is away.</summary>
    public Connection? Connection { get; private set; }

    /// <summary>How long it is kept when the client is away, in seconds.</summary>
    public uint ExpirySeconds { get; set; }

    /// <summary>When the client went away, by the clock's timestamps.</summary>
    public long LeftAt { get; private set; }

    /// <summary>What is to be published for the client when its time has come.</summary>
    public (WillMessage Will, MqttVersion Version, long At)? DelayedWill { get; set; }

    public bool IsEnded { get; private set; }

    public int SubscriptionCount
    {
        get
        {
            lock (gate)
            {
                return subscriptions.Count;
            }
        }
    }

    /// <summary>True when it has a subscription of QoS 1 or 2.</summary>
    public bool HasPromises
    {
        get
        {
            lock (gate)
            {
                return subscriptions.Values.Any(subscription => subscription.Qos > 0);
            }
        }
    }

    /// <summary>Takes a new connection in; answers the one before it, which is to be told.</summary>
    public Connection? Attach(Connection connection, StandingCaller by, ushort receiveMaximum, uint maxPacket)
    {
        lock (gate)
        {
            var before = Connection;
            (Connection, Standing, Caller, DelayedWill) = (connection, by, by.Now ?? Caller.Nobody, null);
            (this.receiveMaximum, this.maxPacket) = (receiveMaximum, maxPacket);
            SendAgain();
            return before;
        }
    }

    /// <summary>The connection is gone; false when another has taken its place already.</summary>
    public bool Detach(Connection connection, long now)
    {
        lock (gate)
        {
            if (Connection != connection)
            {
                return false;
            }

            (Connection, LeftAt) = (null, now);
            ForgetQosZero();
            return true;
        }
    }

    /// <summary>Looks up who stands behind it; false when he is nobody any more.</summary>
    public bool Renew()
    {
        if (Standing.Now is not { } now)
        {
            return false;
        }

        Caller = now;
        return true;
    }

    /// <summary>Keeps a subscription, in the place of one to the same filter; false when the session has ended meanwhile.</summary>
    public bool Keep(Subscription subscription)
    {
        lock (gate)
        {
            if (!IsEnded)
            {
                subscriptions[subscription.Filter] = subscription;
            }

            return !IsEnded;
        }
    }

    public bool Has(string filter)
    {
        lock (gate)
        {
            return subscriptions.ContainsKey(filter);
        }
    }

    public Subscription? Drop(string filter)
    {
        lock (gate)
        {
            return subscriptions.Remove(filter, out var dropped) ? dropped : null;
        }
    }

    /// <summary>It is over; answers its subscriptions, which leave the index.</summary>
    public IReadOnlyList<Subscription> End()
    {
        lock (gate)
        {
            IsEnded = true;
            MqttMeters.Discarded.Add(waiting.Count + unacknowledged.Count);
            waiting.Clear();
            unacknowledged.Clear();
            sendAgain.Clear();
            IReadOnlyList<Subscription> left = [.. subscriptions.Values];
            subscriptions.Clear();
            return left;
        }
    }
}
