using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing;

/// <summary>A city and its SensorThings door, as a client sees it.</summary>
public sealed class Sta(TestCity city) : IAsyncDisposable
{
    public TestCity City { get; } = city;

    public static async Task<Sta> Start(Engine engine, Action<IDictionary<string, string?>>? settings = null, TestClock? clock = null) =>
        new(await TestCity.Start(engine, settings, clock));

    public async Task<JsonNode> Get(string path, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var response = await City.Client.GetAsync(Address(path), TestContext.Current.CancellationToken);
        return await Read(response, expected, path);
    }

    public Task<JsonNode> Post(string path, string json, HttpStatusCode expected = HttpStatusCode.Created, string? key = null) => Send(HttpMethod.Post, path, json, expected, key);

    public Task<JsonNode> Patch(string path, string json, HttpStatusCode expected = HttpStatusCode.OK) => Send(HttpMethod.Patch, path, json, expected);

    public Task<JsonNode> Put(string path, string json, HttpStatusCode expected = HttpStatusCode.OK) => Send(HttpMethod.Put, path, json, expected);

    public async Task Delete(string path, HttpStatusCode expected = HttpStatusCode.NoContent)
    {
        var response = await City.Client.DeleteAsync(Address(path), TestContext.Current.CancellationToken);
        Assert.Equal(expected, response.StatusCode);
    }

    /// <summary>Creates and answers the id.</summary>
    public async Task<long> Create(string path, string json) => (long)(await Post(path, json))["@iot.id"]!;

    /// <summary>A Thing at a place with one Datastream; answers the Datastream's id.</summary>
    public async Task<long> CreateDatastream(string thing = "종로 1", string measure = "pm25", double longitude = 126.977)
    {
        var id = await Create("Things", Thing(thing, measure, longitude));
        return (long)(await Get($"Things({id})/Datastreams"))["value"]![0]!["@iot.id"]!;
    }

    public static string Thing(string name = "종로 1", string measure = "pm25", double longitude = 126.977) => $$"""
        {
          "name": "{{name}}", "description": "S-DoT", "properties": { "simulated": true, "owner": { "dept": "스마트도시과" }, "list": [1, 2], "rank": 7 },
          "Locations": [{ "name": "세종로", "description": "광장", "encodingType": "application/geo+json", "location": { "type": "Point", "coordinates": [{{longitude}}, 37.57] } }],
          "Datastreams": [{{Datastream(measure)}}]
        }
        """;

    public static string Datastream(string measure = "pm25", string more = "", string type = "OM_Observation") => $$"""
        {
          "name": "{{measure}}", "description": "d", "observationType": "http://www.opengis.net/def/observationType/OGC-OM/2.0/{{type}}",
          "unitOfMeasurement": { "name": "microgram per cubic metre", "symbol": "㎍/㎥", "definition": "ucum:ug/m3" },
          "Sensor": { "name": "sensor", "description": "d", "encodingType": "text/plain", "metadata": "none" },
          "ObservedProperty": { "name": "초미세먼지", "definition": "http://example.org/{{measure}}", "description": "d", "properties": { "measure": "{{measure}}" } }{{more}}
        }
        """;

    /// <summary>Stores numbers at minutes of 2026-07-19T00:00Z.</summary>
    public Task<JsonNode> Observe(long datastream, params (int Minute, double Number)[] observations) => Post(
        "CreateObservations",
        $$"""[{ "Datastream": { "@iot.id": {{datastream}} }, "components": ["phenomenonTime", "result"], "dataArray": [{{string.Join(',', observations.Select(o => FormattableString.Invariant($"[\"{At(o.Minute)}\", {o.Number}]")))}}] }]""");

    public static string At(int minute) => new DateTimeOffset(2026, 7, 19, 0, 0, 0, TimeSpan.Zero).AddMinutes(minute).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null);

    /// <summary>The names (or other member) of a page's entities.</summary>
    public async Task<string[]> Names(string path, string member = "name") =>
        [.. (await Get(path))["value"]!.AsArray().Select(entity => entity![member]!.ToString())];

    public static string Address(string path)
    {
        if (path.StartsWith('/') || path.StartsWith("http", StringComparison.Ordinal))
        {
            return path;
        }

        // Tests write filters as people read them; the address carries them escaped.
        var query = path.IndexOf('?', StringComparison.Ordinal);
        return "/sta/v1.1/" + (query < 0 ? path : path[..(query + 1)] + string.Join('&', path[(query + 1)..].Split('&').Select(option =>
        {
            var equals = option.IndexOf('=', StringComparison.Ordinal);
            return option[..(equals + 1)] + Uri.EscapeDataString(option[(equals + 1)..]);
        })));
    }

    public async Task<JsonNode> Send(HttpMethod method, string path, string json, HttpStatusCode expected, string? key = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, Address(path)) { Content = new StringContent(json, Encoding.UTF8, type) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await Read(await City.Client.SendAsync(request, TestContext.Current.CancellationToken), expected, path);
    }

    public ValueTask DisposeAsync() => City.DisposeAsync();

    private static async Task<JsonNode> Read(HttpResponseMessage response, HttpStatusCode expected, string path)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == expected, $"{path}: {(int)response.StatusCode}, not {(int)expected}: {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text, documentOptions: new JsonDocumentOptions())!;
    }
}
