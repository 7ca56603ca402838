namespace Madang.Sensing.Mqtt.Packets;

/// <summary>Reads a CONNECT (3.1), which says by which version everything after it is read.</summary>
internal static class ConnectReader
{
    private const int Reserved = 1, CleanStart = 2, HasWill = 4, WillRetain = 32, HasPassword = 64, HasUserName = 128;

    public static ConnectPacket Read(ref Body body)
    {
        var version = ReadVersion(ref body);
        var flags = body.Byte();
        CheckFlags(flags, version);
        var keepAlive = body.TwoBytes();
        var properties = version == MqttVersion.V5 ? PropertiesReader.Read(ref body, (int)PacketKind.Connect) : Properties.None;
        if (properties.Has(PropertyId.AuthenticationData) && !properties.Has(PropertyId.AuthenticationMethod))
        {
            throw BadPacketException.Protocol("A CONNECT has data of an authentication and no method.");
        }

        var connect = new ConnectPacket(version, body.Text(), (flags & CleanStart) != 0, keepAlive)
        {
            Properties = properties,
            Will = (flags & HasWill) != 0 ? ReadWill(ref body, flags, version) : null,
            UserName = (flags & HasUserName) != 0 ? body.Text() : null,
            Password = (flags & HasPassword) != 0 ? body.Binary() : null,
        };
        body.MustEnd("CONNECT");
        return connect;
    }

    private static MqttVersion ReadVersion(ref Body body)
    {
        var name = body.Text();
        var level = body.Byte();
        return name switch
        {
            "MQTT" when level is (byte)MqttVersion.V311 or (byte)MqttVersion.V5 => (MqttVersion)level,
            "MQTT" or "MQIsdp" => throw new BadPacketException(Reason.UnsupportedProtocolVersion, "This server speaks MQTT 3.1.1 and 5.0."),
            _ => throw BadPacketException.Malformed("The connection does not begin with MQTT."),
        };
    }

    private static void CheckFlags(byte flags, MqttVersion version)
    {
        var qos = (flags >> 3) & 3;
        if ((flags & Reserved) != 0 || qos == 3 || ((flags & HasWill) == 0 && (flags & (WillRetain | 0x18)) != 0))
        {
            throw BadPacketException.Malformed("The flags of the CONNECT are none.");
        }

        if (version == MqttVersion.V311 && (flags & HasPassword) != 0 && (flags & HasUserName) == 0)
        {
            throw BadPacketException.Malformed("A CONNECT of 3.1.1 has a password and no user name.");
        }
    }

    private static WillMessage ReadWill(ref Body body, byte flags, MqttVersion version)
    {
        var properties = version == MqttVersion.V5 ? PropertiesReader.Read(ref body, PropertyRules.Will) : Properties.None;
        var topic = body.Text();
        return topic.Length > 0 && topic.AsSpan().IndexOfAny('+', '#') < 0
            ? new WillMessage(topic, body.Binary(), (byte)((flags >> 3) & 3), (flags & WillRetain) != 0) { Properties = properties }
            : throw new BadPacketException(Reason.TopicNameInvalid, "The topic of the will is none to publish to.");
    }
}
