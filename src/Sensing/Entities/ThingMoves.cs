using Dapper;
using Madang.Kernel;
using Madang.Storage;

namespace Madang.Sensing.Entities;

/// <summary>A Thing's Locations now, and the HistoricalLocation that each change leaves behind (OGC 18-088, 8.2.3).</summary>
internal static class ThingMoves
{
    /// <summary>Puts a Thing at these Locations, in place of where it was, from <paramref name="time"/> on.</summary>
    public static async Task Move(WriteScope scope, long thing, IReadOnlyCollection<long> locations, DateTimeOffset time)
    {
        await SetLocations(scope, thing, locations);
        var past = await scope.Connection.ExecuteScalarAsync<long>(
            "INSERT INTO historical_locations (thing_id, time) VALUES (@thing, @Time) RETURNING id", new { thing, Time = time.ToMicros() }, scope.Transaction);
        await LinkPast(scope, past, locations);
    }

    /// <summary>A HistoricalLocation that a client makes; when it is the newest of its Thing, the Thing is there now.</summary>
    public static Task Remember(WriteScope scope, long past, long thing, IReadOnlyCollection<long> locations) => Remember(scope, past, thing, locations, locations);

    private static async Task Remember(WriteScope scope, long past, long thing, IReadOnlyCollection<long> more, IReadOnlyCollection<long> locations)
    {
        await LinkPast(scope, past, more);
        var newest = await scope.Connection.ExecuteScalarAsync<long>(
            "SELECT id FROM historical_locations WHERE thing_id = @thing ORDER BY time DESC, id DESC LIMIT 1", new { thing }, scope.Transaction);
        if (newest == past)
        {
            await SetLocations(scope, thing, locations);
        }
    }

    /// <summary>One more Location that tells the same place of a HistoricalLocation in another way; when that is the newest of its Thing, the Thing is there too.</summary>
    public static async Task AddToPast(WriteScope scope, long past, long location)
    {
        var thing = await scope.Connection.ExecuteScalarAsync<long>("SELECT thing_id FROM historical_locations WHERE id = @past", new { past }, scope.Transaction);
        await Ownership.DemandThing(scope, thing);
        var known = (await scope.Connection.QueryAsync<long>("SELECT location_id FROM historical_location_locations WHERE historical_location_id = @past", new { past }, scope.Transaction)).AsList();
        await Remember(scope, past, thing, [location], [.. known, location]);
    }

    private static async Task SetLocations(WriteScope scope, long thing, IReadOnlyCollection<long> locations)
    {
        await scope.Connection.ExecuteAsync("DELETE FROM thing_locations WHERE thing_id = @thing", new { thing }, scope.Transaction);
        await scope.Connection.ExecuteAsync("INSERT INTO thing_locations (thing_id, location_id) VALUES (@thing, @location)", locations.Distinct().Select(location => new { thing, location }), scope.Transaction);
        await Features.ForgetOfThing(scope, thing);
    }

    private static Task<int> LinkPast(WriteScope scope, long past, IReadOnlyCollection<long> locations) => scope.Connection.ExecuteAsync(
        "INSERT INTO historical_location_locations (historical_location_id, location_id) VALUES (@past, @location)", locations.Distinct().Select(location => new { past, location }), scope.Transaction);
}
