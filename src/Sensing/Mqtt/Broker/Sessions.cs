using Madang.Sensing.Mqtt.Packets;
using Madang.Sensing.Mqtt.Topics;
using Madang.Trust;
using Microsoft.Extensions.Options;

namespace Madang.Sensing.Mqtt.Broker;

/// <summary>All sessions: of clients who are here, and for a time of those who are away.</summary>
internal sealed class Sessions(Watches watches, IOptions<MqttOptions> options, TimeProvider clock)
{
    private readonly Dictionary<(string Scope, string ClientId), Session> all = [];
    private readonly Lock gate = new();
    private int away;

    /// <summary>Finds the session of a client, or begins one. With <paramref name="clean"/> what there was ends first.</summary>
    /// <returns>The session, whether it was there before, and the connection that it is taken from.</returns>
    public (Session Session, bool IsResumed, Connection? Before, Session? Ended) Open(string scope, string clientId, bool clean, StandingCaller by, Connection connection, ushort receiveMaximum, uint maxPacket)
    {
        lock (gate)
        {
            var known = all.GetValueOrDefault((scope, clientId));
            Connection? before = null;
            Session? ended = null;
            if (known is not null && (clean || known.IsEnded))
            {
                (before, ended) = (known.Connection, known);
                EndLocked(known);
                known = null;
            }

            var isResumed = known is not null;
            var session = known ?? new Session(scope, clientId, by, options.Value);
            if (!isResumed)
            {
                all[(scope, clientId)] = session;
                MqttMeters.Sessions.Add(1);
            }
            else if (session.Connection is null)
            {
                away--;
            }

            before = session.Attach(connection, by, receiveMaximum, maxPacket) ?? before;
            return (session, isResumed, before, ended);
        }
    }

    /// <summary>A connection is gone. Its session is kept for its time, when there is room; true when it has ended with it.</summary>
    public bool Leave(Session session, Connection connection)
    {
        lock (gate)
        {
            if (!session.Detach(connection, clock.GetTimestamp()))
            {
                return false;
            }

            if (session.IsEnded)
            {
                return true;
            }

            if (session.ExpirySeconds == 0 || away >= options.Value.MaxSessions)
            {
                EndLocked(session);
                return true;
            }

            away++;
            return false;
        }
    }

    /// <summary>Ends a session; its client hears of it by a new one at the next CONNECT.</summary>
    public void End(Session session)
    {
        lock (gate)
        {
            if (!session.IsEnded)
            {
                away -= session.Connection is null ? 1 : 0;
                EndLocked(session);
            }
        }
    }

    /// <summary>Sessions with a subscription by which nothing may be lost.</summary>
    public IReadOnlyList<Session> WithPromises()
    {
        lock (gate)
        {
            return [.. all.Values.Where(session => session.HasPromises)];
        }
    }

    /// <summary>Ends what has stood long enough, and what nobody stands behind any more; answers the wills whose time has come, and the connections that are to end.</summary>
    public (IReadOnlyList<(Session Session, WillMessage Will, MqttVersion Version)> Wills, IReadOnlyList<Connection> Ended) Sweep()
    {
        var wills = new List<(Session, WillMessage, MqttVersion)>();
        var ended = new List<Connection>();
        lock (gate)
        {
            var now = clock.GetTimestamp();
            foreach (var session in all.Values.ToList())
            {
                var isSomebody = session.Renew();
                var isOver = session.Connection is null && (!isSomebody || clock.GetElapsedTime(session.LeftAt, now).TotalSeconds >= session.ExpirySeconds);
                if (session.DelayedWill is { } will && session.Connection is null && (isOver || now >= will.At))
                {
                    session.DelayedWill = null;
                    wills.Add((session, will.Will, will.Version));
                }

                if (isOver)
                {
                    away--;
                    EndLocked(session);
                }
                else if (!isSomebody && session.Connection is { } connection)
                {
                    ended.Add(connection);
                }
            }
        }

        return (wills, ended);
    }

    private void EndLocked(Session session)
    {
        foreach (var subscription in session.End())
        {
            watches.Remove(session, subscription);
        }

        all.Remove((session.Scope, session.ClientId));
        MqttMeters.Sessions.Add(-1);
    }
}
