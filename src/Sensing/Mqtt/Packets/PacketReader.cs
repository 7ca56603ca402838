using System.Buffers;

namespace Madang.Sensing.Mqtt.Packets;

/// <summary>Cuts control packets off a run of bytes (MQTT 3.1.1 and 5.0, clauses 2 and 3). It does no input or output and keeps nothing between packets but the last topic.</summary>
internal sealed class PacketReader(int maxPacketSize)
{
    private string? lastTopic;

    /// <summary>The version that packets after the CONNECT are read by; the CONNECT sets it.</summary>
    public MqttVersion Version { get; set; } = MqttVersion.V311;

    /// <summary>
    /// Takes one packet off the front; false while it is not all there. Nothing is allocated for a length that is only claimed.
    /// </summary>
    /// <exception cref="BadPacketException">The only thing it ever throws: what came is no packet.</exception>
    public bool TryRead(ref ReadOnlySequence<byte> buffer, out Packet packet)
    {
        packet = null!;
        if (!TryReadHead(buffer, out var first, out var length, out var headLength))
        {
            return false;
        }

        // The first bytes tell what is no packet at all, and what is too large, before the rest has come.
        var kind = (PacketKind)(first >> 4);
        CheckFlags(kind, first & 0x0F);
        if (headLength + (long)length > maxPacketSize)
        {
            throw new BadPacketException(Reason.PacketTooLarge, $"The packet is larger than {maxPacketSize} bytes.");
        }

        if (buffer.Length < headLength + length)
        {
            return false;
        }

        var body = new Body(buffer.Slice(headLength, length));
        packet = Read(kind, first & 0x0F, ref body);
        buffer = buffer.Slice(headLength + length);
        return true;
    }

    private static bool TryReadHead(in ReadOnlySequence<byte> buffer, out byte first, out int length, out int headLength)
    {
        (length, headLength) = (0, 1);
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryRead(out first))
        {
            return false;
        }

        for (var shift = 0; shift <= 21; shift += 7)
        {
            if (!reader.TryRead(out var digit))
            {
                return false;
            }

            headLength++;
            length |= (digit & 0x7F) << shift;
            if ((digit & 0x80) == 0)
            {
                return shift > 0 && digit == 0 ? throw BadPacketException.Malformed("The remaining length is longer than it need be.") : true;
            }
        }

        throw BadPacketException.Malformed("The remaining length has more than four bytes.");
    }

    /// <summary>The reserved bits of the first byte (2.1.3).</summary>
    private static void CheckFlags(PacketKind kind, int flags)
    {
        var good = kind switch
        {
            0 => false,
            PacketKind.Publish => (flags & 6) != 6 && ((flags & 8) == 0 || (flags & 6) != 0),
            PacketKind.PubRel or PacketKind.Subscribe or PacketKind.Unsubscribe => flags == 2,
            _ => flags == 0,
        };
        if (!good)
        {
            throw BadPacketException.Malformed("The first byte is none that a packet begins with.");
        }
    }

    private Packet Read(PacketKind kind, int flags, ref Body body)
    {
        switch (kind)
        {
            case PacketKind.Connect:
                var connect = ConnectReader.Read(ref body);
                Version = connect.Version;
                return connect;
            case PacketKind.ConnAck:
                return ReadConnAck(ref body);
            case PacketKind.Publish:
                return ReadPublish(ref body, flags);
            case PacketKind.PubAck or PacketKind.PubRec or PacketKind.PubRel or PacketKind.PubComp:
                return ReadAck(kind, ref body);
            case PacketKind.Subscribe:
                return ReadSubscribe(ref body);
            case PacketKind.Unsubscribe:
                return ReadUnsubscribe(ref body);
            case PacketKind.SubAck or PacketKind.UnsubAck:
                return ReadCodes(kind, ref body);
            case PacketKind.PingReq or PacketKind.PingResp:
                body.MustEnd("A ping");
                return kind == PacketKind.PingReq ? PingPacket.Request : PingPacket.Response;
            default:
                return ReadEnd(kind, ref body);
        }
    }

    private ConnAckPacket ReadConnAck(ref Body body)
    {
        var acknowledge = body.Byte();
        if ((acknowledge & 0xFE) != 0)
        {
            throw BadPacketException.Malformed("The reserved bits of a CONNACK are set.");
        }

        var read = new ConnAckPacket(acknowledge == 1, body.Byte()) { Properties = ReadProperties(PacketKind.ConnAck, ref body) };
        body.MustEnd("CONNACK");
        return read;
    }

    private PublishPacket ReadPublish(ref Body body, int flags)
    {
        var topic = lastTopic = body.Text(lastTopic);
        var qos = (byte)((flags >> 1) & 3);
        var id = qos > 0 ? NonZero(body.TwoBytes()) : (ushort)0;
        var properties = ReadProperties(PacketKind.Publish, ref body);
        if (topic.Length == 0 && !properties.Has(PropertyId.TopicAlias))
        {
            throw Version == MqttVersion.V5 ? BadPacketException.Protocol("A PUBLISH has neither a topic nor an alias of one.") : BadPacketException.Malformed("A PUBLISH has no topic.");
        }

        if (topic.AsSpan().IndexOfAny('+', '#') >= 0)
        {
            throw new BadPacketException(Reason.TopicNameInvalid, "A topic to publish to contains a wildcard.");
        }

        return new PublishPacket(topic, body.Rest(), qos, (flags & 1) != 0, (flags & 8) != 0, id) { Properties = properties };
    }

    private AckPacket ReadAck(PacketKind kind, ref Body body)
    {
        var id = NonZero(body.TwoBytes());
        var (reason, properties) = (Reason.Success, Properties.None);
        if (Version == MqttVersion.V5 && body.Left > 0)
        {
            reason = (Reason)body.Byte();
            CheckReason(kind, reason);
            properties = body.Left > 0 ? ReadProperties(kind, ref body) : properties;
        }

        body.MustEnd("An acknowledgement");
        return new AckPacket(kind, id, reason) { Properties = properties };
    }

    private static void CheckReason(PacketKind kind, Reason reason)
    {
        var good = kind is PacketKind.PubRel or PacketKind.PubComp
            ? reason is Reason.Success or Reason.PacketIdentifierNotFound
            : reason is Reason.Success or Reason.NoMatchingSubscribers or Reason.UnspecifiedError or Reason.ImplementationSpecificError or Reason.NotAuthorized
                or Reason.TopicNameInvalid or Reason.PacketIdentifierInUse or Reason.QuotaExceeded or Reason.PayloadFormatInvalid;
        if (!good)
        {
            throw BadPacketException.Malformed("A reason code is none of its packet.");
        }
    }

    private SubscribePacket ReadSubscribe(ref Body body)
    {
        var id = NonZero(body.TwoBytes());
        var properties = ReadProperties(PacketKind.Subscribe, ref body);
        var asked = new List<AskedSubscription>();
        while (body.Left > 0)
        {
            var filter = body.Text();
            var options = body.Byte();
            if ((options & 3) == 3 || (options & (Version == MqttVersion.V5 ? 0xC0 : 0xFC)) != 0)
            {
                throw BadPacketException.Malformed("The options of a subscription are none.");
            }

            if ((options & 0x30) == 0x30)
            {
                throw BadPacketException.Protocol("The retain handling of a subscription is none.");
            }

            asked.Add(new AskedSubscription(filter, options));
        }

        return asked.Count > 0 ? new SubscribePacket(id, asked) { Properties = properties } : throw BadPacketException.Protocol("A SUBSCRIBE has no topic filter.");
    }

    private UnsubscribePacket ReadUnsubscribe(ref Body body)
    {
        var id = NonZero(body.TwoBytes());
        var properties = ReadProperties(PacketKind.Unsubscribe, ref body);
        var filters = new List<string>();
        while (body.Left > 0)
        {
            filters.Add(body.Text());
        }

        return filters.Count > 0 ? new UnsubscribePacket(id, filters) { Properties = properties } : throw BadPacketException.Protocol("An UNSUBSCRIBE has no topic filter.");
    }

    private CodesPacket ReadCodes(PacketKind kind, ref Body body)
    {
        var id = NonZero(body.TwoBytes());
        var properties = ReadProperties(kind, ref body);
        return new CodesPacket(kind, id, body.Rest().ToArray()) { Properties = properties };
    }

    /// <summary>DISCONNECT and AUTH: nothing at all, a reason, or a reason with properties.</summary>
    private Packet ReadEnd(PacketKind kind, ref Body body)
    {
        if (kind == PacketKind.Auth && Version != MqttVersion.V5)
        {
            throw BadPacketException.Malformed("The first byte is none that a packet begins with.");
        }

        var (reason, properties) = (Reason.Success, Properties.None);
        if (Version == MqttVersion.V5 && body.Left > 0)
        {
            reason = (Reason)body.Byte();
            properties = body.Left > 0 ? ReadProperties(kind, ref body) : properties;
        }

        body.MustEnd(kind == PacketKind.Auth ? "AUTH" : "DISCONNECT");
        return kind == PacketKind.Auth ? new AuthPacket(reason) { Properties = properties } : new DisconnectPacket(reason) { Properties = properties };
    }

    private Properties ReadProperties(PacketKind kind, ref Body body) => Version == MqttVersion.V5 ? PropertiesReader.Read(ref body, (int)kind) : Properties.None;

    private static ushort NonZero(ushort id) => id != 0 ? id : throw BadPacketException.Protocol("A packet identifier is 0.");
}
