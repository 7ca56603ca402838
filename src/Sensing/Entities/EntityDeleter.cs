using System.Globalization;
using Dapper;
using Madang.Sensing.Model;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Sensing.Entities;

/// <summary>Deletes an entity with what the standard says goes with it (OGC 18-088, table 25), and nothing else.</summary>
internal sealed class EntityDeleter(Rows rows, ObservationChanges observations)
{
    /// <summary>Deletes the entity; answers the Datastreams and Observations that went with it, null when it is not there.</summary>
    public async Task<IReadOnlyList<Alongside>?> Delete(WriteScope scope, EntitySet set, long id)
    {
        if (!await rows.IsTheirs(scope, set, id))
        {
            return null;
        }

        IReadOnlyList<Alongside> others = [];
        var seenByOthers = true;
        switch (set.Name)
        {
            case "Things":
                others = [.. await DeleteCapabilities(scope, "thing_id", id), .. await DeleteDatastreams(scope, "thing_id = @id", id)];
                break;
            case "Sensors":
                others = await DeleteDatastreams(scope, "sensor_id = @id", id);
                break;
            case "ObservedProperties":
                others = await DeleteDatastreams(scope, "(observed_property_id = @id OR id IN (SELECT datastream_id FROM multi_datastream_properties WHERE observed_property_id = @id))", id);
                break;
            case "Datastreams" or "MultiDatastreams":
                others = await DeleteDatastreams(scope, "id = @id", id);
                break;
            case "Actuators":
                others = await DeleteCapabilities(scope, "actuator_id", id);
                break;
            case "TaskingCapabilities":
                others = await DeleteCapabilities(scope, "id", id);
                break;
            case "Locations":
                await Features.ForgetOfLocation(scope, id);
                await scope.Connection.ExecuteAsync(
                    "DELETE FROM historical_locations WHERE id IN (SELECT historical_location_id FROM historical_location_locations WHERE location_id = @id)", new { id }, scope.Transaction);
                break;
            case "FeaturesOfInterest":
                await observations.DeleteOfFeature(scope, id);
                break;
            case "Observations":
                seenByOthers = await observations.Delete(scope, id);
                break;
        }

        if (set != SensorThingsModel.Observations)
        {
            await scope.Connection.ExecuteAsync($"DELETE FROM {set.Table} WHERE id = @id", new { id }, scope.Transaction);
        }

        if (seenByOthers)
        {
            scope.Tell(new StationsChanged(set.Name, id), "stations");
        }

        return others;
    }

    /// <summary>TaskingCapabilities go with their Thing and Actuator, and their Tasks with them (OGC 17-079r1, table 14).</summary>
    private static async Task<IReadOnlyList<Alongside>> DeleteCapabilities(WriteScope scope, string column, long id)
    {
        var gone = new List<Alongside>();
        var ids = (await scope.Connection.QueryAsync<long>($"SELECT id FROM tasking_capabilities WHERE {column} = @id ORDER BY id", new { id }, scope.Transaction)).AsList();
        foreach (var capability in ids)
        {
            gone.Add(new Alongside(SensorThingsModel.TaskingCapabilities, capability, await RowImage.Read(scope, "SELECT * FROM tasking_capabilities WHERE id = @capability", new { capability })));
        }

        var tasks = await scope.Connection.ExecuteAsync($"DELETE FROM tasks WHERE capability_id IN (SELECT id FROM tasking_capabilities WHERE {column} = @id)", new { id }, scope.Transaction);
        if (tasks > 0)
        {
            gone.Add(new Alongside(SensorThingsModel.Tasks, null) { Thing = string.Create(CultureInfo.InvariantCulture, $"({tasks})") });
        }

        await scope.Connection.ExecuteAsync($"DELETE FROM tasking_capabilities WHERE {column} = @id", new { id }, scope.Transaction);
        return gone;
    }

    private static async Task<IReadOnlyList<Alongside>> DeleteDatastreams(WriteScope scope, string which, long id)
    {
        // On PostgreSQL whoever is storing Observations holds these rows; from here on nobody can, so that none is left behind.
        var held = scope.Engine == Engine.Postgres ? " FOR UPDATE" : "";
        var ids = (await scope.Connection.QueryAsync<(long Id, bool IsMulti)>($"SELECT id, result_types IS NOT NULL FROM datastreams WHERE {which} ORDER BY id{held}", new { id }, scope.Transaction)).AsList();
        var gone = new List<Alongside>(ids.Count);
        foreach (var (datastream, isMulti) in ids)
        {
            gone.Add(new Alongside(isMulti ? SensorThingsModel.MultiDatastreams : SensorThingsModel.Datastreams, datastream, await RowImage.Read(scope, "SELECT * FROM datastreams WHERE id = @datastream", new { datastream })));
        }

        foreach (var table in new[] { "observations", "rollups", "rollup_marks" })
        {
            var rows = await scope.Connection.ExecuteAsync($"DELETE FROM {table} WHERE datastream_id IN (SELECT id FROM datastreams WHERE {which})", new { id }, scope.Transaction);
            if (table == "observations" && rows > 0)
            {
                gone.Add(Alongside.Observations(string.Create(CultureInfo.InvariantCulture, $"({rows})")));
            }
        }

        await scope.Connection.ExecuteAsync($"DELETE FROM datastreams WHERE {which}", new { id }, scope.Transaction);
        return gone;
    }
}
