using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using static Madang.Sensing.Mqtt.Packets.WireTypes;

namespace Madang.Sensing.Mqtt.Packets;

/// <summary>Writes control packets as the reader reads them.</summary>
internal static class PacketWriter
{
    public static void Write(IBufferWriter<byte> output, Packet packet, MqttVersion version)
    {
        if (packet is PublishPacket publish)
        {
            WritePublish(output, publish, version);
            return;
        }

        // All others are small: their length is known when they are written.
        var body = new ArrayBufferWriter<byte>(64);
        var first = (byte)((int)packet.Kind << 4);
        switch (packet)
        {
            case ConnectPacket connect:
                WriteConnect(body, connect);
                break;
            case ConnAckPacket answer:
                Byte(body, answer.SessionPresent ? (byte)1 : (byte)0);
                Byte(body, answer.Code);
                WriteProperties(body, packet.Properties, version);
                break;
            case AckPacket ack:
                first |= ack.Kind == PacketKind.PubRel ? (byte)2 : (byte)0;
                WriteAck(body, ack, version);
                break;
            case SubscribePacket subscribe:
                first |= 2;
                TwoBytes(body, subscribe.Id);
                WriteProperties(body, packet.Properties, version);
                foreach (var asked in subscribe.Asked)
                {
                    Text(body, asked.Filter);
                    Byte(body, asked.Options);
                }

                break;
            case UnsubscribePacket unsubscribe:
                first |= 2;
                TwoBytes(body, unsubscribe.Id);
                WriteProperties(body, packet.Properties, version);
                foreach (var filter in unsubscribe.Filters)
                {
                    Text(body, filter);
                }

                break;
            case CodesPacket codes:
                TwoBytes(body, codes.Id);
                WriteProperties(body, packet.Properties, version);
                body.Write(codes.Kind == PacketKind.UnsubAck && version == MqttVersion.V311 ? [] : codes.Codes.ToArray());
                break;
            case DisconnectPacket disconnect:
                WriteEnd(body, disconnect.Reason, packet.Properties, version);
                break;
            case AuthPacket auth:
                WriteEnd(body, auth.Reason, packet.Properties, version);
                break;
        }

        Head(output, first, body.WrittenCount);
        output.Write(body.WrittenSpan);
    }

    /// <summary>A message to a subscriber, without making a packet of it first.</summary>
    public static void WritePublish(IBufferWriter<byte> output, PublishPacket publish, MqttVersion version)
    {
        var properties = version == MqttVersion.V5 ? LengthOf(publish.Properties) : 0;
        var topic = Encoding.UTF8.GetByteCount(publish.Topic);
        var length = 2 + topic + (publish.Qos > 0 ? 2 : 0) + (version == MqttVersion.V5 ? WireTypes.LengthOf((uint)properties) + properties : 0) + publish.Payload.Length;
        Head(output, (byte)(((int)PacketKind.Publish << 4) | (publish.Dup ? 8 : 0) | (publish.Qos << 1) | (publish.Retain ? 1 : 0)), length);
        Text(output, publish.Topic);
        if (publish.Qos > 0)
        {
            TwoBytes(output, publish.Id);
        }

        WriteProperties(output, publish.Properties, version);
        foreach (var segment in publish.Payload)
        {
            output.Write(segment.Span);
        }
    }

    /// <summary>How many bytes a PUBLISH has on the wire.</summary>
    public static long SizeOf(string topic, long payload, byte qos, Properties properties, MqttVersion version)
    {
        var own = version == MqttVersion.V5 ? LengthOf(properties) : 0;
        var length = 2 + Encoding.UTF8.GetByteCount(topic) + (qos > 0 ? 2 : 0) + (version == MqttVersion.V5 ? WireTypes.LengthOf((uint)own) + own : 0) + payload;
        return 1 + WireTypes.LengthOf((uint)length) + length;
    }

    /// <summary>A PUBACK, PUBREC, PUBREL or PUBCOMP that says nothing but its identifier, as nearly all do: four bytes.</summary>
    public static void WriteShortAck(IBufferWriter<byte> output, PacketKind kind, ushort id)
    {
        var span = output.GetSpan(4);
        span[0] = (byte)(((int)kind << 4) | (kind == PacketKind.PubRel ? 2 : 0));
        span[1] = 2;
        BinaryPrimitives.WriteUInt16BigEndian(span[2..], id);
        output.Advance(4);
    }

    private static void WriteConnect(ArrayBufferWriter<byte> body, ConnectPacket connect)
    {
        Text(body, "MQTT");
        Byte(body, (byte)connect.Version);
        var will = connect.Will is { } message ? 4 | (message.Qos << 3) | (message.Retain ? 32 : 0) : 0;
        Byte(body, (byte)((connect.CleanStart ? 2 : 0) | will | (connect.Password is null ? 0 : 64) | (connect.UserName is null ? 0 : 128)));
        TwoBytes(body, connect.KeepAlive);
        WriteProperties(body, connect.Properties, connect.Version);
        Text(body, connect.ClientId);
        if (connect.Will is { } left)
        {
            WriteProperties(body, left.Properties, connect.Version);
            Text(body, left.Topic);
            Binary(body, left.Payload);
        }

        if (connect.UserName is { } name)
        {
            Text(body, name);
        }

        if (connect.Password is { } password)
        {
            Binary(body, password);
        }
    }

    private static void WriteAck(ArrayBufferWriter<byte> body, AckPacket ack, MqttVersion version)
    {
        TwoBytes(body, ack.Id);
        if (version == MqttVersion.V5 && (ack.Reason != Reason.Success || ack.Properties.Count > 0))
        {
            Byte(body, (byte)ack.Reason);
            if (ack.Properties.Count > 0)
            {
                WriteProperties(body, ack.Properties, version);
            }
        }
    }

    private static void WriteEnd(ArrayBufferWriter<byte> body, Reason reason, Properties properties, MqttVersion version)
    {
        if (version == MqttVersion.V5 && (reason != Reason.Success || properties.Count > 0))
        {
            Byte(body, (byte)reason);
            if (properties.Count > 0)
            {
                WriteProperties(body, properties, version);
            }
        }
    }

    private static void WriteProperties(IBufferWriter<byte> output, Properties properties, MqttVersion version)
    {
        if (version != MqttVersion.V5)
        {
            return;
        }

        Variable(output, (uint)LengthOf(properties));
        foreach (var property in properties.All)
        {
            Byte(output, (byte)property.Id);
            WriteValue(output, property);
        }
    }

    private static void WriteValue(IBufferWriter<byte> output, in MqttProperty property)
    {
        switch (PropertyRules.TypeOf(property.Id))
        {
            case PropertyType.Byte:
                Byte(output, (byte)property.Number);
                break;
            case PropertyType.TwoBytes:
                TwoBytes(output, (ushort)property.Number);
                break;
            case PropertyType.FourBytes:
                BinaryPrimitives.WriteUInt32BigEndian(output.GetSpan(4), property.Number);
                output.Advance(4);
                break;
            case PropertyType.Variable:
                Variable(output, property.Number);
                break;
            case PropertyType.Text:
                Text(output, property.Text!);
                break;
            case PropertyType.Binary:
                Binary(output, property.Data!);
                break;
            default:
                Text(output, property.Text!);
                Text(output, property.Value!);
                break;
        }
    }

    private static int LengthOf(Properties properties)
    {
        var length = 0;
        foreach (var property in properties.All)
        {
            length += 1 + PropertyRules.TypeOf(property.Id) switch
            {
                PropertyType.Byte => 1,
                PropertyType.TwoBytes => 2,
                PropertyType.FourBytes => 4,
                PropertyType.Variable => WireTypes.LengthOf(property.Number),
                PropertyType.Text => 2 + Encoding.UTF8.GetByteCount(property.Text!),
                PropertyType.Binary => 2 + property.Data!.Length,
                _ => 4 + Encoding.UTF8.GetByteCount(property.Text!) + Encoding.UTF8.GetByteCount(property.Value!),
            };
        }

        return length;
    }
}
