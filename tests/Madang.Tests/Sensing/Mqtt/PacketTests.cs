using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Madang.Sensing.Mqtt.Packets;

namespace Madang.Tests.Sensing.Mqtt;

public sealed class PacketTests
{
    private const int Most = 64 * 1024;

    [Fact]
    public void Every_packet_is_read_as_it_was_written_in_whatever_pieces_it_comes() => Prop.ForAll(AnyPacket.Any, Gen.Choose(1, 9).ToArbitrary(), (any, piece) =>
    {
        var bytes = AnyPacket.Write(any.Packet, any.Version);
        foreach (var buffer in (ReadOnlySequence<byte>[])[new(bytes), AnyPacket.Cut(bytes, piece)])
        {
            var rest = buffer;
            var reader = new PacketReader(Most) { Version = any.Version };
            if (!reader.TryRead(ref rest, out var read) || rest.Length != 0 || read.Kind != any.Packet.Kind || !AnyPacket.Write(read, any.Version).AsSpan().SequenceEqual(bytes))
            {
                return false;
            }
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_packet_that_is_not_all_there_is_waited_for() => Prop.ForAll(AnyPacket.Any, any =>
    {
        var bytes = AnyPacket.Write(any.Packet, any.Version);
        for (var length = 0; length < bytes.Length; length++)
        {
            var buffer = new ReadOnlySequence<byte>(bytes, 0, length);
            if (new PacketReader(Most) { Version = any.Version }.TryRead(ref buffer, out _) || buffer.Length != length)
            {
                return false;
            }
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Whatever_comes_is_packets_or_one_clear_reason_and_never_anything_else() => Prop.ForAll(
        AnyPacket.Any, Gen.Choose(0, int.MaxValue).ToArbitrary(), (any, seed) =>
        {
            var random = new Random(seed);
            var bytes = AnyPacket.Write(any.Packet, any.Version);
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                bytes = Spoil(bytes, random);
            }

            return Drain(bytes, any.Version, random.Next(1, 40));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void Random_bytes_never_do_harm() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var bytes = new byte[random.Next(0, 300)];
        random.NextBytes(bytes);
        return Drain(bytes, seed % 2 == 0 ? MqttVersion.V5 : MqttVersion.V311, random.Next(1, 40));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void A_length_that_is_only_claimed_costs_no_memory()
    {
        // A PUBLISH of 64 MB of which five bytes have come, a thousand times over.
        byte[] claim = [0x30, 0xFF, 0xFF, 0xFF, 0x1F];
        var reader = new PacketReader(int.MaxValue);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var time = 0; time < 1_000; time++)
        {
            var buffer = new ReadOnlySequence<byte>(claim);
            Assert.False(reader.TryRead(ref buffer, out _));
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Theory]
    [InlineData("a packet of a kind that is none", "00 00", 5, "MalformedPacket")]
    [InlineData("reserved bits of a SUBSCRIBE", "80 06 00 01 00 01 61 00", 4, "MalformedPacket")]
    [InlineData("a QoS of 3", "36 04 00 01 61 00", 4, "MalformedPacket")]
    [InlineData("a duplicate of QoS 0", "38 03 00 01 61", 4, "MalformedPacket")]
    [InlineData("a remaining length of five bytes", "30 FF FF FF FF 01", 5, "MalformedPacket")]
    [InlineData("a remaining length longer than need be", "C0 80 00", 5, "MalformedPacket")]
    [InlineData("a packet identifier of 0", "32 05 00 01 61 00 00", 4, "ProtocolError")]
    [InlineData("a topic with a wildcard", "30 03 00 01 2B", 4, "TopicNameInvalid")]
    [InlineData("a topic with NUL", "30 03 00 01 00", 4, "MalformedPacket")]
    [InlineData("a topic that is not UTF-8", "30 03 00 01 FF", 4, "MalformedPacket")]
    [InlineData("half of a surrogate pair", "30 05 00 03 ED A0 80", 4, "MalformedPacket")]
    [InlineData("no topic", "30 02 00 00", 4, "MalformedPacket")]
    [InlineData("neither topic nor alias", "30 03 00 00 00", 5, "ProtocolError")]
    [InlineData("a topic alias of 0", "30 06 00 00 03 23 00 00", 5, "ProtocolError")]
    [InlineData("a property given twice", "30 08 00 01 61 04 01 01 01 01", 5, "ProtocolError")]
    [InlineData("a property of another packet", "30 09 00 01 61 05 11 00 00 00 01", 5, "MalformedPacket")]
    [InlineData("a property that there is none of", "30 06 00 01 61 02 7E 01", 5, "MalformedPacket")]
    [InlineData("a subscription to nothing", "82 02 00 01", 4, "ProtocolError")]
    [InlineData("subscription options of 5.0 in 3.1.1", "82 06 00 01 00 01 61 04", 4, "MalformedPacket")]
    [InlineData("retain handling of 3", "82 07 00 01 00 00 01 61 30", 5, "ProtocolError")]
    [InlineData("AUTH in 3.1.1", "F0 00", 4, "MalformedPacket")]
    [InlineData("bytes after a ping", "C0 01 00", 4, "MalformedPacket")]
    [InlineData("another protocol", "10 10 00 04 48 54 54 50 04 02 00 3C 00 04 74 65 73 74", 4, "MalformedPacket")]
    [InlineData("MQTT 3.1", "10 12 00 06 4D 51 49 73 64 70 03 02 00 3C 00 04 74 65 73 74", 4, "UnsupportedProtocolVersion")]
    [InlineData("MQTT 6", "10 10 00 04 4D 51 54 54 06 02 00 3C 00 04 74 65 73 74", 4, "UnsupportedProtocolVersion")]
    [InlineData("a password without a name in 3.1.1", "10 11 00 04 4D 51 54 54 04 42 00 3C 00 01 61 00 02 70 77", 4, "MalformedPacket")]
    [InlineData("the reserved flag of CONNECT", "10 10 00 04 4D 51 54 54 04 03 00 3C 00 04 74 65 73 74", 4, "MalformedPacket")]
    [InlineData("a will's QoS without a will", "10 10 00 04 4D 51 54 54 04 0A 00 3C 00 04 74 65 73 74", 4, "MalformedPacket")]
    [InlineData("a PUBACK with a reason of none", "40 03 00 01 05", 5, "MalformedPacket")]
    public void What_breaks_the_protocol_is_named(string what, string hex, int level, string reason)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        var buffer = new ReadOnlySequence<byte>(bytes);
        var bad = Assert.Throws<BadPacketException>(() => new PacketReader(Most) { Version = (MqttVersion)level }.TryRead(ref buffer, out _));
        Assert.True(bad.Reason == Enum.Parse<Reason>(reason), $"{what}: {bad.Reason}, not {reason}: {bad.Message}");
    }

    [Fact]
    public void A_packet_over_the_limit_is_refused_by_its_head_alone()
    {
        var buffer = new ReadOnlySequence<byte>([0x30, 0x80, 0x80, 0x01]);
        Assert.Equal(Reason.PacketTooLarge, Assert.Throws<BadPacketException>(() => new PacketReader(1024).TryRead(ref buffer, out _)).Reason);
    }

    [Fact]
    public void A_CONNECT_of_the_standards_example_is_read()
    {
        // 3.1.1, figure 3.6 and table 3.1: MQTT, level 4, user name, password, no retain, QoS 1, will, clean session.
        var bytes = Convert.FromHexString("101E00044D51545404CE000A00016300017400026869000475736572000270 77".Replace(" ", "", StringComparison.Ordinal));
        bytes[1] = (byte)(bytes.Length - 2);
        var buffer = new ReadOnlySequence<byte>(bytes);
        Assert.True(new PacketReader(Most).TryRead(ref buffer, out var packet));
        var connect = Assert.IsType<ConnectPacket>(packet);
        Assert.Equal((MqttVersion.V311, "c", true, (ushort)10, "user", "pw"), (connect.Version, connect.ClientId, connect.CleanStart, connect.KeepAlive, connect.UserName, Encoding.UTF8.GetString(connect.Password!)));
        Assert.Equal(("t", "hi", (byte)1, false), (connect.Will!.Topic, Encoding.UTF8.GetString(connect.Will.Payload), connect.Will.Qos, connect.Will.Retain));
    }

    private static byte[] Spoil(byte[] bytes, Random random)
    {
        var at = random.Next(bytes.Length + 1);
        return random.Next(4) switch
        {
            0 when at < bytes.Length => [.. bytes[..at], (byte)random.Next(256), .. bytes[(at + 1)..]],
            1 => [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]],
            2 => bytes[..at],
            _ => [.. bytes, .. bytes[..at]],
        };
    }

    /// <summary>Reads all that can be read; true when it ends as it may, and every packet took something off the front.</summary>
    private static bool Drain(byte[] bytes, MqttVersion version, int piece)
    {
        var buffer = AnyPacket.Cut(bytes, piece);
        var reader = new PacketReader(Most) { Version = version };
        try
        {
            while (true)
            {
                var before = buffer.Length;
                if (!reader.TryRead(ref buffer, out _))
                {
                    return true;
                }

                if (buffer.Length >= before)
                {
                    return false;
                }
            }
        }
        catch (BadPacketException)
        {
            return true;
        }
    }
}
