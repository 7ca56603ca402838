using Madang.Sensing.Model;
using Madang.Sensing.Mqtt.Broker;

namespace Madang.Sensing.Mqtt.Topics;

/// <summary>
/// A topic without wildcards that somebody subscribed to: a set, what one relation of an entity leads to, an entity, or a
/// property of one. Its subscribers share what is written for it.
/// </summary>
internal sealed class Watch(string topic, Form form, ParentKey? parent, long? id)
{
    public string Topic => topic;

    public Form Form => form;

    /// <summary>The entity whose relation leads to the set; null for the whole set, or an entity.</summary>
    public ParentKey? Parent => parent;

    /// <summary>The entity; null for a set.</summary>
    public long? Id => id;

    /// <summary>Of an entity or property: what was last known of it, to see whether a change changed it.</summary>
    public byte[]? LastPayload { get; set; }

    public Dictionary<Session, Subscription> Subscribers { get; } = [];
}

/// <summary>One relation of one entity, in whatever profile.</summary>
internal readonly record struct ParentKey(string Set, string Relation, long Id)
{
    public static ParentKey Of(Navigation navigation, long id) => new(navigation.From.Set, navigation.Name, id);
}

/// <summary>What a session asked for with one filter.</summary>
internal sealed record Subscription(string Filter, byte Qos, bool NoLocal, uint? Identifier)
{
    /// <summary>The topic, when there is no wildcard in it.</summary>
    public Watch? Watch { get; init; }

    /// <summary>With wildcards: the root that topics are published under for it, and the filter behind that root.</summary>
    public (TopicRoot Root, string Below)? Pattern { get; init; }
}
