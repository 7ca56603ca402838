using Madang.Sensing.Model;
using Madang.Sensing.Mqtt.Broker;

namespace Madang.Sensing.Mqtt.Topics;

/// <summary>Who subscribed to what, found by what changes: the set, the parent, the entity, the filter with wildcards.</summary>
internal sealed class Watches
{
    private readonly Dictionary<string, Watch> byTopic = new(StringComparer.Ordinal);
    private readonly Dictionary<EntitySet, List<Watch>> bySet = [];
    private readonly Dictionary<ParentKey, List<Watch>> byParent = [];
    private readonly Dictionary<(EntitySet Set, long Id), List<Watch>> byEntity = [];
    private int subscriptions;

    /// <summary>Held while the index is read or changed.</summary>
    public Lock Gate { get; } = new();

    public TopicTree Patterns { get; } = new();

    /// <summary>Hears whether there is any subscription at all, when that changes.</summary>
    public Action<bool>? Awake { get; set; }

    /// <summary>A topic that is watched already, so that it need not be looked up again; null otherwise.</summary>
    public Watch? Find(string topic)
    {
        lock (Gate)
        {
            return byTopic.GetValueOrDefault(topic);
        }
    }

    /// <summary>True when a relation of this name, or the set it leads to as that of any parent, is watched; then parents are looked up.</summary>
    public bool HasParents(EntitySet set)
    {
        foreach (var watch in byParent.Values)
        {
            if (watch[0].Form.Set == set)
            {
                return true;
            }
        }

        return Patterns.Count > 0;
    }

    /// <summary>The subscription as it stands in the index, which shares a watch that is already there.</summary>
    public Subscription Add(Session session, Subscription subscription)
    {
        lock (Gate)
        {
            if (subscription.Pattern is { } pattern)
            {
                var before = Patterns.Count;
                Patterns.Add(pattern.Below, session, subscription);
                Count(Patterns.Count - before);
                return subscription;
            }

            var watch = Share(subscription.Watch!);
            subscription = subscription with { Watch = watch };
            Count(watch.Subscribers.ContainsKey(session) ? 0 : 1);
            watch.Subscribers[session] = subscription;
            return subscription;
        }
    }

    public void Remove(Session session, Subscription subscription)
    {
        lock (Gate)
        {
            if (subscription.Pattern is { } pattern)
            {
                var before = Patterns.Count;
                Patterns.Remove(pattern.Below, session, subscription);
                Count(Patterns.Count - before);
                return;
            }

            var watch = subscription.Watch!;
            Count(watch.Subscribers.Remove(session) ? -1 : 0);
            if (watch.Subscribers.Count == 0 && byTopic.Remove(watch.Topic))
            {
                Take(watch);
            }
        }
    }

    public IReadOnlyList<Watch> OfSet(EntitySet set) => bySet.GetValueOrDefault(set) ?? (IReadOnlyList<Watch>)[];

    public IReadOnlyList<Watch> OfParent(ParentKey parent) => byParent.GetValueOrDefault(parent) ?? (IReadOnlyList<Watch>)[];

    public IReadOnlyList<Watch> OfEntity(EntitySet set, long id) => byEntity.GetValueOrDefault((set, id)) ?? (IReadOnlyList<Watch>)[];

    private Watch Share(Watch watch)
    {
        if (byTopic.TryGetValue(watch.Topic, out var known))
        {
            return known;
        }

        byTopic.Add(watch.Topic, watch);
        if (watch.Id is { } id)
        {
            Put(byEntity, (watch.Form.Set, id), watch);
        }
        else if (watch.Parent is { } parent)
        {
            Put(byParent, parent, watch);
        }
        else
        {
            Put(bySet, watch.Form.Set, watch);
        }

        return watch;
    }

    private void Take(Watch watch)
    {
        if (watch.Id is { } id)
        {
            Drop(byEntity, (watch.Form.Set, id), watch);
        }
        else if (watch.Parent is { } parent)
        {
            Drop(byParent, parent, watch);
        }
        else
        {
            Drop(bySet, watch.Form.Set, watch);
        }
    }

    private static void Put<TKey>(Dictionary<TKey, List<Watch>> index, TKey key, Watch watch)
        where TKey : notnull
    {
        if (!index.TryGetValue(key, out var list))
        {
            index.Add(key, list = []);
        }

        list.Add(watch);
    }

    private static void Drop<TKey>(Dictionary<TKey, List<Watch>> index, TKey key, Watch watch)
        where TKey : notnull
    {
        if (index.TryGetValue(key, out var list) && list.Remove(watch) && list.Count == 0)
        {
            index.Remove(key);
        }
    }

    private void Count(int change)
    {
        subscriptions += change;
        if (change != 0)
        {
            Awake?.Invoke(subscriptions > 0);
        }
    }
}
