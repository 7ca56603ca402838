namespace Madang.Sensing.Mqtt.Broker;

/// <summary>A message to subscribers: made once, sent to all of them.</summary>
internal sealed record Message(string Topic, byte[] Payload)
{
    /// <summary>What it takes of a session's room.</summary>
    public int Size => Payload.Length + (Topic.Length * 2);
}

/// <summary>One message on its way to one subscriber.</summary>
internal sealed class Delivery(Message message, byte qos, uint? identifier)
{
    public Message Message => message;

    public byte Qos => qos;

    public uint? Identifier => identifier;

    /// <summary>Given when it is sent for the first time; with QoS 0 never.</summary>
    public ushort Id { get; set; }

    /// <summary>QoS 2: the subscriber has it, and has been told that its identifier is free (PUBREL).</summary>
    public bool IsReleased { get; set; }

    /// <summary>Its place among those that wait for their acknowledgement.</summary>
    public long Order { get; set; }
}
