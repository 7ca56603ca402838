using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Madang.Sensing.Mqtt.Packets;

namespace Madang.Tests.Sensing.Mqtt;

/// <summary>Packets of every kind, with every property that may stand in them.</summary>
internal static class AnyPacket
{
    private static readonly Gen<string> Texts = Gen.Elements("", "a", "v1.1/Things", "센서 1", "v1.1/Datastreams(1)/Observations?$select=result", "😀", new string('x', 300));
    private static readonly Gen<string> Topics = Gen.Elements("v1.1/Things", "센서", "a/b/c", "/");
    private static readonly Gen<byte[]> Bytes = Gen.Choose(0, 255).ArrayOf().Select(numbers => numbers.Select(number => (byte)number).ToArray());
    private static readonly Gen<ushort> Ids = Gen.Choose(1, ushort.MaxValue).Select(id => (ushort)id);
    private static readonly Gen<bool> Flags = Gen.Elements(false, true);
    private static readonly Gen<byte> Levels = Gen.Elements<byte>(0, 1, 2);

    public static readonly Arbitrary<(Packet Packet, MqttVersion Version)> Any = Gen.Elements(MqttVersion.V311, MqttVersion.V5).SelectMany(version => Of(version).Select(packet => (packet, version))).ToArbitrary();

    /// <summary>Bytes in pieces, as a socket brings them.</summary>
    public static ReadOnlySequence<byte> Cut(byte[] bytes, int piece)
    {
        Piece? first = null, last = null;
        for (var at = 0; at < bytes.Length; at += piece)
        {
            last = new Piece(bytes.AsMemory(at, Math.Min(piece, bytes.Length - at)), last);
            first ??= last;
        }

        return first is null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(first, 0, last!, last!.Memory.Length);
    }

    public static byte[] Write(Packet packet, MqttVersion version)
    {
        var output = new ArrayBufferWriter<byte>();
        PacketWriter.Write(output, packet, version);
        return output.WrittenSpan.ToArray();
    }

    private static Gen<Packet> Of(MqttVersion version) => Gen.OneOf(
        Connect(version),
        from session in Flags from code in Gen.Choose(0, 255) from properties in In(PacketKind.ConnAck, version) select (Packet)new ConnAckPacket(session, (byte)code) { Properties = properties },
        Publish(version),
        from kind in Gen.Elements(PacketKind.PubAck, PacketKind.PubRec) from id in Ids from reason in Gen.Elements(Reason.Success, Reason.QuotaExceeded, Reason.PayloadFormatInvalid) from properties in In(kind, version)
        select (Packet)new AckPacket(kind, id, version == MqttVersion.V5 ? reason : Reason.Success) { Properties = properties },
        from kind in Gen.Elements(PacketKind.PubRel, PacketKind.PubComp) from id in Ids from properties in In(kind, version) select (Packet)new AckPacket(kind, id, Reason.Success) { Properties = properties },
        from id in Ids
        from asked in (from filter in Texts from options in version == MqttVersion.V5 ? Gen.Elements<byte>(0, 1, 2, 4, 13, 0x2E) : Levels select new AskedSubscription(filter, options)).NonEmptyListOf()
        from properties in In(PacketKind.Subscribe, version)
        select (Packet)new SubscribePacket(id, [.. asked]) { Properties = properties },
        from id in Ids from filters in Texts.NonEmptyListOf() from properties in In(PacketKind.Unsubscribe, version) select (Packet)new UnsubscribePacket(id, [.. filters]) { Properties = properties },
        from id in Ids from codes in Bytes from properties in In(PacketKind.SubAck, version) select (Packet)new CodesPacket(PacketKind.SubAck, id, codes) { Properties = properties },
        Gen.Elements<Packet>(PingPacket.Request, PingPacket.Response),
        from reason in Gen.Elements(Reason.Success, Reason.DisconnectWithWill, Reason.ServerBusy) from properties in In(PacketKind.Disconnect, version)
        select (Packet)new DisconnectPacket(version == MqttVersion.V5 ? reason : Reason.Success) { Properties = properties },
        version == MqttVersion.V5 ? In(PacketKind.Auth, version).Select(properties => (Packet)new AuthPacket(Reason.Success) { Properties = properties }) : Gen.Constant<Packet>(PingPacket.Request));

    private static Gen<Packet> Connect(MqttVersion version) =>
        from client in Texts
        from clean in Flags
        from keepAlive in Gen.Choose(0, ushort.MaxValue)
        from user in Gen.OneOf(Texts.Select(text => (string?)text), Gen.Constant<string?>(null))
        from password in Gen.OneOf(Bytes.Select(bytes => (byte[]?)bytes), Gen.Constant<byte[]?>(null))
        from will in Gen.OneOf(Will(version).Select(will => (WillMessage?)will), Gen.Constant<WillMessage?>(null))
        from properties in In(PacketKind.Connect, version)
        select (Packet)new ConnectPacket(version, client, clean, (ushort)keepAlive) { UserName = user, Password = version == MqttVersion.V311 && user is null ? null : password, Will = will, Properties = properties };

    private static Gen<WillMessage> Will(MqttVersion version) =>
        from topic in Topics
        from payload in Bytes
        from qos in Levels
        from retain in Flags
        from properties in InPlace(PropertyRules.Will, version)
        select new WillMessage(topic, payload, qos, retain) { Properties = properties };

    private static Gen<Packet> Publish(MqttVersion version) =>
        from topic in Topics
        from payload in Bytes
        from qos in Levels
        from retain in Flags
        from dup in Flags
        from id in Ids
        from properties in In(PacketKind.Publish, version)
        select (Packet)new PublishPacket(topic, new ReadOnlySequence<byte>(payload), qos, retain, dup && qos > 0, qos > 0 ? id : (ushort)0) { Properties = properties };

    private static Gen<Properties> In(PacketKind kind, MqttVersion version) => InPlace((int)kind, version);

    private static Gen<Properties> InPlace(int place, MqttVersion version)
    {
        if (version == MqttVersion.V311)
        {
            return Gen.Constant(Properties.None);
        }

        var allowed = Enum.GetValues<PropertyId>().Where(id => PropertyRules.TypeOf((uint)id, place) is not null && id != PropertyId.AuthenticationData).ToArray();
        return
            from ids in Gen.Elements(allowed).ListOf()
            from values in Gen.CollectToArray(ids.Where((id, index) => PropertyRules.MayRepeat(id, place) || ids.Take(index).All(before => before != id)).Select(Value))
            select values.Aggregate(new Properties(), (made, property) => made.Add(property));
    }

    private static Gen<MqttProperty> Value(PropertyId id) => PropertyRules.TypeOf(id) switch
    {
        PropertyType.Byte => Gen.Choose(0, 1).Select(number => new MqttProperty(id, (uint)number)),
        PropertyType.TwoBytes => Gen.Choose(1, ushort.MaxValue).Select(number => new MqttProperty(id, (uint)number)),
        PropertyType.FourBytes => Gen.Choose(1, int.MaxValue).Select(number => new MqttProperty(id, (uint)number)),
        PropertyType.Variable => Gen.Elements(1u, 127u, 128u, 16_383u, 16_384u, 2_097_152u, 268_435_455u).Select(number => new MqttProperty(id, number)),
        PropertyType.Text => Texts.Select(text => new MqttProperty(id, Text: text)),
        PropertyType.Binary => Bytes.Select(bytes => new MqttProperty(id, Data: bytes)),
        _ => from key in Texts from value in Texts select new MqttProperty(id, Text: key, Value: value),
    };

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            if (before is not null)
            {
                before.Next = this;
                RunningIndex = before.RunningIndex + before.Memory.Length;
            }
        }
    }
}
