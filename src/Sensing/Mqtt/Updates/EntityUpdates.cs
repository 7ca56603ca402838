using Dapper;
using Madang.Sensing.Changes;
using Madang.Sensing.Entities;
using Madang.Sensing.Ingest;
using Madang.Sensing.Model;
using Madang.Sensing.Mqtt.Broker;
using Madang.Sensing.Mqtt.Topics;
using Madang.Sensing.Query;
using Madang.Storage;
using Session = Madang.Sensing.Mqtt.Broker.Session;

namespace Madang.Sensing.Mqtt.Updates;

/// <summary>
/// Entities that were made or changed: read again for those who watch them, as a caller who may see them. Whoever watches one
/// entity or property hears of it only when what he would read has changed.
/// </summary>
internal sealed class EntityUpdates(IDatabase database, EntityReader reader, Watches watches, LinkRoot links)
{
    private readonly Dictionary<(TopicRoot Root, string Set), Form> wholes = [];
    private long lastMove;

    /// <summary>The set that an Observation's Datastream is of.</summary>
    public static EntitySet StreamOf(NewObservation observation) => observation.Result.Kind == ResultKind.Parts ? SensorThingsModel.MultiDatastreams : SensorThingsModel.Datastreams;

    /// <summary>A whole entity, for subscribers by wildcard.</summary>
    public Form Whole(TopicRoot root, EntitySet set)
    {
        if (!wholes.TryGetValue((root, set.Name), out var form))
        {
            wholes.Add((root, set.Name), form = new Form(root.Profile, set, null, null, links.Text));
        }

        return form;
    }

    /// <summary>New Observations may have widened the times and the area of their Datastreams, for those who watch these.</summary>
    public async Task Datastreams(IReadOnlyList<NewObservation> observations, Action<Session, Subscription, Message> deliver, CancellationToken cancel)
    {
        List<(EntitySet Set, long Id)> watched;
        lock (watches.Gate)
        {
            watched = [.. observations.Select(observation => (Set: StreamOf(observation), observation.Datastream)).Distinct().Where(each => watches.OfEntity(each.Set, each.Datastream).Count > 0)];
        }

        foreach (var (set, id) in watched)
        {
            await TellEntity(new EntityChange(ChangeKind.Changed, set, id), deliver, cancel);
        }
    }

    public async Task Tell(EntityChange change, Action<Session, Subscription, Message> deliver, CancellationToken cancel)
    {
        if (change.Kind == ChangeKind.Deleted)
        {
            return;
        }

        await TellSets(change, deliver, cancel);
        await TellMoves(change, deliver, cancel);
        await TellPlaces(change, deliver, cancel);
        if (change.Kind == ChangeKind.Changed)
        {
            await TellEntity(change, deliver, cancel);
        }
    }

    /// <summary>Whoever watches the entity itself, or a property of it.</summary>
    private async Task TellEntity(EntityChange change, Action<Session, Subscription, Message> deliver, CancellationToken cancel)
    {
        var wanted = new List<(Watch Watch, Session Session, Subscription Subscription)>();
        lock (watches.Gate)
        {
            wanted.AddRange(watches.OfEntity(change.Set, change.Id).SelectMany(watch => watch.Subscribers.Select(subscriber => (watch, subscriber.Key, subscriber.Value))));
        }

        foreach (var subscribers in wanted.GroupBy(one => one.Watch))
        {
            var watch = subscribers.Key;
            if (await Read(change, watch.Form, [.. subscribers.Select(one => one.Session)], cancel) is not { } found || found.Payload.AsSpan().SequenceEqual(watch.LastPayload))
            {
                continue;
            }

            watch.LastPayload = found.Payload;
            var message = new Message(watch.Topic, found.Payload);
            Send(subscribers.Select(one => (one.Session, one.Subscription, message)), found.Provider, change.Origin, deliver);
        }
    }

    /// <summary>Whoever watches the set, what a relation leads to, or more by wildcards.</summary>
    private async Task TellSets(EntityChange change, Action<Session, Subscription, Message> deliver, CancellationToken cancel)
    {
        bool hasParents;
        lock (watches.Gate)
        {
            hasParents = watches.HasParents(change.Set);
        }

        await TellOf(change, hasParents ? await Parents(change, cancel) : [], true, deliver, cancel);
    }

    private async Task TellOf(EntityChange change, IReadOnlyList<(ParentKey Key, string Topic)> parents, bool ofSet, Action<Session, Subscription, Message> deliver, CancellationToken cancel)
    {
        var wanted = new List<(Form Form, string Topic, Session Session, Subscription Subscription)>();
        lock (watches.Gate)
        {
            foreach (var watch in (ofSet ? watches.OfSet(change.Set) : []).Concat(parents.SelectMany(parent => watches.OfParent(parent.Key))))
            {
                wanted.AddRange(watch.Subscribers.Select(one => (watch.Form, watch.Topic, one.Key, one.Value)));
            }

            if (watches.Patterns.Count > 0)
            {
                foreach (var topic in Topics(change, parents, ofSet))
                {
                    watches.Patterns.Match(topic, (session, subscription) =>
                    {
                        var root = subscription.Pattern!.Value.Root;
                        if (!root.Profile.Knows(change.Set))
                        {
                            return;
                        }

                        wanted.Add((Whole(root, change.Set), $"{root.Text}/{topic}", session, subscription));
                    });
                }
            }
        }

        foreach (var subscribers in wanted.GroupBy(one => one.Form))
        {
            if (await Read(change, subscribers.Key, [.. subscribers.Select(one => one.Session)], cancel) is { } found)
            {
                Send(subscribers.Select(one => (one.Session, one.Subscription, new Message(one.Topic, found.Payload))), found.Provider, change.Origin, deliver);
            }
        }
    }

    /// <summary>A Thing that moves leaves a HistoricalLocation behind that nobody asked for: the newest, when it has not been told of.</summary>
    private async Task TellMoves(EntityChange change, Action<Session, Subscription, Message> deliver, CancellationToken cancel)
    {
        var set = SensorThingsModel.HistoricalLocations;
        lastMove = change.Set == set ? Math.Max(lastMove, change.Id) : lastMove;
        var other = change.Set == SensorThingsModel.Things ? "Locations" : change.Set == SensorThingsModel.Locations ? "Things" : null;
        if (other is null || change.Properties?.Contains(other) == false || !IsWatched(set))
        {
            return;
        }

        await using var read = await database.Read(cancel);
        var moves = await read.Connection.QueryAsync<long>(
            $"SELECT max(id) FROM historical_locations WHERE id > @lastMove AND {(other == "Locations" ? "thing_id = @id" : "thing_id IN (SELECT thing_id FROM thing_locations WHERE location_id = @id)")} GROUP BY thing_id ORDER BY 1",
            new { lastMove, id = change.Id }, read.Transaction);
        foreach (var move in moves)
        {
            lastMove = Math.Max(lastMove, move);
            await TellSets(new EntityChange(ChangeKind.Made, set, move, null, change.Origin), deliver, cancel);
        }
    }

    /// <summary>A Thing that was put at a Location that was there before: what it leads to is another now, though no Location has changed.</summary>
    private async Task TellPlaces(EntityChange change, Action<Session, Subscription, Message> deliver, CancellationToken cancel)
    {
        if (change.Kind != ChangeKind.Changed || change.Set != SensorThingsModel.Things || change.Properties?.Contains("Locations") != true || !IsWatched(SensorThingsModel.Locations))
        {
            return;
        }

        var places = new List<long>();
        await using (var read = await database.Read(cancel))
        {
            places.AddRange(await read.Connection.QueryAsync<long>("SELECT location_id FROM thing_locations WHERE thing_id = @Id ORDER BY location_id", new { change.Id }, read.Transaction));
        }

        foreach (var place in places)
        {
            await TellOf(new EntityChange(ChangeKind.Made, SensorThingsModel.Locations, place, null, change.Origin), [(new ParentKey("Things", "Locations", change.Id), FormattableString.Invariant($"Things({change.Id})/Locations"))], false, deliver, cancel);
        }
    }

    private bool IsWatched(EntitySet set)
    {
        lock (watches.Gate)
        {
            return watches.OfSet(set).Count > 0 || watches.HasParents(set);
        }
    }

    private static IEnumerable<string> Topics(EntityChange change, IReadOnlyList<(ParentKey Key, string Topic)> parents, bool ofSet)
    {
        if (ofSet)
        {
            yield return change.Set.Name;
        }

        foreach (var (_, topic) in parents)
        {
            yield return topic;
        }

        if (change.Kind == ChangeKind.Changed)
        {
            yield return FormattableString.Invariant($"{change.Set.Name}({change.Id})");
        }
    }

    private static void Send(IEnumerable<(Session Session, Subscription Subscription, Message Message)> to, long? provider, object? origin, Action<Session, Subscription, Message> deliver)
    {
        foreach (var (session, subscription, message) in to)
        {
            if (Notifier.IsFor(session, subscription, provider, origin))
            {
                deliver(session, subscription, message);
            }
        }
    }

    /// <summary>The entity as the first of those reads it who may, and whose it is; null when nobody may, or it is gone.</summary>
    private async Task<(byte[] Payload, long? Provider)?> Read(EntityChange change, Form form, IReadOnlyList<Session> sessions, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        foreach (var session in sessions.DistinctBy(session => session.Caller))
        {
            session.Standing.Enter(session.Caller, FormattableString.Invariant($"/mqtt/{change.Set.Name}({change.Id})"));
            if (await reader.Find(read, database.Engine, form.Set, change.Id, form.Options) is var (_, row))
            {
                var provider = await read.Connection.ExecuteScalarAsync<long?>($"SELECT {Ownership.ProviderOf(form.Set, "t")} FROM {form.Set.Table} t WHERE t.id = @id", new { id = change.Id }, read.Transaction);
                return (form.Write(row), provider);
            }
        }

        return null;
    }

    /// <summary>The entities whose relations lead to this one, found by its own relations to them.</summary>
    private async Task<IReadOnlyList<(ParentKey Key, string Topic)>> Parents(EntityChange change, CancellationToken cancel)
    {
        var parents = new List<(ParentKey, string)>();
        await using var read = await database.Read(cancel);
        var set = Profile.Tasking.Of(change.Set);
        foreach (var back in set.Navigations)
        {
            var owner = back.Target();
            if (owner.Navigations.FirstOrDefault(navigation => navigation.Many && navigation.Target == set.Name && IsInverse(navigation, back)) is not { } forth)
            {
                continue;
            }

            foreach (var id in await read.Connection.QueryAsync<long>(Ids(back, set, owner), new { id = change.Id }, read.Transaction))
            {
                parents.Add((ParentKey.Of(forth, id), FormattableString.Invariant($"{owner.Name}({id})/{forth.Name}")));
            }
        }

        return parents;
    }

    /// <summary>Who sees the parent is of no matter: whoever watches it was judged when he subscribed, and the child is judged again.</summary>
    private static string Ids(Navigation back, EntitySet set, EntitySet owner) => back.Link is { } link
        ? $"SELECT {link.Child} FROM {link.Table} WHERE {link.Parent} = @id"
        : $"SELECT p.id FROM {owner.Table} p JOIN {set.Table} c ON p.{back.ChildColumn} = c.{back.ParentColumn} WHERE c.id = @id AND {owner.Only("p")}";

    private static bool IsInverse(Navigation one, Navigation other) => one.Link is { } link
        ? other.Link is { } back && back.Table == link.Table
        : one.ParentColumn == other.ChildColumn && one.ChildColumn == other.ParentColumn;
}
