namespace Madang.Sensing.Mqtt.Packets;

/// <summary>The properties of MQTT 5.0 (table 2-4).</summary>
internal enum PropertyId : byte
{
    PayloadFormatIndicator = 1,
    MessageExpiryInterval = 2,
    ContentType = 3,
    ResponseTopic = 8,
    CorrelationData = 9,
    SubscriptionIdentifier = 11,
    SessionExpiryInterval = 17,
    AssignedClientIdentifier = 18,
    ServerKeepAlive = 19,
    AuthenticationMethod = 21,
    AuthenticationData = 22,
    RequestProblemInformation = 23,
    WillDelayInterval = 24,
    RequestResponseInformation = 25,
    ResponseInformation = 26,
    ServerReference = 28,
    ReasonString = 31,
    ReceiveMaximum = 33,
    TopicAliasMaximum = 34,
    TopicAlias = 35,
    MaximumQos = 36,
    RetainAvailable = 37,
    UserProperty = 38,
    MaximumPacketSize = 39,
    WildcardSubscriptionAvailable = 40,
    SubscriptionIdentifierAvailable = 41,
    SharedSubscriptionAvailable = 42,
}

/// <summary>How a property lies on the wire.</summary>
internal enum PropertyType : byte
{
    Byte,
    TwoBytes,
    FourBytes,
    Variable,
    Text,
    Binary,
    Pair,
}

/// <summary>One property: a number, or text, or two texts, or bytes.</summary>
internal readonly record struct MqttProperty(PropertyId Id, uint Number = 0, string? Text = null, string? Value = null, byte[]? Data = null);

/// <summary>The properties of one packet, in their order; a packet of 3.1.1 has none.</summary>
internal sealed class Properties
{
    public static readonly Properties None = new();

    private readonly List<MqttProperty> all = [];

    public IReadOnlyList<MqttProperty> All => all;

    public int Count => all.Count;

    /// <summary>Adds one; not to be called on <see cref="None"/>, which is shared.</summary>
    public Properties Add(MqttProperty property)
    {
        all.Add(property);
        return this;
    }

    public Properties Add(PropertyId id, uint number) => Add(new MqttProperty(id, number));

    public Properties Add(PropertyId id, string text) => Add(new MqttProperty(id, Text: text));

    public bool Has(PropertyId id) => all.Count > 0 && all.Exists(property => property.Id == id);

    public uint? Number(PropertyId id)
    {
        foreach (var property in all)
        {
            if (property.Id == id)
            {
                return property.Number;
            }
        }

        return null;
    }

    public string? Text(PropertyId id) => all.Count == 0 ? null : all.Find(property => property.Id == id).Text;
}

/// <summary>Which property may stand in which packet, and which values it may have (MQTT 5.0, table 2-4 and the clauses of each packet).</summary>
internal static class PropertyRules
{
    /// <summary>A will's properties are no packet's, but have a place of their own in the table.</summary>
    public const int Will = 16;

    private const int C = 1 << (int)PacketKind.Connect, CA = 1 << (int)PacketKind.ConnAck, P = 1 << (int)PacketKind.Publish, W = 1 << Will, S = 1 << (int)PacketKind.Subscribe, D = 1 << (int)PacketKind.Disconnect, A = 1 << (int)PacketKind.Auth;
    private const int Acks = (1 << (int)PacketKind.PubAck) | (1 << (int)PacketKind.PubRec) | (1 << (int)PacketKind.PubRel) | (1 << (int)PacketKind.PubComp) | (1 << (int)PacketKind.SubAck) | (1 << (int)PacketKind.UnsubAck);
    private const int All = C | CA | P | W | S | D | A | Acks | (1 << (int)PacketKind.Unsubscribe);

    private static readonly (PropertyType Type, int Places)?[] Table = Make();

    /// <summary>The type of a property that may stand there; null for one that is unknown or stands in the wrong packet.</summary>
    public static PropertyType? TypeOf(uint id, int place) => id < Table.Length && Table[id] is { } known && (known.Places & (1 << place)) != 0 ? known.Type : null;

    public static PropertyType TypeOf(PropertyId id) => Table[(int)id]!.Value.Type;

    /// <summary>True for the only ones that may stand in a packet more than once.</summary>
    public static bool MayRepeat(PropertyId id, int place) => id == PropertyId.UserProperty || (id == PropertyId.SubscriptionIdentifier && place == (int)PacketKind.Publish);

    public static bool IsValid(in MqttProperty property) => property.Id switch
    {
        PropertyId.PayloadFormatIndicator or PropertyId.RequestProblemInformation or PropertyId.RequestResponseInformation or PropertyId.MaximumQos or PropertyId.RetainAvailable
            or PropertyId.WildcardSubscriptionAvailable or PropertyId.SubscriptionIdentifierAvailable or PropertyId.SharedSubscriptionAvailable => property.Number <= 1,
        PropertyId.SubscriptionIdentifier or PropertyId.ReceiveMaximum or PropertyId.MaximumPacketSize or PropertyId.TopicAlias => property.Number > 0,
        _ => true,
    };

    private static (PropertyType Type, int Places)?[] Make()
    {
        var table = new (PropertyType, int)?[43];
        void Row(PropertyId id, PropertyType type, int places) => table[(int)id] = (type, places);
        Row(PropertyId.PayloadFormatIndicator, PropertyType.Byte, P | W);
        Row(PropertyId.MessageExpiryInterval, PropertyType.FourBytes, P | W);
        Row(PropertyId.ContentType, PropertyType.Text, P | W);
        Row(PropertyId.ResponseTopic, PropertyType.Text, P | W);
        Row(PropertyId.CorrelationData, PropertyType.Binary, P | W);
        Row(PropertyId.SubscriptionIdentifier, PropertyType.Variable, P | S);
        Row(PropertyId.SessionExpiryInterval, PropertyType.FourBytes, C | CA | D);
        Row(PropertyId.AssignedClientIdentifier, PropertyType.Text, CA);
        Row(PropertyId.ServerKeepAlive, PropertyType.TwoBytes, CA);
        Row(PropertyId.AuthenticationMethod, PropertyType.Text, C | CA | A);
        Row(PropertyId.AuthenticationData, PropertyType.Binary, C | CA | A);
        Row(PropertyId.RequestProblemInformation, PropertyType.Byte, C);
        Row(PropertyId.WillDelayInterval, PropertyType.FourBytes, W);
        Row(PropertyId.RequestResponseInformation, PropertyType.Byte, C);
        Row(PropertyId.ResponseInformation, PropertyType.Text, CA);
        Row(PropertyId.ServerReference, PropertyType.Text, CA | D);
        Row(PropertyId.ReasonString, PropertyType.Text, CA | D | A | Acks);
        Row(PropertyId.ReceiveMaximum, PropertyType.TwoBytes, C | CA);
        Row(PropertyId.TopicAliasMaximum, PropertyType.TwoBytes, C | CA);
        Row(PropertyId.TopicAlias, PropertyType.TwoBytes, P);
        Row(PropertyId.MaximumQos, PropertyType.Byte, CA);
        Row(PropertyId.RetainAvailable, PropertyType.Byte, CA);
        Row(PropertyId.UserProperty, PropertyType.Pair, All);
        Row(PropertyId.MaximumPacketSize, PropertyType.FourBytes, C | CA);
        Row(PropertyId.WildcardSubscriptionAvailable, PropertyType.Byte, CA);
        Row(PropertyId.SubscriptionIdentifierAvailable, PropertyType.Byte, CA);
        Row(PropertyId.SharedSubscriptionAvailable, PropertyType.Byte, CA);
        return table;
    }
}
