using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Trust;
using Microsoft.AspNetCore.WebUtilities;

namespace Madang.Tests.Sensing;

public sealed class BatchTests
{
    private const string Property = """{ "name": "n", "definition": "d", "description": "d" }""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task Requests_in_json_are_answered_in_their_order_and_speak_of_each_other(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();

        var answers = await Json(sta, $$"""
            { "requests": [
              { "id": "t", "atomicityGroup": "g", "method": "post", "url": "Things", "body": { "name": "등 1", "description": "d" } },
              { "id": "d", "atomicityGroup": "g", "method": "post", "url": "$t/Datastreams", "body": {{Sta.Datastream()}} },
              { "id": "o", "atomicityGroup": "g", "method": "post", "url": "/sta/v1.1/Observations", "body": { "result": 5, "Datastream": { "@iot.id": "$d" }, "FeatureOfInterest": { "name": "f", "description": "d", "encodingType": "application/geo+json", "feature": { "type": "Point", "coordinates": [127, 37] } } } },
              { "id": "r", "method": "get", "url": "$t/Datastreams?$expand=Observations&$select=name" },
              { "id": "p", "method": "patch", "url": "$t", "body": { "name": "등 2" } },
              { "id": "x", "method": "delete", "url": "$o" }
            ] }
            """);

        Assert.Equal([201, 201, 201, 200, 200, 204], answers.Select(answer => (int)answer!["status"]!));
        Assert.EndsWith("/sta/v1.1/Things(2)", (string)answers[0]!["location"]!, StringComparison.Ordinal);
        Assert.Equal(5, (int)answers[3]!["body"]!["value"]![0]!["Observations"]![0]!["result"]!);
        Assert.Equal("등 2", (string)(await sta.Get("Things(2)"))["name"]!);
    }

    [Theory, BothEngines]
    public async Task A_whole_address_is_of_this_server(Engine engine)
    {
        await using var sta = await Sta.Start(engine);

        var answers = await Json(sta, $$"""
            { "requests": [
              { "id": "1", "method": "get", "url": "{{sta.City.Client.BaseAddress}}sta/v1.1/Things" },
              { "id": "2", "method": "get", "url": "https://other.example/sta/v1.1/Things" }
            ] }
            """);

        Assert.Equal([200, 400], answers.Select(answer => (int)answer!["status"]!));
        Assert.Equal("requests[1].url", (string)answers[1]!["body"]!["field"]!);
    }

    [Theory, BothEngines]
    public async Task A_change_set_is_done_whole_or_not_at_all(Engine engine)
    {
        await using var sta = await Sta.Start(engine);

        var answers = await Json(sta, $$"""
            { "requests": [
              { "id": "1", "method": "post", "url": "ObservedProperties", "body": {{Property}} },
              { "id": "2", "atomicityGroup": "g", "method": "post", "url": "ObservedProperties", "body": {{Property}} },
              { "id": "3", "atomicityGroup": "g", "method": "post", "url": "ObservedProperties", "body": { "name": "n" } },
              { "id": "4", "atomicityGroup": "g", "method": "post", "url": "ObservedProperties", "body": {{Property}} },
              { "id": "5", "method": "get", "url": "ObservedProperties" }
            ] }
            """);

        Assert.Equal([201, 424, 400, 424, 424], answers.Select(answer => (int)answer!["status"]!));
        Assert.Equal("definition", (string)answers[2]!["body"]!["field"]!);
        Assert.All([1, 3, 4], index => Assert.Equal("failed-dependency", (string)answers[index]!["body"]!["code"]!));
        Assert.Single(await sta.Names("ObservedProperties"));
    }

    [Theory, BothEngines]
    public async Task After_a_failure_the_rest_is_run_only_for_who_asks_for_it(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        const string body = """{ "requests": [ { "id": "1", "method": "get", "url": "Nothings" }, { "id": "2", "method": "get", "url": "$7/name" }, { "id": "3", "method": "get", "url": "Things" } ] }""";

        Assert.Equal([404, 424, 424], (await Json(sta, body)).Select(answer => (int)answer!["status"]!));
        Assert.Equal([404, 400, 200], (await Json(sta, body, "odata.continue-on-error")).Select(answer => (int)answer!["status"]!));
    }

    [Theory]
    [InlineData(Engine.Sqlite, "\r\n")]
    [InlineData(Engine.Sqlite, "\n")]
    [InlineData(Engine.Postgres, "\r\n")]
    [InlineData(Engine.Postgres, "\n")]
    public async Task A_multipart_batch_with_a_change_set_is_answered_as_one(Engine engine, string lineEnd)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();

        var parts = await Multipart(sta, $"""
            --b
            Content-Type: application/http

            GET Things(1)?$select=name HTTP/1.1
            Host: localhost

            --b
            Content-Type: multipart/mixed; boundary=c

            --c
            Content-Type: application/http
            Content-ID: p1

            POST ObservedProperties HTTP/1.1
            Content-Type: application/json

            {Property}
            --c
            Content-Type: application/http
            Content-ID: p2

            PATCH $p1 HTTP/1.1
            Content-Type: application/json

            {"{ \"name\": \"새 이름\" }"}
            --c--
            --b--
            """, lineEnd);

        Assert.Equal(2, parts.Count);
        Assert.StartsWith("HTTP/1.1 200 OK", parts[0].Body, StringComparison.Ordinal);
        Assert.Contains("종로 1", parts[0].Body, StringComparison.Ordinal);
        Assert.StartsWith("multipart/mixed", parts[1].Type, StringComparison.Ordinal);
        Assert.Contains("Content-ID: p1", parts[1].Body, StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 201 Created", parts[1].Body, StringComparison.Ordinal);
        Assert.Equal("새 이름", (string)(await sta.Get("ObservedProperties(2)"))["name"]!);
    }

    [Theory, BothEngines]
    public async Task A_change_set_that_failed_has_one_answer_in_multipart(Engine engine)
    {
        await using var sta = await Sta.Start(engine);

        var parts = await Multipart(sta, $"""
            --b
            Content-Type: multipart/mixed; boundary=c

            --c
            Content-Type: application/http
            Content-ID: 1

            POST ObservedProperties HTTP/1.1
            Content-Type: application/json

            {Property}
            --c
            Content-Type: application/http
            Content-ID: 2

            DELETE Things(99) HTTP/1.1

            --c--
            --b--
            """);

        Assert.StartsWith("HTTP/1.1 404 Not Found", Assert.Single(parts).Body, StringComparison.Ordinal);
        Assert.Empty(await sta.Names("ObservedProperties"));
    }

    [Theory, BothEngines]
    public async Task A_batch_that_is_none_is_refused_by_field(Engine engine)
    {
        await using var sta = await Sta.Start(engine, settings => settings["Sensing:MaxBatch"] = "2");
        async Task<(HttpStatusCode, string?)> Post(string body, string type = "application/json")
        {
            using var content = new StringContent(body);
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            using var response = await sta.City.Client.PostAsync("/sta/v1.1/$batch", content, Cancel);
            return (response.StatusCode, (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!["field"]);
        }

        Assert.Equal((HttpStatusCode.BadRequest, "requests"), await Post("{}"));
        Assert.Equal((HttpStatusCode.BadRequest, "requests[0].url"), await Post("""{ "requests": [{ "id": "1", "method": "get" }] }"""));
        Assert.Equal((HttpStatusCode.BadRequest, "requests[1].id"), await Post("""{ "requests": [{ "id": "1", "method": "get", "url": "Things" }, { "id": "1", "method": "get", "url": "Things" }] }"""));
        Assert.Equal((HttpStatusCode.BadRequest, "requests[0].verb"), await Post("""{ "requests": [{ "id": "1", "verb": "get", "url": "Things" }] }"""));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Post("""{ "requests": [{ "id": "1", "method": "get", "url": "a" }, { "id": "2", "method": "get", "url": "a" }, { "id": "3", "method": "get", "url": "a" }] }""")).Item1);
        Assert.Equal((HttpStatusCode.BadRequest, "Content-Type"), await Post("x", "multipart/mixed"));
        Assert.Equal((HttpStatusCode.BadRequest, "body"), await Post("nothing", "multipart/mixed; boundary=b"));
        Assert.Equal((HttpStatusCode.BadRequest, "part[0].Content-Type"), await Post("--b\r\nContent-Type: text/plain\r\n\r\nGET Things HTTP/1.1\r\n\r\n\r\n--b--\r\n", "multipart/mixed; boundary=b"));
        foreach (var url in new[] { "../../api/people", "/api/people", "https://localhost/api/people", "%2e%2e/api/people", "$batch", "../v1.0/Things" })
        {
            var answer = Assert.Single(await Json(sta, $$"""{ "requests": [{ "id": "1", "method": "get", "url": "{{url}}" }] }"""));
            Assert.Equal(400, (int)answer!["status"]!);
        }
    }

    [Theory, BothEngines]
    public async Task Each_request_is_asked_whether_its_caller_may(Engine engine)
    {
        await using var city = await ClosedCity.Start(engine);
        var provider = await city.Provider("p", await city.Department("d"));
        const string body = $$"""{ "requests": [{ "id": "1", "method": "get", "url": "Things" }, { "id": "2", "method": "post", "url": "ObservedProperties", "body": {{Property}}, "headers": { "Authorization": "Bearer nobody", "X-Forwarded-For": "127.0.0.1" } }] }""";
        async Task<string> Statuses(HttpClient client) =>
            string.Join(' ', (await ClosedCity.Send(client, HttpMethod.Post, "/sta/v1.1/$batch", body, HttpStatusCode.OK))!["responses"]!.AsArray().Select(answer => (int)answer!["status"]!));

        Assert.Equal("200 401", await Statuses(city.With(null)));
        Assert.Equal("200 403", await Statuses(city.With((await city.Key(provider, ["read"])).Secret)));
        Assert.Equal("200 201", await Statuses(city.With((await city.Key(provider, ["read", "write"])).Secret)));
    }

    private static async Task<JsonArray> Json(Sta sta, string body, string? prefer = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sta/v1.1/$batch") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (prefer is not null)
        {
            request.Headers.Add("Prefer", prefer);
        }

        using var response = await sta.City.Client.SendAsync(request, Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!["responses"]!.AsArray();
    }

    private static async Task<List<(string Type, string Body)>> Multipart(Sta sta, string body, string lineEnd = "\r\n")
    {
        using var content = new StringContent(body.ReplaceLineEndings(lineEnd));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/mixed; boundary=b");
        using var response = await sta.City.Client.PostAsync("/sta/v1.1/$batch", content, Cancel);
        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync(Cancel));
        var boundary = response.Content.Headers.ContentType!.Parameters.Single(parameter => parameter.Name == "boundary").Value!;
        var reader = new MultipartReader(boundary, await response.Content.ReadAsStreamAsync(Cancel));
        var parts = new List<(string, string)>();
        while (await reader.ReadNextSectionAsync(Cancel) is { } section)
        {
            parts.Add((section.ContentType!, await section.ReadAsStringAsync(Cancel)));
        }

        return parts;
    }
}
