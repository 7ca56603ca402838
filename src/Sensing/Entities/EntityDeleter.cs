using Dapper;
using Madang.Sensing.Model;
using Madang.Storage;

namespace Madang.Sensing.Entities;

/// <summary>Deletes an entity with what the standard says goes with it (OGC 18-088, table 25), and nothing else.</summary>
internal sealed class EntityDeleter(Rows rows, ObservationChanges observations)
{
    /// <summary>Deletes the entity; false when it is not there.</summary>
    public async Task<bool> Delete(WriteScope scope, EntitySet set, long id)
    {
        if (!await rows.IsTheirs(scope, set, id))
        {
            return false;
        }

        var seenByOthers = true;
        switch (set.Name)
        {
            case "Things":
                await DeleteDatastreams(scope, "thing_id", id);
                break;
            case "Sensors":
                await DeleteDatastreams(scope, "sensor_id", id);
                break;
            case "ObservedProperties":
                await DeleteDatastreams(scope, "observed_property_id", id);
                break;
            case "Datastreams":
                await DeleteDatastreams(scope, "id", id);
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

        return true;
    }

    private static async Task DeleteDatastreams(WriteScope scope, string column, long id)
    {
        if (scope.Engine == Engine.Postgres)
        {
            // Who is storing Observations holds these rows; from here on nobody can, so that none is left behind.
            await scope.Connection.ExecuteAsync($"SELECT id FROM datastreams WHERE {column} = @id ORDER BY id FOR UPDATE", new { id }, scope.Transaction);
        }

        foreach (var table in new[] { "observations", "rollups", "rollup_marks" })
        {
            await scope.Connection.ExecuteAsync($"DELETE FROM {table} WHERE datastream_id IN (SELECT id FROM datastreams WHERE {column} = @id)", new { id }, scope.Transaction);
        }

        await scope.Connection.ExecuteAsync($"DELETE FROM datastreams WHERE {column} = @id", new { id }, scope.Transaction);
    }
}
