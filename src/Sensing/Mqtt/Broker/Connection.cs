using System.IO.Pipelines;
using System.Net;
using Madang.Sensing.Mqtt.Packets;
using Madang.Sensing.Mqtt.Topics;

namespace Madang.Sensing.Mqtt.Broker;

/// <summary>The other end of a connection, as its door sees it.</summary>
/// <param name="Address">The remote address; null for a Unix socket.</param>
/// <param name="IsNear">Whether it sits on this machine.</param>
/// <param name="Secret">A key that came with the web request; null without one.</param>
internal sealed record Peer(IPAddress? Address, bool IsNear, string? Secret);

/// <summary>One connection of a client: reads what it sends, and ends it when it breaks the protocol, is silent for too long, or may no longer be here.</summary>
internal sealed partial class Connection : IDisposable
{
    private const int TopicAliases = 16;

    private readonly PostOffice office;
    private readonly IDuplexPipe pipe;
    private readonly Peer peer;
    private readonly PacketReader reader;
    private readonly Inbox inbox;
    private readonly CancellationTokenSource closing = new();
    private readonly Lock endGate = new();
    private Session? session;
    private WillMessage? will;
    private string?[]? aliases;
    private (string? Topic, PublishTarget? Target) lastTarget;
    private (Reason Reason, string Text)? ending;
    private long heardAt;
    private double patience;
    private bool isWaiting;

    public Connection(PostOffice office, IDuplexPipe pipe, Peer peer)
    {
        (this.office, this.pipe, this.peer) = (office, pipe, peer);
        Outgoing = new Outgoing(pipe.Output);
        reader = new PacketReader(office.Options.MaxPacketKilobytes * 1024);
        inbox = new Inbox(office.Queue, Outgoing, office.Refusals, office.Options.ReceiveMaximum, () => session, closing.Token);
        (heardAt, patience) = (office.Clock.GetTimestamp(), office.Options.ConnectSeconds);
    }

    public Outgoing Outgoing { get; }

    /// <summary>False when the client asked not to be told reasons in words.</summary>
    public bool WantsReasons { get; private set; } = true;

    /// <summary>Reads until either side ends it.</summary>
    public async Task Run()
    {
        try
        {
            await Read();
        }
        catch (BadPacketException bad)
        {
            if (session is null && bad.Reason == Reason.UnsupportedProtocolVersion)
            {
                // MQTT-3.1.2-2: who speaks another version is told so, in the way of the oldest that is spoken here.
                Refuse(new Verdict(bad.Reason, bad.Message));
            }

            End(bad.Reason, bad.Message);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException or System.Net.WebSockets.WebSocketException)
        {
            // The other side is gone without a word: its will is published below.
        }
        catch (Exception exception)
        {
            office.Broken(exception);
            End(Reason.UnspecifiedError, "The server made a mistake.");
        }
        finally
        {
            await Close();
        }
    }

    /// <summary>Ends it, from whichever thread: a client of 5.0 is told why.</summary>
    public void End(Reason reason, string text)
    {
        lock (endGate)
        {
            ending ??= (reason, text);
        }

        inbox.Close();
        pipe.Input.CancelPendingRead();
    }

    /// <summary>Called every second: ends a connection that was silent for too long (keep-alive and half of it again, 3.1.2.10).</summary>
    public void CheckTime()
    {
        if (patience > 0 && !Volatile.Read(ref isWaiting) && office.Clock.GetElapsedTime(Volatile.Read(ref heardAt)).TotalSeconds > patience)
        {
            if (session is null)
            {
                MqttMeters.Rejected.Add(1);
            }

            End(Reason.KeepAliveTimeout, "Nothing was heard for too long.");
        }
    }

    /// <summary>Returns when the messages that came are acknowledged.</summary>
    public async Task Settle(CancellationToken cancel)
    {
        while (inbox.Pending > 0 && !cancel.IsCancellationRequested)
        {
            await Task.Delay(20, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => closing.Dispose();

    private async Task Read()
    {
        while (ending is null)
        {
            if (inbox.IsFull || Outgoing.IsCrowded)
            {
                await Pause();
            }

            var result = await pipe.Input.ReadAsync(CancellationToken.None);
            if (ending is not null)
            {
                return;
            }

            Volatile.Write(ref heardAt, office.Clock.GetTimestamp());
            var buffer = result.Buffer;
            var goesOn = true;
            try
            {
                while (goesOn && !inbox.IsFull && reader.TryRead(ref buffer, out var packet))
                {
                    goesOn = await Handle(packet);
                }
            }
            finally
            {
                // What was good before a packet that is bad has come, and counts.
                inbox.Submit();
            }

            pipe.Input.AdvanceTo(buffer.Start, inbox.IsFull && !buffer.IsEmpty ? buffer.Start : buffer.End);
            if (!goesOn || result.IsCompleted)
            {
                return;
            }
        }
    }

    /// <summary>Nothing is read while the store is behind or the client reads no answers; the silence is then ours.</summary>
    private async Task Pause()
    {
        Volatile.Write(ref isWaiting, true);
        await inbox.Room();
        while (Outgoing.IsCrowded && ending is null && office.Clock.GetElapsedTime(heardAt).TotalSeconds < Math.Max(patience, office.Options.ConnectSeconds))
        {
            await Task.Delay(50, CancellationToken.None);
        }

        Volatile.Write(ref heardAt, office.Clock.GetTimestamp());
        Volatile.Write(ref isWaiting, false);
    }

    /// <summary>False when the connection ends in good order.</summary>
    private ValueTask<bool> Handle(Packet packet)
    {
        if (session is null && packet is not ConnectPacket)
        {
            throw BadPacketException.Protocol("The first packet is no CONNECT.");
        }

        switch (packet)
        {
            case PublishPacket publish:
                return Receive(publish);
            case AckPacket ack:
                Acknowledged(ack);
                return new(true);
            case ConnectPacket connect:
                return new(Connect(connect));
            case SubscribePacket subscribe:
                return new(Subscribe(subscribe));
            case UnsubscribePacket unsubscribe:
                Unsubscribe(unsubscribe);
                return new(true);
            case PingPacket { Kind: PacketKind.PingReq }:
                Outgoing.Send(PingPacket.Response);
                return new(true);
            case DisconnectPacket disconnect:
                Disconnected(disconnect);
                return new(false);
            default:
                throw BadPacketException.Protocol("A client does not send this packet.");
        }
    }

    private void Acknowledged(AckPacket ack)
    {
        switch (ack.Kind)
        {
            case PacketKind.PubAck or PacketKind.PubComp:
                session!.Finish(ack.Id);
                break;
            case PacketKind.PubRec when ack.Reason >= Reason.UnspecifiedError:
                session!.Finish(ack.Id);
                break;
            case PacketKind.PubRec:
                if (session!.Release(ack.Id))
                {
                    Outgoing.Acknowledge(PacketKind.PubRel, ack.Id);
                    return;
                }

                Outgoing.Send(new AckPacket(PacketKind.PubRel, ack.Id, Reason.PacketIdentifierNotFound));
                return;
            default:
                if (session!.ReleaseReceived(ack.Id) || Outgoing.Version == MqttVersion.V311)
                {
                    Outgoing.Acknowledge(PacketKind.PubComp, ack.Id);
                    return;
                }

                Outgoing.Send(new AckPacket(PacketKind.PubComp, ack.Id, Reason.PacketIdentifierNotFound));
                return;
        }

        Outgoing.Wake();
    }

    private void Disconnected(DisconnectPacket disconnect)
    {
        if (disconnect.Reason != Reason.DisconnectWithWill)
        {
            will = null;
        }

        if (disconnect.Properties.Number(PropertyId.SessionExpiryInterval) is { } expiry)
        {
            if (session!.ExpirySeconds == 0 && expiry > 0)
            {
                throw BadPacketException.Protocol("A session that ends with its connection cannot be kept by a DISCONNECT.");
            }

            session.ExpirySeconds = Math.Min(expiry, office.LongestSession);
        }
    }

    private async Task Close()
    {
        if (ending is { } end && session is not null && Outgoing.Version == MqttVersion.V5)
        {
            Outgoing.Send(new DisconnectPacket(end.Reason) { Properties = new Properties().Add(PropertyId.ReasonString, Refusals.Cut(end.Text)) });
        }

        if (ending is { } why && session is not null)
        {
            office.Ended(session, why.Reason, why.Text);
        }

        await office.Farewell(Outgoing);
        Outgoing.Close();
        await closing.CancelAsync();
        inbox.Close();
        await pipe.Input.CompleteAsync();
        await pipe.Output.CompleteAsync();
        if (session is { } mine)
        {
            office.Leave(mine, this, will, Outgoing.Version);
        }
    }
}
