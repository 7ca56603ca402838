using System.Globalization;
using System.Text.Json;
using Dapper;
using Madang.Sensing.Entities;
using Madang.Sensing.Model;
using Madang.Sensing.Query;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Sensing.Doors;

/// <summary>Makes what a device needs when it is first heard: its Thing with a place, and Datastreams that a known Thing lacks. What is made belongs to who sends.</summary>
internal sealed class DeviceMaker(IDatabase database, EntityCreator creator, Recorder recorder)
{
    /// <summary>Devices of one commit: others write in between.</summary>
    private const int AtOnce = 50;

    /// <summary>The lock under which devices are made on PostgreSQL, so that two requests do not make the same one. SQLite has one writer anyway.</summary>
    private const long MakingLock = 0x6D61_6461_6E67_0006;

    /// <summary>Makes what is missing for these devices; those of which nobody says where they stand are left out.</summary>
    public async Task Make(Door door, IReadOnlyList<SortedRecord> first, CancellationToken cancel)
    {
        foreach (var some in first.Chunk(AtOnce))
        {
            await database.Write(scope => MakeSome(scope, door.Map, some), cancel);
        }
    }

    /// <summary>Where a new device stands, and whether that is only a stand-in; null when nobody says.</summary>
    public static (GeoPoint At, bool IsStandIn)? PlaceOf(DeviceMaking making, SortedRecord first)
    {
        if (making.Longitude is { } east && making.Latitude is { } north && first.Record.Find(east) is { IsNumber: true, Number: >= -180 and <= 180 } longitude && first.Record.Find(north) is { IsNumber: true, Number: >= -90 and <= 90 } latitude)
        {
            return (new GeoPoint((double)longitude.Number, (double)latitude.Number), false);
        }

        return making.Places.TryGetValue(first.Device!, out var known) ? (known, false) : making.Otherwise is { } otherwise ? (otherwise, true) : null;
    }

    /// <summary>The name that a device's Thing gets.</summary>
    public static string NameOf(DeviceMaking making, string device) => Fill(making.Name, device);

    private async Task MakeSome(WriteScope scope, DoorMap map, SortedRecord[] first)
    {
        if (scope.Engine == Engine.Postgres)
        {
            await scope.Connection.ExecuteAsync("SELECT pg_advisory_xact_lock(@MakingLock)", new { MakingLock }, scope.Transaction);
        }

        // Another request may have made them since they were looked for.
        var known = await DeviceBook.Read(scope.Engine, scope.Connection, scope.Transaction, map, [.. first.Select(record => record.Device!)]);
        var shared = new Shared(map, await Sensor(scope, map), await Properties(scope, map));
        foreach (var record in first)
        {
            if (known[record.Device!].FirstOrDefault(thing => Caller.Current.May(Act.Write, Kinds.Thing, thing.Provider)) is { } thing)
            {
                await MakeStreams(scope, shared, thing);
            }
            else if (PlaceOf(map.Making!, record) is { } place)
            {
                await Create(scope, SensorThingsModel.Things, json => WriteThing(json, shared, record.Device!, place), null);
            }
        }
    }

    private async Task MakeStreams(WriteScope scope, Shared shared, KnownDevice device)
    {
        var navigation = SensorThingsModel.Things.FindNavigation("Datastreams")!;
        for (var index = 0; index < device.Streams.Length; index++)
        {
            if (device.Streams[index] == 0)
            {
                var place = index;
                await Create(scope, SensorThingsModel.Datastreams, json => WriteStream(json, shared, place), new Parent(navigation, device.Thing));
            }
        }
    }

    private async Task<long> Sensor(WriteScope scope, DoorMap map)
    {
        var (name, description, metadata) = map.Making!.Sensor;
        var door = scope.Engine == Engine.Sqlite ? "json_extract(properties, '$.door')" : "properties ->> 'door'";
        return await Mine(scope, "sensors", $"CAST({door} AS TEXT) = @code", map.Name) ?? await Create(scope, SensorThingsModel.Sensors, json =>
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("description", description);
            json.WriteString("encodingType", "text/plain");
            json.WriteString("metadata", metadata);
            json.WriteStartObject("properties");
            json.WriteString("door", map.Name);
            json.WriteEndObject();
            json.WriteEndObject();
        }, null);
    }

    private async Task<long[]> Properties(WriteScope scope, DoorMap map)
    {
        var measure = ThingReader.MeasureOf("o", scope.Engine == Engine.Sqlite ? "json_extract(o.properties, '$.measure')" : "o.properties ->> 'measure'");
        var ids = new long[map.Measures.Count];
        for (var index = 0; index < ids.Length; index++)
        {
            var place = map.Measures[index];
            ids[index] = await Mine(scope, "observed_properties o", $"{measure} = @code", place.Measure) ?? await Create(scope, SensorThingsModel.ObservedProperties, json =>
            {
                json.WriteStartObject();
                json.WriteString("name", place.Name);
                json.WriteString("definition", place.Definition.Length > 0 ? place.Definition : "urn:madang:measure:" + place.Measure);
                json.WriteString("description", place.NameEn.Length > 0 ? place.NameEn : place.Name);
                json.WriteStartObject("properties");
                json.WriteString("measure", place.Measure);
                json.WriteString("name_en", place.NameEn);
                json.WriteEndObject();
                json.WriteEndObject();
            }, null);
        }

        return ids;
    }

    /// <summary>The oldest that belongs to who sends; a provider may use the city's too.</summary>
    private static Task<long?> Mine(WriteScope scope, string table, string condition, string code) => scope.Connection.ExecuteScalarAsync<long?>(
        $"SELECT min(id) FROM {table} WHERE {condition} AND (provider_id IS NULL OR provider_id = @provider)", new { code, provider = Caller.Current.Provider ?? -1 }, scope.Transaction);

    private async Task<long> Create(WriteScope scope, EntitySet set, Action<Utf8JsonWriter> write, Parent? parent)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            write(writer);
        }

        var bytes = stream.ToArray();
        using var json = JsonDocument.Parse(bytes);
        var (id, others) = await creator.Create(scope, set, json.RootElement, parent);
        RecordEntry Entry(EntitySet made, string thing) => Caller.Current.Entry($"{made.Name.ToLowerInvariant()}.create", Act.Write, Kinds.Thing, Caller.Current.Provider) with { Kind = made.Name, Thing = thing };
        await recorder.Record(scope, [Entry(set, id.ToString(CultureInfo.InvariantCulture)) with { After = bytes }, .. others.Select(other => Entry(other.Set, other.Thing))]);
        return id;
    }

    private static void WriteThing(Utf8JsonWriter json, Shared shared, string device, (GeoPoint At, bool IsStandIn) place)
    {
        var (map, making) = (shared.Map, shared.Map.Making!);
        json.WriteStartObject();
        json.WriteString("name", Fill(making.Name, device));
        json.WriteString("description", Fill(making.Description, device));
        json.WriteStartObject("properties");
        foreach (var (name, value) in making.Properties.Where(property => property.Key != map.Device.Property && property.Key is not ("door" or "placeUnknown")))
        {
            if (value is "true" or "false")
            {
                json.WriteBoolean(name, value == "true");
            }
            else
            {
                json.WriteString(name, Fill(value, device));
            }
        }

        json.WriteString(map.Device.Property, device);
        json.WriteString("door", map.Name);
        if (place.IsStandIn)
        {
            json.WriteBoolean("placeUnknown", true);
        }

        json.WriteEndObject();
        json.WriteStartArray("Locations");
        WriteLocation(json, Fill(making.Name, device), place);
        json.WriteEndArray();
        json.WriteStartArray("Datastreams");
        for (var index = 0; index < map.Measures.Count; index++)
        {
            WriteStream(json, shared, index);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteLocation(Utf8JsonWriter json, string name, (GeoPoint At, bool IsStandIn) place)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("description", place.IsStandIn ? "자리를 모릅니다 (a stand-in: nobody said where it is)" : name);
        json.WriteString("encodingType", "application/geo+json");
        json.WriteStartObject("location");
        json.WriteString("type", "Point");
        json.WriteStartArray("coordinates");
        json.WriteNumberValue(place.At.Longitude);
        json.WriteNumberValue(place.At.Latitude);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteStream(Utf8JsonWriter json, Shared shared, int index)
    {
        var measure = shared.Map.Measures[index];
        json.WriteStartObject();
        json.WriteString("name", measure.Name);
        json.WriteString("description", measure.NameEn.Length > 0 ? measure.NameEn : measure.Name);
        json.WriteString("observationType", "http://www.opengis.net/def/observationType/OGC-OM/2.0/" + measure.Kind switch { MeasureKind.Number => "OM_Measurement", MeasureKind.Truth => "OM_TruthObservation", _ => "OM_CategoryObservation" });
        json.WriteStartObject("unitOfMeasurement");
        json.WriteString("name", measure.Unit.Name);
        json.WriteString("symbol", measure.Unit.Symbol);
        json.WriteString("definition", measure.Unit.Definition);
        json.WriteEndObject();
        json.WriteStartObject("properties");
        json.WriteString("measure", measure.Measure);
        if (shared.Map.Making!.CadenceSeconds is { } cadence)
        {
            json.WriteNumber("cadenceSeconds", cadence);
        }

        json.WriteEndObject();
        WriteReference(json, "Sensor", shared.Sensor);
        WriteReference(json, "ObservedProperty", shared.Properties[index]);
        json.WriteEndObject();
    }

    private static void WriteReference(Utf8JsonWriter json, string name, long id)
    {
        json.WriteStartObject(name);
        json.WriteNumber("@iot.id", id);
        json.WriteEndObject();
    }

    private static string Fill(string template, string device) => template.Replace("{device}", device, StringComparison.Ordinal);

    private sealed record Shared(DoorMap Map, long Sensor, long[] Properties);
}
