using System.Text.Json;
using Madang.DemoCity.World;

namespace Madang.DemoCity.City;

/// <summary>The simulated controller of the street lights: makes its poles, reads the Tasks they are given, and reports through the street light door.</summary>
internal sealed class Lamps(CityDoor door, int seed)
{
    /// <summary>Seconds between two reports of a lamp to which nothing happens.</summary>
    public const int Cadence = 300;

    private const string Tasking = "/sta/tasking/v1.1/";
    private const int MostTasks = 500;

    private readonly Dictionary<long, Pole> byCapability = [];
    private long lastTask;

    public IReadOnlyList<Pole> Poles { get; } = [.. Street.All.SelectMany(street => Enumerable.Range(1, street.Poles).Select(number => new Pole(street, number, new Noise(seed).Of(street.Code[0] * 1000L).Of(number))))];

    /// <summary>Finds or makes the poles, and what they were told and drew until now.</summary>
    public async Task SetUp(DateTimeOffset now, CancellationToken cancel)
    {
        var missing = Poles.ToDictionary(pole => pole.Serial);
        var filter = Uri.EscapeDataString($"properties/demoLights eq {seed}");
        var expand = Uri.EscapeDataString("TaskingCapabilities($select=id;$top=1),Datastreams($select=id,properties;$top=10;$expand=Observations($orderby=phenomenonTime desc;$top=1))");
        var found = await door.Get($"{Tasking}Things?$filter={filter}&$select=id,properties&$expand={expand}&$top=1000", cancel);
        foreach (var thing in found.GetProperty("value").EnumerateArray())
        {
            if (missing.Remove(thing.GetProperty("properties").GetProperty("serial").GetString() ?? "", out var pole) && thing.GetProperty("TaskingCapabilities").EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } capability)
            {
                pole.Begin(EnergyOf(thing), now);
                byCapability[capability.GetProperty("@iot.id").GetInt64()] = pole;
            }
        }

        long? actuator = null;
        foreach (var pole in missing.Values)
        {
            actuator ??= await Actuator(cancel);
            pole.Begin(pole.EnergyBefore, now);
            var thing = await door.Create($"{Tasking}Things", json => Write(json, pole, actuator.Value), cancel);
            var made = await door.Get($"{Tasking}Things({thing})/TaskingCapabilities?$select=id", cancel);
            byCapability[made.GetProperty("value")[0].GetProperty("@iot.id").GetInt64()] = pole;
        }

        await ReadTasks(cancel);
    }

    /// <summary>Takes the Tasks that were given since the last look; answers the poles they are for.</summary>
    public async Task<IReadOnlyCollection<Pole>> ReadTasks(CancellationToken cancel)
    {
        var told = new HashSet<Pole>();
        while (true)
        {
            var filter = Uri.EscapeDataString(FormattableString.Invariant($"id gt {lastTask}"));
            var page = (await door.Get($"{Tasking}Tasks?$filter={filter}&$orderby=id&$top={MostTasks}&$expand={Uri.EscapeDataString("TaskingCapability($select=id)")}", cancel)).GetProperty("value");
            foreach (var task in page.EnumerateArray())
            {
                lastTask = task.GetProperty("@iot.id").GetInt64();
                if (byCapability.TryGetValue(task.GetProperty("TaskingCapability").GetProperty("@iot.id").GetInt64(), out var pole))
                {
                    var parameters = task.GetProperty("taskingParameters");
                    pole.Tell(parameters.GetProperty("level").GetDouble(), task.GetProperty("creationTime").GetDateTimeOffset(), parameters.TryGetProperty("until", out var until) ? until.GetDateTimeOffset() : null);
                    told.Add(pole);
                }
            }

            if (page.GetArrayLength() < MostTasks)
            {
                return told;
            }
        }
    }

    /// <summary>Reports lamps as a controller does, in its own words, through the device door.</summary>
    public async Task Report(IReadOnlyCollection<Pole> poles, DateTimeOffset at, CancellationToken cancel)
    {
        if (poles.Count == 0)
        {
            return;
        }

        await door.Post("/doors/street-light", json =>
        {
            json.WriteStartObject();
            json.WriteString("controller", "DEMO");
            json.WriteStartArray("lamps");
            foreach (var pole in poles)
            {
                pole.Count(at);
                json.WriteStartObject();
                json.WriteString("pole", pole.Serial);
                json.WriteNumber("at", at.ToUnixTimeSeconds());
                json.WriteNumber("dim", Math.Round(pole.Level(at)));
                json.WriteNumber("w", Math.Round(pole.Watts(at), 1));
                json.WriteNumber("wh", Math.Round(pole.Energy));
                json.WriteNumber("state", pole.State(at));
                json.WriteNumber("lon", pole.Longitude);
                json.WriteNumber("lat", pole.Latitude);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }, cancel);
    }

    private static double EnergyOf(JsonElement thing) => thing.GetProperty("Datastreams").EnumerateArray()
        .Where(stream => stream.GetProperty("properties").GetProperty("measure").GetString() == "lamp_energy")
        .SelectMany(stream => stream.GetProperty("Observations").EnumerateArray()).Select(last => last.GetProperty("result").GetDouble() * 1000).FirstOrDefault();

    private async Task<long> Actuator(CancellationToken cancel)
    {
        var found = await door.Get($"{Tasking}Actuators?$filter={Uri.EscapeDataString("properties/demoId eq 'demo-dimmer'")}&$select=id&$top=1", cancel);
        return found.GetProperty("value").EnumerateArray().Select(one => (long?)one.GetProperty("@iot.id").GetInt64()).FirstOrDefault() ?? await door.Create($"{Tasking}Actuators", json =>
        {
            json.WriteStartObject();
            json.WriteString("name", "가로등 조광기 (모의)");
            json.WriteString("description", $"Simulated dimmer. {Stations.Source}");
            json.WriteString("encodingType", "text/plain");
            json.WriteString("metadata", Stations.Source);
            json.WriteStartObject("properties");
            json.WriteString("demoId", "demo-dimmer");
            json.WriteBoolean("simulated", true);
            json.WriteEndObject();
            json.WriteEndObject();
        }, cancel);
    }

    private void Write(Utf8JsonWriter json, Pole pole, long actuator)
    {
        var name = FormattableString.Invariant($"{pole.Street.Name} 가로등 {pole.Number}");
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("description", "값은 모두 지어낸 것입니다 (simulated: all values are made up)");
        json.WriteStartObject("properties");
        json.WriteBoolean("simulated", true);
        json.WriteString("source", Stations.Source);
        json.WriteString("nameEn", FormattableString.Invariant($"{pole.Street.NameEn} street light {pole.Number}"));
        json.WriteString("owner", Stations.Owner);
        json.WriteString("ownerEn", Stations.OwnerEn);
        json.WriteString("demoId", pole.Serial);
        json.WriteNumber("demoLights", seed);
        json.WriteString("kind", "street-light");
        json.WriteString("street", pole.Street.Name);
        json.WriteString("streetEn", pole.Street.NameEn);
        json.WriteString("serial", pole.Serial);
        json.WriteEndObject();
        WriteLocation(json, pole, name);
        WriteCapability(json, actuator);
        json.WriteEndObject();
    }

    private static void WriteLocation(Utf8JsonWriter json, Pole pole, string name)
    {
        json.WriteStartArray("Locations");
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("description", Stations.Source);
        json.WriteString("encodingType", "application/geo+json");
        json.WriteStartObject("location");
        json.WriteString("type", "Point");
        json.WriteStartArray("coordinates");
        json.WriteNumberValue(pole.Longitude);
        json.WriteNumberValue(pole.Latitude);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    /// <summary>What a lamp can be told, in the words of SWE Common (OGC 08-094r1): a level, and until when it holds.</summary>
    private static void WriteCapability(Utf8JsonWriter json, long actuator)
    {
        json.WritePropertyName("TaskingCapabilities");
        json.WriteRawValue($$"""
            [{ "name": "밝기", "description": "등의 밝기를 정합니다 (how bright the lamp is)",
               "taskingParameters": { "type": "DataRecord", "field": [
                 { "name": "level", "label": "밝기", "type": "Quantity", "uom": { "code": "%" }, "constraint": { "type": "AllowedValues", "interval": [[0, 100]] } },
                 { "name": "until", "label": "언제까지", "type": "Time", "optional": true }] },
               "properties": { "simulated": true }, "Actuator": { "@iot.id": {{actuator.ToString(System.Globalization.CultureInfo.InvariantCulture)}} } }]
            """);
    }
}
