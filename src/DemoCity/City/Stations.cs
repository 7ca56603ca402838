using System.Text.Json;
using Madang.DemoCity.World;
using Madang.Kernel;

namespace Madang.DemoCity.City;

/// <summary>Reads the city's districts, finds the simulation's Things by <c>properties/demoId</c>, and makes those that are missing.</summary>
internal sealed class Stations(CityDoor door, int seed)
{
    public const string Source = "모의 데이터 (simulated data): Madang demo city";

    /// <summary>Who would be responsible if the sensors were real; marked, because they are not.</summary>
    public const string Owner = "서울특별시 디지털도시국 (모의)";

    /// <summary>The same in English.</summary>
    public const string OwnerEn = "Digital City Bureau, Seoul (simulated)";

    private readonly Dictionary<SensorKind, long> devices = [];
    private readonly Dictionary<string, long> properties = [];

    public static async Task<IReadOnlyList<District>> Districts(CityDoor door, CancellationToken cancel)
    {
        var collection = await door.Get("/api/places/district", cancel);
        return
        [
            .. collection.GetProperty("features").EnumerateArray().Select(feature =>
            {
                var about = feature.GetProperty("properties");
                return new District(
                    about.GetProperty("code").GetString()!, about.GetProperty("name").GetString() ?? "", about.GetProperty("name_en").GetString() ?? "",
                    GeoJson.Read(feature.GetProperty("geometry"), "geometry"));
            }).OrderBy(district => district.Code, StringComparer.Ordinal),
        ];
    }

    /// <summary>What stands from earlier runs, by demoId.</summary>
    public async Task<Dictionary<string, Standing>> Find(Town town, CancellationToken cancel)
    {
        var wanted = town.Sensors.Concat(town.Stations).ToDictionary(sensor => sensor.DemoId);
        var found = new Dictionary<string, Standing>();
        var filter = Uri.EscapeDataString($"properties/demoSeed eq {seed}");
        var expand = Uri.EscapeDataString("Datastreams($select=id,properties,phenomenonTime;$top=100)");
        await foreach (var thing in door.List($"Things?$filter={filter}&$select=id,properties&$expand={expand}&$top=100", cancel))
        {
            if (Text(thing, "demoId") is { } id && wanted.TryGetValue(id, out var sensor) && Streams(sensor.Kind, thing.GetProperty("Datastreams")) is { } streams)
            {
                found.TryAdd(id, new Standing(sensor, streams) { Last = thing.GetProperty("Datastreams").EnumerateArray().Max(LastOf) });
            }
        }

        return found;
    }

    public async Task<Standing> Make(DemoSensor sensor, CancellationToken cancel)
    {
        if (!devices.ContainsKey(sensor.Kind))
        {
            devices.Add(sensor.Kind, await Shared("Sensors", sensor.Kind == SensorKind.Sdot ? "sensor" : sensor.Kind.Code, json =>
            {
                json.WriteString("name", sensor.Kind.Device);
                json.WriteString("description", $"Simulated sensor. {Source}");
                json.WriteString("encodingType", "text/plain");
                json.WriteString("metadata", Source);
            }, cancel));
        }

        foreach (var measure in sensor.Kind.Measures.Where(measure => !properties.ContainsKey(measure.Code)))
        {
            properties.Add(measure.Code, await Shared("ObservedProperties", measure.Code, json =>
            {
                json.WriteString("name", measure.Name);
                json.WriteString("definition", $"urn:madang:measure:{measure.Code}");
                json.WriteString("description", measure.NameEn);
            }, cancel, measure));
        }

        var thing = await door.Create("Things", json => Write(json, sensor), cancel);
        var made = await door.Get($"Things({thing})/Datastreams?$select=id,properties&$top=100", cancel);
        return new Standing(sensor, Streams(sensor.Kind, made.GetProperty("value"))!);
    }

    /// <summary>The moments, in seconds, for which the city has readings of a sensor. All measures of a moment come together, so one tells for all.</summary>
    public async Task<HashSet<long>> Stored(Standing standing, DateTimeOffset from, CancellationToken cancel)
    {
        var stored = new HashSet<long>();
        var filter = Uri.EscapeDataString($"phenomenonTime ge {IsoTime.Write(from)}");
        await foreach (var observation in door.List($"Datastreams({standing.Streams[0]})/Observations?$filter={filter}&$select=phenomenonTime&$top=1000", cancel))
        {
            if (TimeInterval.TryParse(observation.GetProperty("phenomenonTime").GetString(), out var time))
            {
                stored.Add(time.Start.ToUnixTimeSeconds());
            }
        }

        return stored;
    }

    private async Task<long> Shared(string set, string name, Action<Utf8JsonWriter> write, CancellationToken cancel, Measure? measure = null)
    {
        var found = await door.Get($"{set}?$filter={Uri.EscapeDataString($"properties/demoId eq 'demo-{name}'")}&$select=id&$top=1", cancel);
        return found.GetProperty("value").EnumerateArray().Select(entity => (long?)entity.GetProperty("@iot.id").GetInt64()).FirstOrDefault() ?? await door.Create(set, json =>
        {
            json.WriteStartObject();
            write(json);
            json.WriteStartObject("properties");
            json.WriteString("demoId", $"demo-{name}");
            json.WriteBoolean("simulated", true);
            if (measure is not null)
            {
                json.WriteString("measure", measure.Code);
                json.WriteString("name_en", measure.NameEn);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }, cancel);
    }

    private void Write(Utf8JsonWriter json, DemoSensor sensor)
    {
        var (district, kind) = (sensor.District, sensor.Kind);
        var number = kind == SensorKind.Sdot ? $" {sensor.Number}" : "";
        var name = $"{district.Name} {kind.Name}{number}";
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("description", "값은 모두 지어낸 것입니다 (simulated: all values are made up)");
        json.WriteStartObject("properties");
        json.WriteBoolean("simulated", true);
        json.WriteString("source", Source);
        json.WriteString("nameEn", $"{district.NameEn} {kind.NameEn}{number}");
        json.WriteString("owner", Owner);
        json.WriteString("ownerEn", OwnerEn);
        json.WriteString("demoId", sensor.DemoId);
        json.WriteNumber("demoSeed", seed);
        json.WriteString("kind", kind.Code);
        json.WriteString("district", district.Code);
        json.WriteEndObject();
        json.WriteStartArray("Locations");
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("description", $"{district.Name} ({Source})");
        json.WriteString("encodingType", "application/geo+json");
        json.WriteStartObject("location");
        json.WriteString("type", "Point");
        var place = district.Place(sensor.Chance.Of(30));
        json.WriteStartArray("coordinates");
        json.WriteNumberValue(place.X);
        json.WriteNumberValue(place.Y);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("Datastreams");
        foreach (var measure in kind.Measures)
        {
            WriteStream(json, kind, measure);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteStream(Utf8JsonWriter json, SensorKind kind, Measure measure)
    {
        json.WriteStartObject();
        json.WriteString("name", measure.Name);
        json.WriteString("description", measure.NameEn);
        json.WriteString("observationType", "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement");
        json.WriteStartObject("unitOfMeasurement");
        json.WriteString("name", measure.Unit);
        json.WriteString("symbol", measure.Symbol);
        json.WriteString("definition", $"urn:madang:unit:{measure.Unit.Replace(' ', '-')}");
        json.WriteEndObject();
        json.WriteStartObject("properties");
        json.WriteString("measure", measure.Code);
        json.WriteBoolean("simulated", true);
        json.WriteNumber("cadenceSeconds", kind.Cadence);
        json.WriteEndObject();
        Reference("Sensor", devices[kind]);
        Reference("ObservedProperty", properties[measure.Code]);
        json.WriteEndObject();

        void Reference(string name, long id)
        {
            json.WriteStartObject(name);
            json.WriteNumber("@iot.id", id);
            json.WriteEndObject();
        }
    }

    /// <summary>The Datastreams in the order of its measures; null when one is missing.</summary>
    private static long[]? Streams(SensorKind kind, JsonElement list)
    {
        var byMeasure = list.EnumerateArray().ToLookup(stream => Text(stream, "measure"), stream => stream.GetProperty("@iot.id").GetInt64());
        return kind.Measures.All(measure => byMeasure.Contains(measure.Code)) ? [.. kind.Measures.Select(measure => byMeasure[measure.Code].First())] : null;
    }

    private static DateTimeOffset? LastOf(JsonElement stream) =>
        stream.TryGetProperty("phenomenonTime", out var time) && TimeInterval.TryParse(time.GetString(), out var interval) ? interval.End ?? interval.Start : null;

    private static string? Text(JsonElement entity, string name) =>
        entity.TryGetProperty("properties", out var about) && about.ValueKind == JsonValueKind.Object && about.TryGetProperty(name, out var value) ? value.GetString() : null;
}
