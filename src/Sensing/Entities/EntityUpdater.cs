using System.Globalization;
using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Sensing.Model;
using Madang.Sensing.Tasking;
using Madang.Storage;

namespace Madang.Sensing.Entities;

/// <summary>Changes an entity: PATCH merges what is given (OGC 18-088, 10.3), PUT replaces all properties. A relation is changed by a reference.</summary>
internal sealed class EntityUpdater(Rows rows, ObservationChanges observations, TimeProvider clock)
{
    /// <summary>Changes the entity; false when it is not there.</summary>
    public async Task<bool> Update(WriteScope scope, EntitySet set, long id, JsonElement json, BodyMode mode)
    {
        if (!await rows.IsTheirs(scope, set, id))
        {
            return false;
        }

        var seenByOthers = true;
        if (set == SensorThingsModel.Observations)
        {
            seenByOthers = await observations.Update(scope, id, json, mode);
        }
        else
        {
            await UpdateEntity(scope, set, id, json, mode);
        }

        if (seenByOthers)
        {
            scope.Tell(new StationsChanged(set.Name, id), "stations");
        }

        return true;
    }

    private async Task UpdateEntity(WriteScope scope, EntitySet set, long id, JsonElement json, BodyMode mode)
    {
        var body = EntityBody.Read(set, json, "", mode, await StoredEncoding(scope, set, id, json), id);
        var columns = body.Columns.ToList();
        foreach (var member in body.Related)
        {
            if (member.Navigation.Many)
            {
                await UpdateMany(scope, set, id, member);
            }
            else
            {
                columns.Add(new ColumnValue(member.Navigation.ParentColumn, await Reference(scope, member.Navigation.Target(), member.Value, member.Path)));
            }
        }

        if (columns.FirstOrDefault(column => column.Column == "thing_id") is { Value: long thing })
        {
            // It goes to another Thing, and belongs to whom that belongs to.
            await Ownership.DemandThing(scope, thing);
            if (set == SensorThingsModel.Datastreams || set == SensorThingsModel.MultiDatastreams || set == SensorThingsModel.TaskingCapabilities)
            {
                columns.Add(new ColumnValue("provider_id", await Ownership.OfThing(scope, thing)));
            }
        }

        if (set == SensorThingsModel.Datastreams && columns.FirstOrDefault(column => column.Column == "observation_type") is { Value: string type })
        {
            await DemandSameResults(scope, id, type);
        }

        await Rows.Update(scope, set, id, columns);
        if (set == SensorThingsModel.Locations && columns.Exists(column => column.Column == "location"))
        {
            await Features.ForgetOfLocation(scope, id);
        }
        else if (set.Table == "datastreams" && columns.Exists(column => column.Column == "thing_id"))
        {
            await scope.Connection.ExecuteAsync("UPDATE datastreams SET default_feature_id = NULL WHERE id = @id", new { id }, scope.Transaction);
        }

        if (set == SensorThingsModel.MultiDatastreams)
        {
            await MultiDatastreams.Check(scope, id, "");
        }
        else if (set == SensorThingsModel.TaskingCapabilities)
        {
            TaskParameters.CheckDescription(columns, "taskingParameters");
        }
        else if (set == SensorThingsModel.Tasks && columns.Count > 0)
        {
            throw new CityRuleException("task-is-given", "A Task that was given is not changed; give another one, or delete this one.", 409);
        }
    }

    /// <summary>What a Datastream's Observations were stored as they stay: its type may only become one that all of them fit.</summary>
    private static async Task DemandSameResults(WriteScope scope, long id, string type)
    {
        var (stored, isUsed) = await scope.Connection.QuerySingleAsync<(string, bool)>(
            "SELECT observation_type, EXISTS (SELECT 1 FROM observations o WHERE o.datastream_id = d.id) FROM datastreams d WHERE d.id = @id", new { id }, scope.Transaction);
        var (from, to) = (ResultTypes.Of(stored), ResultTypes.Of(type));
        if (isUsed && from != to && to != ResultType.Any && (from, to) != (ResultType.Integer, ResultType.Number))
        {
            throw new CityRuleException("datastream-in-use", $"The Datastream has Observations of the type {stored}; they would not be {type}. Make another Datastream for the new type.", 409);
        }
    }

    /// <summary>A geometry given without its encodingType is read by the one that is stored; a changed encodingType alone would leave the shape wrong.</summary>
    private static async Task<string?> StoredEncoding(WriteScope scope, EntitySet set, long id, JsonElement json)
    {
        var place = set.Properties.FirstOrDefault(property => property.Kind == PropertyKind.Place);
        if (place is null || json.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var (hasEncoding, hasPlace) = (json.TryGetProperty("encodingType", out _), json.TryGetProperty(place.Name, out _));
        if (hasEncoding && !hasPlace)
        {
            throw new InvalidInputException(place.Name, "must be given together with 'encodingType'");
        }

        return hasPlace && !hasEncoding
            ? await scope.Connection.ExecuteScalarAsync<string>($"SELECT encoding_type FROM {set.Table} WHERE id = @id", new { id }, scope.Transaction)
            : null;
    }

    private async Task UpdateMany(WriteScope scope, EntitySet set, long id, RelatedMember member)
    {
        if (member.Value.ValueKind != JsonValueKind.Array)
        {
            throw new InvalidInputException(member.Path, $"must be an array, not {Json.Kind(member.Value)}");
        }

        var ids = new List<long>();
        foreach (var item in member.Value.EnumerateArray())
        {
            ids.Add(await Reference(scope, member.Navigation.Target(), item, string.Create(CultureInfo.InvariantCulture, $"{member.Path}[{ids.Count}]")));
        }

        if (set == SensorThingsModel.Things && member.Navigation.Name == "Locations")
        {
            await ThingMoves.Move(scope, id, ids, clock.GetUtcNow());
        }
        else if (set == SensorThingsModel.Locations && member.Navigation.Name == "Things")
        {
            foreach (var thing in ids)
            {
                await Ownership.DemandThing(scope, thing);
                await ThingMoves.Move(scope, thing, [id], clock.GetUtcNow());
            }
        }
        else if (set == SensorThingsModel.MultiDatastreams && member.Navigation.Name == "ObservedProperties")
        {
            await MultiDatastreams.SetProperties(scope, id, ids, member.Path);
        }
        else
        {
            throw new InvalidInputException(member.Path, $"cannot be changed from here; change each {member.Navigation.Target().Type}'s own relation");
        }
    }

    private async Task<long> Reference(WriteScope scope, EntitySet target, JsonElement json, string path)
    {
        var id = EntityCreator.Reference(json, path) ?? throw new InvalidInputException(path, "must be a reference, {\"@iot.id\": …}");
        return await rows.Exists(scope, target, id) ? id : throw new InvalidInputException(path, string.Create(CultureInfo.InvariantCulture, $"there is no {target.Type} {id}"));
    }
}
