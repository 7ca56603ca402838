using Dapper;
using Madang.Sensing.Query;
using Madang.Storage;

namespace Madang.Sensing.Doors;

/// <summary>Finds the Things of devices by the property that holds their key, and their Datastreams by measure.</summary>
internal sealed class DeviceBook(IDatabase database, TimeProvider clock)
{
    /// <summary>Puts what a door needs to know of these devices into its memory, and answers it; a device without a Thing has an empty list and is asked for again.</summary>
    public async Task<Dictionary<string, IReadOnlyList<KnownDevice>>> Find(Door door, IReadOnlyCollection<string> devices, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var found = new Dictionary<string, IReadOnlyList<KnownDevice>>(devices.Count);
        var unknown = new List<string>();
        foreach (var device in devices)
        {
            if (door.Find(device, now) is { } known)
            {
                found[device] = known;
            }
            else
            {
                unknown.Add(device);
            }
        }

        if (unknown.Count > 0)
        {
            await using var read = await database.Read(cancel);
            foreach (var (device, things) in await Read(database.Engine, read.Connection, read.Transaction, door.Map, unknown))
            {
                found[device] = things;
                if (things.Count > 0)
                {
                    door.Remember(device, things, now);
                }
            }
        }

        return found;
    }

    /// <summary>The same from the store, within a transaction.</summary>
    public static async Task<Dictionary<string, IReadOnlyList<KnownDevice>>> Read(
        Engine engine, System.Data.Common.DbConnection connection, System.Data.Common.DbTransaction transaction, DoorMap map, IReadOnlyList<string> devices)
    {
        // The name of the property comes from the mapping, where it is letters and digits alone; with 'serial' there is an index on these very expressions.
        var isSqlite = engine == Engine.Sqlite;
        var key = isSqlite ? $"CAST(json_extract(t.properties, '$.{map.Device.Property}') AS TEXT)" : $"left(t.properties ->> '{map.Device.Property}', 201)";
        object keys = isSqlite ? System.Text.Json.JsonSerializer.Serialize(devices) : devices.ToArray();
        var things = (await connection.QueryAsync<(string Device, long Thing, long? Provider)>(
            $"SELECT {key}, t.id, t.provider_id FROM things t WHERE {(isSqlite ? $"{key} IN (SELECT value FROM json_each(@keys))" : $"{key} = ANY(@keys)")} ORDER BY t.id", new { keys }, transaction)).AsList();
        var streams = things.Count == 0 ? [] : await Streams(engine, connection, transaction, map, things.Select(thing => thing.Thing));
        var found = devices.Distinct().ToDictionary(device => device, IReadOnlyList<KnownDevice> (_) => []);
        foreach (var device in things.GroupBy(thing => thing.Device))
        {
            found[device.Key] = [.. device.Select(thing => new KnownDevice(thing.Thing, thing.Provider, streams.GetValueOrDefault(thing.Thing) ?? new long[map.Measures.Count]))];
        }

        return found;
    }

    /// <summary>Each Thing's Datastreams; of two with the same measure the older one.</summary>
    private static async Task<Dictionary<long, long[]>> Streams(
        Engine engine, System.Data.Common.DbConnection connection, System.Data.Common.DbTransaction transaction, DoorMap map, IEnumerable<long> things)
    {
        var measure = ThingReader.MeasureOf("o", engine == Engine.Sqlite ? "json_extract(o.properties, '$.measure')" : "o.properties ->> 'measure'");
        var unit = engine == Engine.Sqlite ? "json_extract(d.unit, '$.symbol')" : "d.unit ->> 'symbol'";
        var rows = await connection.QueryAsync<(long Thing, long Id, string Measure, string? Unit)>(
            $"""
            SELECT d.thing_id, d.id, {measure}, CAST({unit} AS TEXT) FROM datastreams d JOIN observed_properties o ON o.id = d.observed_property_id
            WHERE {engine.IsAmong("d.thing_id", "@ids")} AND d.result_types IS NULL ORDER BY d.id DESC
            """,
            new { ids = engine.Ids(things) },
            transaction);
        var places = map.Measures.Select((each, index) => (each, index)).ToDictionary(each => each.each.Measure, each => each.index);
        var streams = new Dictionary<long, long[]>();
        foreach (var (thing, id, code, symbol) in rows)
        {
            if (!streams.TryGetValue(thing, out var own))
            {
                streams.Add(thing, own = new long[map.Measures.Count]);
            }

            if (places.TryGetValue(code, out var place))
            {
                own[place] = map.Measures[place].Unit.Symbol is { Length: > 0 } wanted && symbol is { Length: > 0 } && wanted != symbol ? -id : id;
            }
        }

        return streams;
    }
}
