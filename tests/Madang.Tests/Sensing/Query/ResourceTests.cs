using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Query;

/// <summary>Addresses, references, formats and headers of what is read.</summary>
public sealed class ResourceTests
{
    [Theory, BothEngines]
    public async Task Paths_are_walked_link_by_link(Engine engine)
    {
        await using var sta = await Start(engine);

        Assert.Equal("세종로", (string)(await sta.Get("Things(1)/Datastreams(1)/Observations(1)/FeatureOfInterest"))["name"]!);
        Assert.Equal("pm25", (string)(await sta.Get("Observations(1)/Datastream/name"))["name"]!);
        Assert.Equal(["pm25"], await sta.Names("Observations(1)/Datastream/Thing/Datastreams"));
        foreach (var path in new[] { "Things(2)/Datastreams(1)/Observations", "Things(1)/Datastreams(2)", "Things(1)/Datastreams(1)/Observations(3)", "Observations(1)/Datastream/Sensor/Datastreams(2)" })
        {
            Assert.Equal("not-found", (string)(await sta.Get(path, HttpStatusCode.NotFound))["code"]!);
        }

        foreach (var path in new[] { "Things('1')", "Things(1.5)", "Things()", "Things(1)(2)", "Observations(1)/Datastream(1)" })
        {
            Assert.Equal("path", (string)(await sta.Get(path, HttpStatusCode.BadRequest))["field"]!);
        }

        Assert.Equal("path", (string)(await sta.Get("Things/$count", HttpStatusCode.NotImplemented))["field"]!);
    }

    [Theory, BothEngines]
    public async Task A_thing_is_found_by_its_serial_as_it_would_be_without_an_index(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var word = new string('가', 200);
        foreach (var (name, serial) in new (string, JsonNode?)[] { ("text", "5"), ("number", 5), ("none", null), ("long", word), ("longer", word + "나"), ("object", new JsonObject { ["serial"] = "5" }) })
        {
            await sta.Post("Things", new JsonObject { ["name"] = name, ["description"] = "", ["properties"] = new JsonObject { ["serial"] = serial } }.ToJsonString());
        }

        Assert.Equal(["text"], await sta.Names("Things?$filter=properties/serial eq '5'"));
        Assert.Equal(["text"], await sta.Names("Things?$filter='5' eq properties/serial"));
        Assert.Equal(["number"], await sta.Names("Things?$filter=properties/serial eq 5"));
        Assert.Equal(["long"], await sta.Names($"Things?$filter=properties/serial eq '{word}'"));
        Assert.Equal(["longer"], await sta.Names($"Things?$filter=properties/serial eq '{word}나'"));
        Assert.Equal(["number", "none", "long", "longer", "object"], await sta.Names("Things?$filter=not (properties/serial eq '5')&$orderby=id"));
        Assert.Equal(["text", "long"], await sta.Names($"Things?$filter=properties/serial in ('5','{word}')&$orderby=id"));
    }

    [Theory, BothEngines]
    public async Task A_value_comes_alone_raw_or_not_at_all(Engine engine)
    {
        await using var sta = await Start(engine);

        Assert.Equal("""{"result":12.5}""", (await sta.Get("Observations(1)/result")).ToJsonString());
        Assert.Equal("12.5", await Raw(sta, "Observations(1)/result/$value"));
        Assert.Equal("2026-07-19T00:00:00.000Z", await Raw(sta, "Observations(1)/phenomenonTime/$value"));
        Assert.Equal("스마트도시과", (string)JsonNode.Parse(await Raw(sta, "Things(1)/properties/$value"))!["owner"]!["dept"]!);
        foreach (var path in new[] { "Observations(1)/resultTime", "Observations(1)/resultTime/$value", "Observations(2)/result/$value" })
        {
            await sta.Get(path, HttpStatusCode.NoContent);
        }

        Assert.True((await sta.Get("Observations(1)")).AsObject().ContainsKey("resultTime"));
        await sta.Get("Things(1)/name/$ref", HttpStatusCode.NotFound);
        Assert.Equal("$top", (string)(await sta.Get("Things(1)/name?$top=1", HttpStatusCode.BadRequest))["field"]!);
    }

    [Theory, BothEngines]
    public async Task References_are_addresses_alone(Engine engine)
    {
        await using var sta = await Start(engine);

        var page = await sta.Get("Datastreams(1)/Observations/$ref?$top=1&$orderby=id desc&$count=true");
        var next = await sta.Get((string)page["@iot.nextLink"]!);

        Assert.Equal("""[{"@iot.selfLink":"http://localhost/sta/v1.1/Observations(2)"}]""", page["value"]!.ToJsonString());
        Assert.Equal(2, (int)page["@iot.count"]!);
        Assert.Equal("""[{"@iot.selfLink":"http://localhost/sta/v1.1/Observations(1)"}]""", next["value"]!.ToJsonString());
        Assert.Equal("""{"@iot.selfLink":"http://localhost/sta/v1.1/Things(1)"}""", (await sta.Get("Datastreams(1)/Thing/$ref")).ToJsonString());
        Assert.Equal("""{"@iot.selfLink":"http://localhost/sta/v1.1/Things(1)"}""", (await sta.Get("Things(1)/$ref")).ToJsonString());
        Assert.Equal("$expand", (string)(await sta.Get("Things/$ref?$expand=Datastreams", HttpStatusCode.BadRequest))["field"]!);
        await sta.Get("Things(99)/$ref", HttpStatusCode.NotFound);
    }

    [Theory, BothEngines]
    public async Task What_is_known_is_not_sent_again(Engine engine)
    {
        await using var sta = await Start(engine);
        foreach (var path in new[] { "", "Things", "Things(1)", "Things(1)/name", "Things(1)/name/$value", "Things/$ref", "Observations?$resultFormat=dataArray" })
        {
            var first = await Send(sta, HttpMethod.Get, path);
            var again = await Send(sta, HttpMethod.Get, path, first.Headers.ETag);
            var other = await Send(sta, HttpMethod.Get, path, new EntityTagHeaderValue("\"x\"", true));
            var head = await Send(sta, HttpMethod.Head, path);

            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotModified, HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, again.StatusCode, other.StatusCode, head.StatusCode));
            Assert.Equal((first.Headers.ETag, first.Content.Headers.ContentLength), (head.Headers.ETag, head.Content.Headers.ContentLength));
            Assert.Empty(await again.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
            Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
            Assert.Equal("*", first.Headers.GetValues("Access-Control-Allow-Origin").Single());
            Assert.False(first.Headers.Contains("Access-Control-Allow-Credentials"));
        }

        var before = (await Send(sta, HttpMethod.Get, "Things(1)")).Headers.ETag;
        await sta.Patch("Things(1)", """{ "name": "새 이름" }""");
        Assert.NotEqual(before, (await Send(sta, HttpMethod.Get, "Things(1)")).Headers.ETag);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Answers_are_compressed_for_whoever_asks(string coding)
    {
        await using var sta = await Start(Engine.Sqlite);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sta/v1.1/Things");
        request.Headers.AcceptEncoding.ParseAdd(coding);

        var answer = await sta.City.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(coding, answer.Content.Headers.ContentEncoding.Single());
    }

    [Theory, BothEngines]
    public async Task Selecting_gives_exactly_what_is_named(Engine engine)
    {
        await using var sta = await Start(engine);
        async Task<string> Members(string question) => string.Join(',', (await sta.Get(question))["value"]![0]!.AsObject().Select(member => member.Key));

        Assert.Equal("@iot.id", await Members("Things?$select=id"));
        Assert.Equal("@iot.id,name", await Members("Things?$select=@iot.id,name"));
        Assert.Equal("@iot.selfLink,name", await Members("Things?$select=@iot.selfLink,name"));
        Assert.Equal("name,Datastreams@iot.navigationLink", await Members("Things?$select=name,Datastreams"));
        Assert.Equal("name,Datastreams", await Members("Things?$select=name&$expand=Datastreams($select=id)"));
        Assert.Equal("properties", await Members("Things?$select=properties/owner"));
        var page = await sta.Get("Things?$select=properties/owner,id&$top=1");
        Assert.Equal("@iot.id,properties", await Members((string)page["@iot.nextLink"]!));
        Assert.Equal("$top", (string)(await sta.Get("Observations?$expand=Datastream($top=1)", HttpStatusCode.BadRequest))["field"]!);
    }

    [Theory, BothEngines]
    public async Task A_page_can_be_read_as_csv_and_geojson(Engine engine)
    {
        await using var sta = await Start(engine);

        var csv = await Send(sta, HttpMethod.Get, "Observations?$resultFormat=CSV&$select=id,phenomenonTime,result&$top=1");
        var geo = JsonNode.Parse(await (await Send(sta, HttpMethod.Get, "Locations?$resultFormat=GeoJSON&$select=name&$top=1")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        var areas = await sta.Get("Datastreams?$resultFormat=GeoJSON&$select=name");

        Assert.Equal("id,phenomenonTime,result\r\n1,2026-07-19T00:00:00.000Z,12.5\r\n", await csv.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Contains("rel=\"next\"", csv.Headers.GetValues("Link").Single(), StringComparison.Ordinal);
        Assert.Equal("""{"type":"Point","coordinates":[126.977,37.57]}""", geo["features"]![0]!["geometry"]!.ToJsonString());
        Assert.Equal("세종로", (string)geo["features"]![0]!["properties"]!["name"]!);
        Assert.NotNull(geo["@iot.nextLink"]);
        Assert.Equal("Point", (string)areas["features"]![0]!["geometry"]!["type"]!);
        await sta.Get("Things?$resultFormat=GeoJSON", HttpStatusCode.BadRequest);
        await sta.Get("Observations?$resultFormat=XML", HttpStatusCode.NotImplemented);
    }

    private static Task<string> Raw(Sta sta, string path) => sta.City.Client.GetStringAsync(Sta.Address(path), TestContext.Current.CancellationToken);

    private static async Task<HttpResponseMessage> Send(Sta sta, HttpMethod method, string path, EntityTagHeaderValue? known = null)
    {
        using var request = new HttpRequestMessage(method, Sta.Address(path));
        if (known is not null)
        {
            request.Headers.IfNoneMatch.Add(known);
        }

        return await sta.City.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Two Things with a Datastream each; the first has a number and a null, the second one number.</summary>
    private static async Task<Sta> Start(Engine engine)
    {
        var sta = await Sta.Start(engine);
        var (one, two) = (await sta.CreateDatastream(), await sta.CreateDatastream("둘"));
        await sta.Post($"Datastreams({one})/Observations", $$"""{ "phenomenonTime": "{{Sta.At(0)}}", "result": 12.5 }""");
        await sta.Post($"Datastreams({one})/Observations", $$"""{ "phenomenonTime": "{{Sta.At(2)}}", "result": null }""");
        await sta.Post($"Datastreams({two})/Observations", $$"""{ "phenomenonTime": "{{Sta.At(4)}}", "result": 3 }""");
        return sta;
    }
}
