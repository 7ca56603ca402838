namespace Madang.Sensing.Mqtt.Packets;

/// <summary>Reads the properties of a packet of 5.0 (2.2.2) and refuses what may not stand there.</summary>
internal static class PropertiesReader
{
    /// <param name="body">The packet, at the length of its properties.</param>
    /// <param name="place">The kind of packet, or <see cref="PropertyRules.Will"/>.</param>
    public static Properties Read(ref Body body, int place)
    {
        var length = body.Variable();
        if (length == 0)
        {
            return Properties.None;
        }

        if (length > body.Left)
        {
            throw BadPacketException.Malformed("The properties are longer than their packet.");
        }

        var inner = new Body(body.Run((int)length));
        var properties = new Properties();
        ulong seen = 0;
        while (inner.Left > 0)
        {
            var number = inner.Variable();
            var type = PropertyRules.TypeOf(number, place) ?? throw BadPacketException.Malformed($"There is no property {number} here.");
            var property = ReadOne(ref inner, (PropertyId)number, type);
            if ((seen & (1UL << (int)number)) != 0 && !PropertyRules.MayRepeat(property.Id, place))
            {
                throw BadPacketException.Protocol($"The property {property.Id} is given twice.");
            }

            if (!PropertyRules.IsValid(property))
            {
                throw BadPacketException.Protocol($"The property {property.Id} cannot be {property.Number}.");
            }

            seen |= 1UL << (int)number;
            properties.Add(property);
        }

        return properties;
    }

    private static MqttProperty ReadOne(ref Body body, PropertyId id, PropertyType type) => type switch
    {
        PropertyType.Byte => new MqttProperty(id, body.Byte()),
        PropertyType.TwoBytes => new MqttProperty(id, body.TwoBytes()),
        PropertyType.FourBytes => new MqttProperty(id, body.FourBytes()),
        PropertyType.Variable => new MqttProperty(id, body.Variable()),
        PropertyType.Text => new MqttProperty(id, Text: body.Text()),
        PropertyType.Binary => new MqttProperty(id, Data: body.Binary()),
        _ => new MqttProperty(id, Text: body.Text(), Value: body.Text()),
    };
}
