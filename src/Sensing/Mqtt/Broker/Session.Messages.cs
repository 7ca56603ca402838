using System.Buffers;
using System.IO.Pipelines;
using Madang.Sensing.Mqtt.Packets;

namespace Madang.Sensing.Mqtt.Broker;

/// <summary>The messages on their way to the client: a bounded queue, and those that wait for their acknowledgement.</summary>
internal sealed partial class Session
{
    private readonly Queue<Delivery> waiting = [];
    private readonly Dictionary<ushort, Delivery> unacknowledged = [];
    private readonly Queue<Delivery> sendAgain = [];
    private int waitingBytes, sent;
    private ushort lastId;
    private long order;
    private ushort receiveMaximum = ushort.MaxValue;
    private uint maxPacket = uint.MaxValue;

    /// <summary>
    /// Queues a message. False when there is no room for one that may not be lost: then the session must end. One of QoS 0 is
    /// dropped and counted then, and is not kept for a client who is away.
    /// </summary>
    public bool Deliver(Message message, byte qos, uint? identifier)
    {
        Outgoing? wake;
        lock (gate)
        {
            if (IsEnded || (qos == 0 && Connection is null))
            {
                return true;
            }

            if (waiting.Count >= limits.SessionMessages || waitingBytes > limits.SessionKilobytes * 1024L)
            {
                if (qos == 0)
                {
                    MqttMeters.Dropped.Add(1);
                }

                return qos == 0;
            }

            waiting.Enqueue(new Delivery(message, qos, identifier));
            waitingBytes += message.Size;
            wake = Connection?.Outgoing;
        }

        wake?.Wake();
        return true;
    }

    /// <summary>Writes what may be sent now, up to about so many bytes; false when there is nothing.</summary>
    public bool WriteTo(PipeWriter writer, MqttVersion version, int bytes)
    {
        var (wrote, delivered) = (0L, 0);
        lock (gate)
        {
            while (wrote < bytes && sendAgain.Count > 0 && sent < receiveMaximum)
            {
                wrote += WriteAgain(writer, version, sendAgain.Dequeue());
            }

            while (wrote < bytes && sendAgain.Count == 0 && waiting.TryPeek(out var next) && (next.Qos == 0 || (sent < receiveMaximum && unacknowledged.Count < ushort.MaxValue)))
            {
                waiting.Dequeue();
                waitingBytes -= next.Message.Size;
                wrote += WriteNew(writer, version, next);
                delivered++;
            }
        }

        MqttMeters.Delivered.Add(delivered);
        return wrote > 0;
    }

    /// <summary>The client has a message of QoS 1, or has finished one of QoS 2, or refused either.</summary>
    public void Finish(ushort id)
    {
        lock (gate)
        {
            if (unacknowledged.Remove(id))
            {
                sent--;
            }
        }
    }

    /// <summary>The client has a message of QoS 2; false when it speaks of none that is on its way.</summary>
    public bool Release(ushort id)
    {
        lock (gate)
        {
            if (!unacknowledged.TryGetValue(id, out var delivery))
            {
                return false;
            }

            delivery.IsReleased = true;
            return true;
        }
    }

    private long WriteNew(PipeWriter writer, MqttVersion version, Delivery delivery)
    {
        var properties = PropertiesOf(delivery, version);
        var size = PacketWriter.SizeOf(delivery.Message.Topic, delivery.Message.Payload.Length, delivery.Qos, properties, version);
        if (size > maxPacket)
        {
            // The client cannot take it: as if it had been sent (MQTT 5.0, 3.1.2.11.4).
            MqttMeters.Discarded.Add(1);
            return 1;
        }

        if (delivery.Qos > 0)
        {
            delivery.Id = FreeId();
            delivery.Order = order++;
            unacknowledged.Add(delivery.Id, delivery);
            sent++;
        }

        Write(writer, version, delivery, properties, isAgain: false);
        return size;
    }

    private int WriteAgain(PipeWriter writer, MqttVersion version, Delivery delivery)
    {
        sent++;
        if (delivery.IsReleased)
        {
            PacketWriter.WriteShortAck(writer, PacketKind.PubRel, delivery.Id);
            return 4;
        }

        Write(writer, version, delivery, PropertiesOf(delivery, version), isAgain: true);
        return delivery.Message.Size;
    }

    private static void Write(PipeWriter writer, MqttVersion version, Delivery delivery, Properties properties, bool isAgain) => PacketWriter.WritePublish(
        writer, new PublishPacket(delivery.Message.Topic, new ReadOnlySequence<byte>(delivery.Message.Payload), delivery.Qos, false, isAgain, delivery.Id) { Properties = properties }, version);

    private static Properties PropertiesOf(Delivery delivery, MqttVersion version) =>
        version == MqttVersion.V5 && delivery.Identifier is { } identifier ? new Properties().Add(PropertyId.SubscriptionIdentifier, identifier) : Properties.None;

    private ushort FreeId()
    {
        do
        {
            lastId = lastId == ushort.MaxValue ? (ushort)1 : (ushort)(lastId + 1);
        }
        while (unacknowledged.ContainsKey(lastId));
        return lastId;
    }

    /// <summary>A client who came back gets again, in their order, what it did not acknowledge (4.4).</summary>
    private void SendAgain()
    {
        sent = 0;
        sendAgain.Clear();
        foreach (var delivery in unacknowledged.Values.OrderBy(delivery => delivery.Order))
        {
            sendAgain.Enqueue(delivery);
        }
    }

    private void ForgetQosZero()
    {
        var kept = waiting.Where(delivery => delivery.Qos > 0).ToList();
        waiting.Clear();
        waitingBytes = kept.Sum(delivery => delivery.Message.Size);
        kept.ForEach(waiting.Enqueue);
        if (kept.Count == 0)
        {
            waiting.TrimExcess();
        }
    }
}
