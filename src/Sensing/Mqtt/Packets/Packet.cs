using System.Buffers;

namespace Madang.Sensing.Mqtt.Packets;

/// <summary>One control packet.</summary>
internal abstract record Packet(PacketKind Kind)
{
    /// <summary>Its properties; none in 3.1.1.</summary>
    public Properties Properties { get; init; } = Properties.None;
}

/// <summary>What is published for a client that goes without saying so.</summary>
internal sealed record WillMessage(string Topic, byte[] Payload, byte Qos, bool Retain)
{
    public Properties Properties { get; init; } = Properties.None;
}

internal sealed record ConnectPacket(MqttVersion Version, string ClientId, bool CleanStart, ushort KeepAlive) : Packet(PacketKind.Connect)
{
    public WillMessage? Will { get; init; }

    public string? UserName { get; init; }

    public byte[]? Password { get; init; }

    /// <summary>Never the password.</summary>
    public override string ToString() => $"CONNECT {ClientId}";
}

internal sealed record ConnAckPacket(bool SessionPresent, byte Code) : Packet(PacketKind.ConnAck);

/// <summary>A message. As it is read its payload lies in the reader's own buffer, and is gone when that moves on.</summary>
internal sealed record PublishPacket(string Topic, ReadOnlySequence<byte> Payload, byte Qos, bool Retain, bool Dup, ushort Id) : Packet(PacketKind.Publish);

/// <summary>PUBACK, PUBREC, PUBREL or PUBCOMP.</summary>
internal sealed record AckPacket(PacketKind Answer, ushort Id, Reason Reason) : Packet(Answer);

/// <summary>One filter with its options as the byte of 5.0 (3.8.3.1); in 3.1.1 only its lowest two bits, the QoS.</summary>
internal readonly record struct AskedSubscription(string Filter, byte Options)
{
    public byte Qos => (byte)(Options & 3);

    public bool NoLocal => (Options & 4) != 0;

    public bool RetainAsPublished => (Options & 8) != 0;
}

internal sealed record SubscribePacket(ushort Id, IReadOnlyList<AskedSubscription> Asked) : Packet(PacketKind.Subscribe);

internal sealed record UnsubscribePacket(ushort Id, IReadOnlyList<string> Filters) : Packet(PacketKind.Unsubscribe);

/// <summary>SUBACK or UNSUBACK. An UNSUBACK of 3.1.1 has no codes.</summary>
internal sealed record CodesPacket(PacketKind Answer, ushort Id, IReadOnlyList<byte> Codes) : Packet(Answer);

internal sealed record PingPacket(PacketKind Ping) : Packet(Ping)
{
    public static readonly PingPacket Request = new(PacketKind.PingReq), Response = new(PacketKind.PingResp);
}

internal sealed record DisconnectPacket(Reason Reason) : Packet(PacketKind.Disconnect);

internal sealed record AuthPacket(Reason Reason) : Packet(PacketKind.Auth);
