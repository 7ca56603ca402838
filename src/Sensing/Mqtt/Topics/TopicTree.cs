using Madang.Sensing.Mqtt.Broker;

namespace Madang.Sensing.Mqtt.Topics;

/// <summary>Filters with wildcards, level by level, so that a topic finds those that match it without looking at the others (MQTT 5.0, 4.7).</summary>
internal sealed class TopicTree
{
    private readonly Node root = new();

    public int Count { get; private set; }

    public void Add(string filter, Session session, Subscription subscription)
    {
        var at = root;
        foreach (var level in filter.Split('/'))
        {
            at = at.Children.TryGetValue(level, out var next) ? next : at.Children[level] = new Node();
        }

        if (!at.Subscribers.ContainsKey((session, subscription.Filter)))
        {
            Count++;
        }

        at.Subscribers[(session, subscription.Filter)] = subscription;
    }

    public void Remove(string filter, Session session, Subscription subscription)
    {
        var way = new List<(Node Parent, string Level)>();
        var at = root;
        foreach (var level in filter.Split('/'))
        {
            if (!at.Children.TryGetValue(level, out var next))
            {
                return;
            }

            way.Add((at, level));
            at = next;
        }

        Count -= at.Subscribers.Remove((session, subscription.Filter)) ? 1 : 0;
        for (var step = way.Count - 1; step >= 0 && at is { Subscribers.Count: 0, Children.Count: 0 }; step--)
        {
            at = way[step].Parent;
            at.Children.Remove(way[step].Level);
        }
    }

    /// <summary>Calls back for every filter that a topic matches.</summary>
    public void Match(string topic, Action<Session, Subscription> found) => Match(root, topic.AsSpan(), found);

    private static void Match(Node at, ReadOnlySpan<char> rest, Action<Session, Subscription> found)
    {
        var slash = rest.IndexOf('/');
        var level = slash < 0 ? rest : rest[..slash];
        if (at.Children.TryGetValue("#", out var all))
        {
            all.Tell(found);
        }

        Follow(at, "+", slash, rest, found);
        Follow(at, level, slash, rest, found);
    }

    private static void Follow(Node at, ReadOnlySpan<char> level, int slash, ReadOnlySpan<char> rest, Action<Session, Subscription> found)
    {
        if (!at.Children.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(level, out var next))
        {
            return;
        }

        if (slash >= 0)
        {
            Match(next, rest[(slash + 1)..], found);
            return;
        }

        next.Tell(found);
        if (next.Children.TryGetValue("#", out var parent))
        {
            // "a/#" matches "a" too (4.7.1.2).
            parent.Tell(found);
        }
    }

    private sealed class Node
    {
        public Dictionary<string, Node> Children { get; } = new(StringComparer.Ordinal);

        public Dictionary<(Session Session, string Filter), Subscription> Subscribers { get; } = [];

        public void Tell(Action<Session, Subscription> found)
        {
            foreach (var (key, subscription) in Subscribers)
            {
                found(key.Session, subscription);
            }
        }
    }
}
