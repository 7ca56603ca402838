using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing;

public sealed class BadInputTests(SharedSta shared) : IClassFixture<SharedSta>
{
    [Theory]
    [InlineData("Things", """{"name": "a"}""", "description")]
    [InlineData("Things", """{"name": 5, "description": "d"}""", "name")]
    [InlineData("Things", """{"name": "a", "description": "d", "nmae": 1}""", "nmae")]
    [InlineData("Things", """{"@iot.id": 5, "name": "a", "description": "d"}""", "@iot.id")]
    [InlineData("Things", """{"name": "a", "name": "b", "description": "d"}""", "body")]
    [InlineData("Things", """{"name": "a\u0000", "description": "d"}""", "name")]
    [InlineData("Things", """{"name": "a\ud800", "description": "d"}""", "name")]
    [InlineData("Things", """{"name": "a", "description": "d", "properties": {"x": "\u0000"}}""", "properties.x")]
    [InlineData("Things", """{"name": "a", "description": "d", "properties": {"big": 1e400}}""", "properties.big")]
    [InlineData("Datastreams(1)/Observations", """{"result": {"big": [1e400]}}""", "result.big")]
    [InlineData("Things", """{"name": "a", "description": "d", "properties": "x"}""", "properties")]
    [InlineData("Things", """{"name": "a", "description": "d", "Locations": {}}""", "Locations")]
    [InlineData("Things", """{"name": "a", "description": "d", "Locations": [{"@iot.id": 99}]}""", "Locations[0]")]
    [InlineData("Things", """{"name": "a", "description": "d", "Locations": [{"@iot.id": "x"}]}""", "Locations[0].@iot.id")]
    [InlineData("Things", """{"name": "a", "description": """, "body")]
    [InlineData("Things", "", "body")]
    [InlineData("Things", "[]", "body")]
    [InlineData("Locations", """{"name": "a", "description": "d", "encodingType": "application/geo+json", "location": {"type": "Point", "coordinates": [37.5, 127.0]}}""", "location.coordinates")]
    [InlineData("Locations", """{"name": "a", "description": "d", "encodingType": "application/geo+json", "location": {"type": "Polygon", "coordinates": [[[0,0],[1,1],[2,2],[3,3]]]}}""", "location.coordinates[0]")]
    [InlineData("Datastreams(1)/Observations", """{"phenomenonTime": "2026-02-30T00:00:00Z", "result": 1}""", "phenomenonTime")]
    [InlineData("Datastreams(1)/Observations", """{"phenomenonTime": "2026-02-03T00:00:00", "result": 1}""", "phenomenonTime")]
    [InlineData("Datastreams(1)/Observations", """{"phenomenonTime": "2026-02-03T00:00:00Z/2026-02-02T00:00:00Z", "result": 1}""", "phenomenonTime")]
    [InlineData("Datastreams(1)/Observations", """{"phenomenonTime": "9999-01-01T00:00:00Z", "result": 1}""", "phenomenonTime")]
    [InlineData("Datastreams(1)/Observations", """{"result": NaN}""", "body")]
    [InlineData("Datastreams(1)/Observations", """{"result": 1e999}""", "result")]
    [InlineData("Datastreams(1)/Observations", """{"result": -1.7e308}""", "result")]
    [InlineData("Datastreams(1)/Observations", """{"value": 1}""", "value")]
    [InlineData("Datastreams(1)/Observations", "{}", "result")]
    [InlineData("Observations", """{"result": 1}""", "Datastream")]
    [InlineData("Observations", """{"result": 1, "Datastream": {"@iot.id": 99}}""", "Datastream")]
    [InlineData("Datastreams(1)/Observations", """{"result": 1, "FeatureOfInterest": {"@iot.id": 99}}""", "FeatureOfInterest")]
    [InlineData("CreateObservations", "{}", "body")]
    [InlineData("CreateObservations", """[{"Datastream": {"@iot.id": 1}, "components": ["resutl"], "dataArray": []}]""", "[0].components")]
    [InlineData("CreateObservations", """[{"Datastream": {"@iot.id": 1}, "components": ["result"]}]""", "[0].dataArray")]
    [InlineData("CreateObservations", """[{"Datastream": {"@iot.id": 1}, "components": ["result"], "dataArray@iot.count": 2, "dataArray": [[1]]}]""", "[0].dataArray@iot.count")]
    public async Task A_bad_body_is_refused_names_the_field_and_stores_nothing(string path, string body, string field)
    {
        foreach (var engine in new[] { Engine.Sqlite, Engine.Postgres })
        {
            var sta = await shared.Get(engine);

            var problem = await sta.Post(path, body, HttpStatusCode.BadRequest);

            Assert.Equal(field, (string)problem["field"]!);
            Assert.Equal(1, (int)(await sta.Get("Things?$count=true"))["@iot.count"]!);
            Assert.Equal(0, (int)(await sta.Get("Observations?$count=true"))["@iot.count"]!);
        }
    }

    [Theory]
    [InlineData("Things?$filter=nme eq 1", 400, "$filter")]
    [InlineData("Things?$filter=name eq 'a", 400, "$filter")]
    [InlineData("Things?$filter=name eq 5", 400, "$filter")]
    [InlineData("Things?$filter=name gt null", 400, "$filter")]
    [InlineData("Things?$filter=(name eq 'a'", 400, "$filter")]
    [InlineData("Things?$filter=name", 400, "$filter")]
    [InlineData("Things?$filter=frobnicate(name)", 400, "$filter")]
    [InlineData("Things?$filter=length(name, name) eq 1", 400, "$filter")]
    [InlineData("Observations?$filter=phenomenonTime gt 2026-13-01T00:00:00Z", 400, "$filter")]
    [InlineData("Observations?$filter=phenomenonTime gt '2026-01-01T00:00:00Z'", 400, "$filter")]
    [InlineData("Locations?$filter=st_within(location, geography'POINT(1)')", 400, "$filter")]
    [InlineData("Things?$top=-1", 400, "$top")]
    [InlineData("Things?$top=x", 400, "$top")]
    [InlineData("Things?$skip=1.5", 400, "$skip")]
    [InlineData("Things?$count=yes", 400, "$count")]
    [InlineData("Things?$select=nme", 400, "$select")]
    [InlineData("Things?$expand=Observations", 400, "$expand")]
    [InlineData("Things?$expand=Datastreams($expand=Observations", 400, "$expand")]
    [InlineData("Things?$expand=Datastreams/Thing/Datastreams/Thing/Datastreams/Thing", 400, "$expand")]
    [InlineData("Things?$orderby=Datastreams/name", 400, "$orderby")]
    [InlineData("Things?$orderby=name up", 400, "$orderby")]
    [InlineData("Things?$orderby=3", 400, "$orderby")]
    [InlineData("Things?$orderby=round(2.5) desc", 400, "$orderby")]
    [InlineData("Things?$frob=1", 400, "$frob")]
    [InlineData("Things?$apply=x", 400, "$apply")]
    [InlineData("Things?$search=x", 501, "$search")]
    [InlineData("Things(1)?$top=1", 400, "$top")]
    [InlineData("Things(abc)", 400, "path")]
    [InlineData("Things(1", 400, "path")]
    [InlineData("(5)", 400, "path")]
    [InlineData("Things(1)/(5)", 400, "path")]
    [InlineData("Things/(5)", 400, "path")]
    public async Task A_bad_question_is_refused_and_names_the_option(string path, int status, string field)
    {
        var sta = await shared.Get(Engine.Sqlite);

        Assert.Equal(field, (string)(await sta.Get(path, (HttpStatusCode)status))["field"]!);
    }

    [Theory]
    [InlineData("Thingies")]
    [InlineData("Things(99)")]
    [InlineData("Things(99)/Datastreams")]
    [InlineData("Things(1)/Datastreams(99)/Observations")]
    [InlineData("Things(1)/Nothing")]
    [InlineData("Things(1)/name/more")]
    public async Task What_is_not_there_is_404(string path)
    {
        var sta = await shared.Get(Engine.Sqlite);

        Assert.Equal("not-found", (string)(await sta.Get(path, HttpStatusCode.NotFound))["code"]!);
    }

    [Fact]
    public async Task Ten_megabytes_of_nesting_are_refused()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);

        var nested = await sta.Post("Things", new string('[', 10_000_000), HttpStatusCode.BadRequest);

        Assert.Equal("body", (string)nested["field"]!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_server_has_one_limit_for_bodies_and_this_door_names_it(bool chunked)
    {
        await using var store = await TestStore.Create(Engine.Sqlite);
        await using var server = RealServer.Start(new Dictionary<string, string> { ["Server__MaxBodyMegabytes"] = "1" }, "serve", "--open", "--data", store.Folder, "--urls", "http://127.0.0.1:0");
        await server.UntilServing();
        using var client = new HttpClient { BaseAddress = server.Url };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sta/v1.1/Things") { Content = new StringContent(new string(' ', 1_048_577), Encoding.UTF8, "application/json") };
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.ExpectContinue = true;

        var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "too-large"), (answer.StatusCode, (string)problem["code"]!));
        Assert.Contains(chunked ? "1048576 bytes" : "body: is larger than 1,048,576 bytes", (string)problem["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_encoding_and_another_type_are_refused()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var korean = new ByteArrayContent(Encoding.GetEncoding(949).GetBytes("""{"name": "한글", "description": "d"}"""));
        korean.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        var encoded = await sta.City.Client.PostAsync("/sta/v1.1/Things", korean, TestContext.Current.CancellationToken);
        var problem = JsonNode.Parse(await encoded.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;

        Assert.Equal(HttpStatusCode.BadRequest, encoded.StatusCode);
        Assert.Contains("position 10", (string)problem["detail"]!, StringComparison.Ordinal);
        await sta.Send(HttpMethod.Post, "Things", "{}", HttpStatusCode.UnsupportedMediaType, type: "text/plain");
    }

    [Theory]
    [InlineData("gzip", HttpStatusCode.UnsupportedMediaType, "Content-Encoding")]
    [InlineData("identity", HttpStatusCode.BadRequest, "name")]
    public async Task A_compressed_body_is_refused(string coding, HttpStatusCode status, string field)
    {
        var sta = await shared.Get(Engine.Sqlite);
        using var body = new StringContent("{}", Encoding.UTF8, "application/json");
        body.Headers.ContentEncoding.Add(coding);

        var answer = await sta.City.Client.PostAsync("/sta/v1.1/Things", body, TestContext.Current.CancellationToken);

        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal((status, field), (answer.StatusCode, (string)problem["field"]!));
    }

    [Theory]
    [InlineData("PATCH", "Things", "GET, HEAD, POST")]
    [InlineData("POST", "Things(1)", "GET, HEAD, PATCH, PUT, DELETE")]
    [InlineData("DELETE", "Things(1)/name", "GET, HEAD")]
    [InlineData("PUT", "", "GET, HEAD")]
    [InlineData("GET", "CreateObservations", "POST")]
    public async Task A_method_that_is_not_offered_is_answered_with_those_that_are(string method, string path, string allow)
    {
        var sta = await shared.Get(Engine.Sqlite);
        using var request = new HttpRequestMessage(new HttpMethod(method), Sta.Address(path)) { Content = new StringContent("{}", Encoding.UTF8, "application/json") };

        var answer = await sta.City.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.MethodNotAllowed, allow), (answer.StatusCode, string.Join(", ", answer.Content.Headers.Allow)));
    }

    [Fact]
    public async Task An_answer_that_would_be_too_large_is_refused_with_a_reason()
    {
        await using var sta = await Sta.Start(Engine.Sqlite, settings => settings["Sensing:MaxEntities"] = "100");
        var datastream = await sta.CreateDatastream();
        await sta.Observe(datastream, [.. Enumerable.Range(0, 150).Select(minute => (minute, 1.0))]);

        Assert.Equal("$expand", (string)(await sta.Get("Things?$expand=Datastreams/Observations($top=150)", HttpStatusCode.BadRequest))["field"]!);
    }

    [Theory, BothEngines]
    public async Task A_filter_that_would_grow_without_end_is_refused_at_once(Engine engine)
    {
        var sta = await shared.Get(engine);
        var mods = string.Concat(Enumerable.Repeat(" mod 7", 200));
        var nested = string.Concat(Enumerable.Repeat("endswith(name,", 1)) + string.Concat(Enumerable.Repeat("concat(", 40)) + "name" + string.Concat(Enumerable.Repeat(",name)", 40)) + ")";

        await sta.Get($"Observations?$filter=result{mods} eq 1");
        await sta.Get($"Things?$filter={nested}");
        await sta.Get("Observations?$filter=" + string.Concat(Enumerable.Repeat("result add ", 990)) + "1 eq 1", HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("Things?$filter=id add 900000000000000 mul 900000000000000 mul 900000000000000 gt 1")]
    [InlineData("Things?$filter=substring(name,9999999999) eq 'a'")]
    [InlineData("Things?$filter=substring(name,5,-99) eq 'a'")]
    public async Task What_cannot_be_computed_is_no_bug_of_the_server(string question)
    {
        foreach (var engine in new[] { Engine.Sqlite, Engine.Postgres })
        {
            var response = await (await shared.Get(engine)).City.Client.GetAsync(Sta.Address(question), TestContext.Current.CancellationToken);

            Assert.Contains(response.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.BadRequest });
        }
    }

    [Theory, BothEngines]
    public async Task A_name_has_at_most_a_thousand_characters(Engine engine)
    {
        var sta = await shared.Get(engine);
        string Property(int length) => $$"""{ "name": "{{new string('가', length)}}", "definition": "d", "description": "{{new string('a', 5_000)}}" }""";

        Assert.Equal("name", (string)(await sta.Post("ObservedProperties", Property(1_001), HttpStatusCode.BadRequest))["field"]!);
        var id = await sta.Create("ObservedProperties", Property(1_000));
        Assert.Equal("name", (string)(await sta.Patch($"ObservedProperties({id})", $$"""{ "name": "{{new string('a', 1_001)}}" }""", HttpStatusCode.BadRequest))["field"]!);
        await sta.Delete($"ObservedProperties({id})");
    }
}
