using System.Diagnostics.Metrics;

namespace Madang.Sensing.Mqtt;

/// <summary>What is counted of MQTT. Nothing a client sent or asked for is lost without standing in one of these.</summary>
internal static class MqttMeters
{
    private static readonly Meter Meter = new("Madang.Sensing");

    public static readonly UpDownCounter<long> Connections = Meter.CreateUpDownCounter<long>("madang.sensing.mqtt.connections", "{connection}", "Connections that are open.");
    public static readonly UpDownCounter<long> Sessions = Meter.CreateUpDownCounter<long>("madang.sensing.mqtt.sessions", "{session}", "Sessions, those of clients who are away too.");
    public static readonly Counter<long> SessionsOverflowed = Meter.CreateCounter<long>("madang.sensing.mqtt.sessions.overflowed", "{session}", "Sessions that ended because more waited in them than they hold.");
    public static readonly Counter<long> Rejected = Meter.CreateCounter<long>("madang.sensing.mqtt.connections.refused", "{connection}", "Connections refused: too many, too slow to say who, wrong credentials.");
    public static readonly Counter<long> Received = Meter.CreateCounter<long>("madang.sensing.mqtt.messages.received", "{message}", "Messages that clients published.");
    public static readonly Counter<long> Stored = Meter.CreateCounter<long>("madang.sensing.mqtt.messages.stored", "{message}", "Messages whose content was stored.");
    public static readonly Counter<long> Refused = Meter.CreateCounter<long>("madang.sensing.mqtt.messages.refused", "{message}", "Messages that were refused: bad, not allowed, over a quota.");
    public static readonly Counter<long> Delivered = Meter.CreateCounter<long>("madang.sensing.mqtt.messages.delivered", "{message}", "Messages sent to subscribers.");
    public static readonly Counter<long> Dropped = Meter.CreateCounter<long>("madang.sensing.mqtt.messages.dropped", "{message}", "Messages of QoS 0 that a slow subscriber did not get.");
    public static readonly Counter<long> Discarded = Meter.CreateCounter<long>("madang.sensing.mqtt.messages.discarded", "{message}", "Messages larger than their subscriber takes, or left in a session that ended.");
}
