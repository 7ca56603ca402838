using System.Globalization;
using System.Text.Json;
using Madang.Kernel;
using Madang.Sensing.Ingest;
using Madang.Sensing.Model;
using Madang.Sensing.Query;
using Madang.Sensing.Tasking;
using Madang.Storage;
using Madang.Trust;
using Microsoft.Extensions.Options;

namespace Madang.Sensing.Entities;

/// <summary>
/// Creates an entity with everything inline in it (deep insert, OGC 18-088, 10.2.1.1), all or nothing: what it needs first,
/// then itself, then what hangs on it; Observations come last and together.
/// </summary>
internal sealed class EntityCreator(Rows rows, ObservationInserter inserter, IOptions<SensingOptions> options, TimeProvider clock)
{
    /// <summary>Creates one entity, under <paramref name="parent"/> when its address said so; answers its id, and what else was made for it.</summary>
    public async Task<(long Id, IReadOnlyList<Alongside> Others)> Create(WriteScope scope, EntitySet set, JsonElement json, Parent? parent)
    {
        var work = new Work(scope);
        var owner = parent is null ? null : new Owner(parent.Navigation, parent.Id);
        var id = set == SensorThingsModel.Observations
            ? await PlanObservation(work, json, "", owner)
            : await Create(work, set, json, "", owner);
        if (work.Observations.Count > options.Value.MaxItems)
        {
            throw new InvalidInputException("Observations", $"holds more than {options.Value.MaxItems} Observations; send them in several requests", 413);
        }

        if (work.Observations.Count > 0)
        {
            var refusals = await inserter.Insert(scope, [.. work.Observations.Select(planned => planned.Observation)]);
            var bad = Array.FindIndex(refusals, refusal => refusal is not null);
            if (bad >= 0 && refusals[bad]!.Reason == Refusal.NotTheirs)
            {
                throw Ownership.Forbidden();
            }

            if (bad >= 0)
            {
                throw new InvalidInputException(Json.Join(work.Observations[bad].Path, refusals[bad]!.Field), refusals[bad]!.Reason);
            }
        }

        id = set == SensorThingsModel.Observations ? work.Observations[^1].Observation.Id : id;
        var others = work.Made.Where(made => made.Set != set || made.Id != id).ToList();
        if (work.Observations.Count > 0 && set != SensorThingsModel.Observations)
        {
            var ids = work.Observations.Select(planned => planned.Observation.Id).ToList();
            others.Add(Alongside.Observations(string.Create(CultureInfo.InvariantCulture, $"{ids.Min()}..{ids.Max()} ({ids.Count})")) with { Stored = [.. work.Observations.Select(planned => planned.Observation)] });
        }

        return (id, others);
    }

    private async Task<long> Create(Work work, EntitySet set, JsonElement json, string path, Owner? owner)
    {
        var body = EntityBody.Read(set, json, path, BodyMode.Whole);
        var columns = body.Columns.ToList();
        foreach (var navigation in set.Navigations.Where(navigation => !navigation.Many))
        {
            columns.Add(new ColumnValue(navigation.ParentColumn, await OneRelated(work, navigation, body, path, owner)));
        }

        var links = new Dictionary<string, List<long>>();
        if (set == SensorThingsModel.MultiDatastreams)
        {
            // They come first, because its row names the first of them.
            links["ObservedProperties"] = await PropertiesOf(work, body, path, owner);
            columns.Add(new ColumnValue("observed_property_id", links["ObservedProperties"][0]));
        }
        else if (set == SensorThingsModel.Tasks)
        {
            columns.Add(new ColumnValue("created_at", clock.GetUtcNow().ToMicros()));
            await TaskParameters.Check(work.Scope, columns, Json.Join(path, "taskingParameters"));
        }

        columns.AddRange(await Ownership.OfNew(work.Scope, set, columns));
        var id = await Rows.Insert(work.Scope, set, columns);
        if (owner is { Navigation.From.Set: "HistoricalLocations" })
        {
            await ThingMoves.AddToPast(work.Scope, owner.Id, id);
        }
        else if (owner?.Navigation.Link is not null && owner.Navigation.Inverse(set) is { } inverse && !links.ContainsKey(inverse.Name))
        {
            links[inverse.Name] = [owner.Id];
        }

        foreach (var member in body.Related.Where(member => member.Navigation.Many && !(set == SensorThingsModel.MultiDatastreams && member.Navigation.Name == "ObservedProperties")))
        {
            await ManyRelated(work, set, id, member, links);
        }

        await Settle(work, set, id, columns, links, path);
        work.Scope.Tell(new StationsChanged(set.Name, id), "stations");
        work.Made.Add(new Alongside(set, id));
        return id;
    }

    /// <summary>The id behind a to-one relation: the owner's, a reference, or an entity made inline.</summary>
    private async Task<long> OneRelated(Work work, Navigation navigation, EntityBody body, string path, Owner? owner)
    {
        var member = body.Related.FirstOrDefault(member => member.Navigation == navigation);
        if (owner is not null && owner.Navigation.Link is null && owner.Navigation.ChildColumn == navigation.ParentColumn)
        {
            return member is null ? owner.Id : throw new InvalidInputException(member.Path, "is already said by where this entity stands");
        }

        if (member is null || member.Value.ValueKind == JsonValueKind.Null)
        {
            throw new InvalidInputException(Json.Join(path, navigation.Name), "is required: {\"@iot.id\": …} or the whole entity");
        }

        return await Related(work, navigation.Target(), member.Value, member.Path, null);
    }

    private async Task ManyRelated(Work work, EntitySet set, long id, RelatedMember member, Dictionary<string, List<long>> links)
    {
        if (member.Value.ValueKind != JsonValueKind.Array)
        {
            throw new InvalidInputException(member.Path, $"must be an array, not {Json.Kind(member.Value)}");
        }

        var target = member.Navigation.Target();
        var index = 0;
        foreach (var item in member.Value.EnumerateArray())
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"{member.Path}[{index++}]");
            if (target == SensorThingsModel.Observations)
            {
                await PlanObservation(work, item, at, new Owner(member.Navigation, id));
            }
            else if (member.Navigation.Link is not null)
            {
                if (!links.TryGetValue(member.Navigation.Name, out var ids))
                {
                    links.Add(member.Navigation.Name, ids = []);
                }

                ids.Add(await Related(work, target, item, at, null));
            }
            else if (Reference(item, at) is not null)
            {
                throw new InvalidInputException(at, $"an existing {target.Type} cannot be taken over here; change its {set.Type} with PATCH");
            }
            else
            {
                await Create(work, target, item, at, new Owner(member.Navigation, id));
            }
        }
    }

    /// <summary>The ObservedProperties of a new MultiDatastream in their order: as its body says, or the one it is made under.</summary>
    private async Task<List<long>> PropertiesOf(Work work, EntityBody body, string path, Owner? owner)
    {
        var at = Json.Join(path, "ObservedProperties");
        if (body.Related.FirstOrDefault(member => member.Navigation.Name == "ObservedProperties") is not { } member)
        {
            return owner?.Navigation.Link is not null ? [owner.Id] : throw new InvalidInputException(at, "is required: an array of {\"@iot.id\": …} or whole entities");
        }

        if (member.Value.ValueKind != JsonValueKind.Array)
        {
            throw new InvalidInputException(member.Path, $"must be an array, not {Json.Kind(member.Value)}");
        }

        var ids = new List<long>();
        foreach (var item in member.Value.EnumerateArray())
        {
            ids.Add(await Related(work, member.Navigation.Target(), item, string.Create(CultureInfo.InvariantCulture, $"{at}[{ids.Count}]"), null));
        }

        return ids.Count == 0 ? throw new InvalidInputException(at, "is empty")
            : owner?.Navigation.Link is not null && !ids.Contains(owner.Id) ? throw new InvalidInputException(at, "does not name the ObservedProperty that this MultiDatastream is made under")
            : ids;
    }

    /// <summary>Writes the links of a new entity, and where Things are from now on.</summary>
    private async Task Settle(Work work, EntitySet set, long id, List<ColumnValue> columns, Dictionary<string, List<long>> links, string path)
    {
        // A MultiDatastream counts its parts and a HistoricalLocation tells what was: neither is changed from the other side.
        if (links.Keys.FirstOrDefault(name => (set == SensorThingsModel.ObservedProperties && name == "MultiDatastreams") || (set == SensorThingsModel.Locations && name == "HistoricalLocations")) is { } other)
        {
            throw new InvalidInputException(Json.Join(path, other), $"is not said here; name this {set.Type} where its {other} are made or changed");
        }

        if (set == SensorThingsModel.Things && links.TryGetValue("Locations", out var places))
        {
            await ThingMoves.Move(work.Scope, id, places, clock.GetUtcNow());
        }
        else if (set == SensorThingsModel.Locations && links.TryGetValue("Things", out var things))
        {
            foreach (var thing in things)
            {
                await Ownership.DemandThing(work.Scope, thing);
                await ThingMoves.Move(work.Scope, thing, [id], clock.GetUtcNow());
            }
        }
        else if (set == SensorThingsModel.MultiDatastreams)
        {
            await MultiDatastreams.SetProperties(work.Scope, id, links["ObservedProperties"], Json.Join(path, "ObservedProperties"));
            await MultiDatastreams.Check(work.Scope, id, path);
        }
        else if (set == SensorThingsModel.TaskingCapabilities)
        {
            TaskParameters.CheckDescription(columns, Json.Join(path, "taskingParameters"));
        }
        else if (set == SensorThingsModel.HistoricalLocations)
        {
            if (!links.TryGetValue("Locations", out var past))
            {
                throw new InvalidInputException(Json.Join(path, "Locations"), "is required");
            }

            await ThingMoves.Remember(work.Scope, id, (long)columns.First(column => column.Column == "thing_id").Value!, past);
        }
    }

    private async Task<long> Related(Work work, EntitySet set, JsonElement json, string path, Owner? owner)
    {
        if (Reference(json, path) is not { } id)
        {
            return await Create(work, set, json, path, owner);
        }

        return await rows.Exists(work.Scope, set, id) ? id : throw new InvalidInputException(path, string.Create(CultureInfo.InvariantCulture, $"there is no {set.Type} {id}"));
    }

    /// <summary>The id when the JSON is a reference, <c>{"@iot.id": 5}</c>.</summary>
    internal static long? Reference(JsonElement json, string path)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("@iot.id", out var id))
        {
            return null;
        }

        return json.EnumerateObject().All(member => member.Name == "@iot.id" || member.Name.Contains("@iot.", StringComparison.Ordinal))
            ? Json.Id(id, path + ".@iot.id")
            : throw new InvalidInputException(path, "is either a reference with '@iot.id' alone, or a new entity without it");
    }

    private async Task<long> PlanObservation(Work work, JsonElement json, string path, Owner? owner)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidInputException(path.Length == 0 ? "body" : path, $"must be an object, not {Json.Kind(json)}");
        }

        var inline = new Dictionary<string, long>();
        if (owner is not null)
        {
            inline[owner.Navigation.Inverse(SensorThingsModel.Observations)!.Name] = owner.Id;
        }

        foreach (var navigation in SensorThingsModel.Observations.Navigations)
        {
            if (json.TryGetProperty(navigation.Name, out var related) && related.ValueKind != JsonValueKind.Null)
            {
                var at = Json.Join(path, navigation.Name);
                if (inline.ContainsKey(navigation.Name))
                {
                    throw new InvalidInputException(at, "is already said by where this Observation stands");
                }

                inline[navigation.Name] = await Related(work, navigation.Target(), related, at, null);
            }
        }

        var isMulti = inline.TryGetValue("MultiDatastream", out var datastream);
        if (inline.TryGetValue("Datastream", out var plain) && isMulti)
        {
            throw new InvalidInputException(Json.Join(path, "MultiDatastream"), "stands beside a Datastream; an Observation belongs to one");
        }

        if (!isMulti && plain == 0)
        {
            throw new InvalidInputException(Json.Join(path, "Datastream"), "is required: {\"@iot.id\": …}");
        }

        var observation = ObservationObject.Read(json, path, isMulti ? datastream : plain, inline.TryGetValue("FeatureOfInterest", out var feature) ? feature : null, clock.GetUtcNow(), multi: isMulti);
        observation.By = Caller.Current;
        work.Observations.Add((observation, path));
        return 0;
    }

    /// <summary>The entity that a new one is made under.</summary>
    private sealed record Owner(Navigation Navigation, long Id);

    private sealed record Work(WriteScope Scope)
    {
        public List<(NewObservation Observation, string Path)> Observations { get; } = [];

        public List<Alongside> Made { get; } = [];
    }
}
