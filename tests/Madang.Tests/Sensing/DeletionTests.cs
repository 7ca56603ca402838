using System.Net;
using System.Text.Json.Nodes;
using Madang.Sensing.Deletions;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Trust;
using Madang.Tests.Trust.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Sensing;

public sealed class DeletionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task What_a_query_finds_is_shown_first_and_goes_when_it_is_started(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var (one, other) = (await sta.CreateDatastream(), await sta.CreateDatastream("종로 2"));
        await sta.Observe(one, (0, 10), (1, 950), (2, 20), (61, 990));
        await sta.Observe(other, (0, 30), (5, 999));
        await Told(sta, one);

        var shown = await Preview(sta, "Observations?$filter=result gt 900");
        Assert.Equal((3, false, 2), ((int)shown["deletion"]!["expected"]!, (bool)shown["deletion"]!["isEstimate"]!, (int)shown["datastreamCount"]!));
        Assert.Equal([(one, 2), (other, 1)], shown["datastreams"]!.AsArray().Select(share => ((long)share!["datastream"]!, (int)share["observations"]!)));
        Assert.Equal(("2026-07-19T00:01:00.000Z", "2026-07-19T01:01:00.000Z"), ((string)shown["first"]!, (string)shown["last"]!));
        Assert.Equal([950, 999], shown["examples"]!.AsArray().Select(each => (int)each!["result"]!));
        Assert.Equal(6, (int)(await sta.Get("Observations?$count=true"))["@iot.count"]!);

        await Start(sta, shown);
        var done = await Ended(sta, Id(shown));
        Assert.Equal(("done", 3, 6), ((string)done["state"]!, (int)done["deleted"]!, (int)done["looked"]!));
        Assert.Equal(["10", "20"], await sta.Names($"Datastreams({one})/Observations", "result"));
        Assert.Equal(["30"], await sta.Names($"Datastreams({other})/Observations", "result"));
        Assert.Equal("2026-07-19T00:00:00.000Z/2026-07-19T00:02:00.000Z", (string)(await sta.Get($"Datastreams({one})"))["phenomenonTime"]!);
        Assert.Equal(20, (int)(await sta.Get($"Datastreams({one})?$expand=Observations($orderby=phenomenonTime desc;$top=1)"))["Observations"]![0]!["result"]!);
        Assert.Equal([(2, 15)], await Told(sta, one));
        Assert.Equal(3, (int)(await sta.Get("Observations?$count=true"))["@iot.count"]!);
        await sta.Post($"/api/deletions/{Id(shown)}/start", "", HttpStatusCode.Conflict);
    }

    [Theory, BothEngines]
    public async Task What_came_or_was_changed_after_the_preview_stays(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();
        await sta.Observe(datastream, (0, 950), (1, 960), (2, 100));
        var ids = (await sta.Names($"Datastreams({datastream})/Observations?$orderby=phenomenonTime", "@iot.id")).Select(long.Parse).ToList();
        var shown = await Preview(sta, $"Datastreams({datastream})/Observations?$filter=result gt 900 and phenomenonTime lt now()");

        await sta.Patch($"Observations({ids[1]})", """{ "result": 1 }""");
        await sta.Patch($"Observations({ids[2]})", """{ "result": 999 }""");
        await sta.Observe(datastream, (3, 970));
        await Start(sta, shown);
        Assert.Equal((2, 1), ((int)shown["deletion"]!["expected"]!, (int)(await Ended(sta, Id(shown)))["deleted"]!));
        Assert.Equal(["1", "999", "970"], await sta.Names($"Datastreams({datastream})/Observations?$orderby=phenomenonTime", "result"));
    }

    [Theory, BothEngines]
    public async Task A_whole_datastream_may_go_and_is_empty_then(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();
        await sta.Observe(datastream, [.. Enumerable.Range(0, 5_000).Select(minute => (minute, (double)minute))]);
        var shown = await Preview(sta, $"Datastreams({datastream})/Observations");
        await Start(sta, shown);
        Assert.Equal(5_000, (int)(await Ended(sta, Id(shown)))["deleted"]!);
        var read = await sta.Get($"Datastreams({datastream})?$expand=Observations");
        Assert.Empty(read["Observations"]!.AsArray());
        Assert.Null(read["phenomenonTime"]);
        Assert.Null(read["observedArea"]);
        Assert.Empty(await Told(sta, datastream));
        Assert.Contains("observations.deletion", (await sta.Get("/api/audit?kind=Observations"))["entries"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory, BothEngines]
    public async Task It_stops_when_told_and_goes_on_where_it_was_after_a_restart(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();
        await sta.Observe(datastream, [.. Enumerable.Range(0, 9_000).Select(minute => (minute, (double)(minute % 10)))]);
        var (first, second) = (await Preview(sta, $"Datastreams({datastream})/Observations?$filter=result eq 1"), await Preview(sta, "Observations?$filter=result ge 2"));
        await sta.Delete($"/api/deletions/{Id(first)}");
        await sta.Get($"/api/deletions/{Id(first)}", HttpStatusCode.NotFound);

        // Its own loop is put to sleep, so that each step is the test's.
        var worker = await Asleep(sta);
        await Start(sta, second);
        Assert.True(await worker.Step(Cancel));
        Assert.Equal(("running", 2_000), await State(sta, second));
        await sta.City.Restart();
        Assert.Equal("done", (string)(await Ended(sta, Id(second)))["state"]!);
        Assert.Equal(("done", 7_200), await State(sta, second));
        Assert.Equal(1_800, (int)(await sta.Get($"Datastreams({datastream})/Observations?$count=true&$top=0"))["@iot.count"]!);

        worker = await Asleep(sta);
        var third = await Preview(sta, "Observations?$filter=result lt 2");
        await Start(sta, third);
        await sta.Delete($"/api/deletions/{Id(third)}");
        Assert.Equal("stopping", (await State(sta, third)).State);
        Assert.True(await worker.Step(Cancel));
        Assert.Equal(("stopped", 0), await State(sta, third));
        Assert.False(await worker.Step(Cancel));
        await sta.Delete($"/api/deletions/{Id(third)}", HttpStatusCode.Conflict);
        Assert.Equal("2026-07-19T00:00:00.000Z/2026-07-25T05:51:00.000Z", (string)(await sta.Get($"Datastreams({datastream})"))["phenomenonTime"]!);
    }

    [Theory, BothEngines]
    public async Task A_caller_deletes_his_own_and_nobody_elses(Engine engine)
    {
        await using var city = await ClosedCity.Start(engine);
        var department = await city.Department("d");
        var (mine, others) = (await city.Provider("a", department, isPublic: false), await city.Provider("b", department));
        var (own, stranger, blind) = (city.With((await city.Key(mine)).Secret), city.With((await city.Key(others)).Secret), city.With((await city.Key(mine, ["write"])).Secret));
        foreach (var client in new[] { own, stranger })
        {
            await ClosedCity.Send(client, HttpMethod.Post, "/sta/v1.1/Things", Sta.Thing(), HttpStatusCode.Created);
        }

        await ClosedCity.Send(own, HttpMethod.Post, "/sta/v1.1/Datastreams(1)/Observations", """{ "result": 1 }""", HttpStatusCode.Created);
        await ClosedCity.Send(stranger, HttpMethod.Post, "/sta/v1.1/Datastreams(2)/Observations", """{ "result": 1 }""", HttpStatusCode.Created);

        const string all = """{ "query": "Observations?$filter=result eq 1 and Datastream/Thing/name eq '종로 1'" }""";
        await ClosedCity.Send(own, HttpMethod.Post, "/api/deletions", """{ "query": "Datastreams(2)/Observations" }""", HttpStatusCode.Forbidden);
        await ClosedCity.Send(stranger, HttpMethod.Post, "/api/deletions", """{ "query": "Datastreams(1)/Observations" }""", HttpStatusCode.NotFound);
        await ClosedCity.Send(blind, HttpMethod.Post, "/api/deletions", all, HttpStatusCode.Forbidden);
        await ClosedCity.Send(city.With(null), HttpMethod.Post, "/api/deletions", all, HttpStatusCode.Unauthorized);
        await ClosedCity.Send(city.With((await city.Key(await city.Provider("c", department))).Secret), HttpMethod.Post, "/api/deletions", all, HttpStatusCode.Conflict);
        var shown = (await ClosedCity.Send(own, HttpMethod.Post, "/api/deletions", all, HttpStatusCode.Created))!;
        Assert.Equal([1], shown["datastreams"]!.AsArray().Select(share => (int)share!["datastream"]!));

        await ClosedCity.Send(stranger, HttpMethod.Post, $"/api/deletions/{Id(shown)}/start", "", HttpStatusCode.NotFound);
        Assert.Empty((await ClosedCity.Send(stranger, HttpMethod.Get, "/api/deletions", null, HttpStatusCode.OK))!.AsArray());
        await ClosedCity.Send(own, HttpMethod.Post, $"/api/deletions/{Id(shown)}/start", "", HttpStatusCode.Accepted);
        await Until(async () => (string)(await ClosedCity.Send(own, HttpMethod.Get, $"/api/deletions/{Id(shown)}", null, HttpStatusCode.OK))!["state"]! == "done");
        Assert.Empty((await ClosedCity.Send(own, HttpMethod.Get, "/sta/v1.1/Datastreams(1)/Observations", null, HttpStatusCode.OK))!["value"]!.AsArray());
        Assert.Single((await ClosedCity.Send(own, HttpMethod.Get, "/sta/v1.1/Datastreams(2)/Observations", null, HttpStatusCode.OK))!["value"]!.AsArray());
    }

    [Theory, BothEngines]
    public async Task A_query_that_cannot_be_is_refused_by_name_and_an_old_preview_too(Engine engine)
    {
        var clock = new TestClock();
        await using var sta = await Sta.Start(engine, clock: clock);
        var datastream = await sta.CreateDatastream();
        async Task<string> Refused(string query) => (string)(await sta.Post("/api/deletions", new JsonObject { ["query"] = query }.ToJsonString(), HttpStatusCode.BadRequest))["field"]!;

        Assert.Equal("query", await Refused("Observations"));
        Assert.Equal("query", await Refused("Things"));
        Assert.Equal("query", await Refused($"Datastreams({datastream})/Observations?$top=1"));
        Assert.Equal("$filter", await Refused("Observations?$filter=result gt"));
        Assert.Equal("$filter", await Refused("Observations?$filter=nothing eq 1"));
        Assert.Equal("filter", (string)(await sta.Post("/api/deletions", """{ "query": "Observations", "filter": "result eq 1" }""", HttpStatusCode.BadRequest))["field"]!);
        Assert.Empty((await sta.Get("/api/deletions")).AsArray());

        var shown = await Preview(sta, $"Datastreams({datastream})/Observations");
        clock.Advance(TimeSpan.FromMinutes(61));
        await sta.Post($"/api/deletions/{Id(shown)}/start", "", HttpStatusCode.Conflict);
    }

    [Theory, BothEngines]
    public async Task What_comes_in_meanwhile_is_kept_and_all_that_is_told_equals_a_recount(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();
        await sta.Observe(datastream, [.. Enumerable.Range(0, 1_400).SelectMany(minute => Enumerable.Range(0, 5).Select(turn => (minute, (double)((minute * 5) + turn))))]);
        var shown = await Preview(sta, $"Datastreams({datastream})/Observations?$filter=result lt 6900");
        await Start(sta, shown);
        for (var turn = 0; turn < 60; turn++)
        {
            await sta.Observe(datastream, ((turn * 23) + 5, 1));
        }

        Assert.Equal(6_900, (int)(await Ended(sta, Id(shown)))["deleted"]!);
        var left = (await sta.Get($"Datastreams({datastream})/Observations?$top=1000&$orderby=phenomenonTime"))["value"]!.AsArray().Select(each => (Time: (string)each!["phenomenonTime"]!, Number: (double)each["result"]!)).ToList();
        Assert.Equal(160, left.Count);
        Assert.Equal($"{left[0].Time}/{left[^1].Time}", (string)(await sta.Get($"Datastreams({datastream})"))["phenomenonTime"]!);
        Assert.Equal(left.GroupBy(each => each.Time[..13]).Select(hour => (hour.Count(), hour.Average(each => each.Number))), await Told(sta, datastream));
    }

    [Theory, BothEngines]
    public async Task Of_a_MultiDatastream_they_go_too_and_one_is_not_the_other(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        var multi = await sta.Create("Things(1)/MultiDatastreams", MultiDatastreamTests.Wind);
        foreach (var minute in (int[])[0, 1, 2])
        {
            await sta.Post($"MultiDatastreams({multi})/Observations", $$"""{ "phenomenonTime": "{{Sta.At(minute)}}", "result": [{{minute}}, 3.5] }""");
        }

        await sta.Post("/api/deletions", new JsonObject { ["query"] = $"Datastreams({multi})/Observations" }.ToJsonString(), HttpStatusCode.NotFound);
        var shown = await Preview(sta, $"MultiDatastreams({multi})/Observations?$filter=result[0] ge 1");
        await Start(sta, shown);
        Assert.Equal(2, (int)(await Ended(sta, Id(shown)))["deleted"]!);
        Assert.Equal("2026-07-19T00:00:00.000Z/2026-07-19T00:00:00.000Z", (string)(await sta.Get($"MultiDatastreams({multi})"))["phenomenonTime"]!);
    }

    [Fact]
    public async Task Whoever_signed_in_proves_again_who_it_is_before_anything_goes()
    {
        var clock = new TestClock();
        await using var sta = await Sta.Start(Engine.Sqlite, clock: clock);
        await sta.Observe(await sta.CreateDatastream(), (0, 1));
        await Visitor.AddPerson(sta.City);
        await Visitor.GiveRole(sta.City, "operator");
        var kim = new Visitor(sta.City);
        await kim.SignIn();
        clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(HttpStatusCode.Created, await Call("/api/deletions", """{ "query": "Datastreams(1)/Observations" }"""));
        Assert.Equal(HttpStatusCode.Forbidden, await Call("/api/deletions/1/start", null));
        Assert.Equal("previewed", (string)(await sta.Get("/api/deletions/1"))["state"]!);

        async Task<HttpStatusCode> Call(string address, string? body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
            request.Headers.Add("Cookie", $"madang={kim.Cookies["madang"]}");
            using var client = sta.City.Server.CreateClient();
            using var answer = await client.SendAsync(request, Cancel);
            return answer.StatusCode;
        }
    }

    private static Task<JsonNode> Preview(Sta sta, string query) => sta.Post("/api/deletions", new JsonObject { ["query"] = query }.ToJsonString());

    private static Task<JsonNode> Start(Sta sta, JsonNode shown) => sta.Post($"/api/deletions/{Id(shown)}/start", "", HttpStatusCode.Accepted);

    private static long Id(JsonNode shown) => (long)shown["deletion"]!["id"]!;

    private static async Task<(string State, int Deleted)> State(Sta sta, JsonNode shown) => await sta.Get($"/api/deletions/{Id(shown)}") is var job ? ((string)job["state"]!, (int)job["deleted"]!) : default;

    private static async Task<JsonNode> Ended(Sta sta, long id)
    {
        await Until(async () => (await sta.Get($"/api/deletions/{id}"))["endedAt"] is not null);
        return await sta.Get($"/api/deletions/{id}");
    }

    /// <summary>The hours of the day as the series tells them: how many readings, and their mean.</summary>
    private static async Task<List<(int Count, double Mean)>> Told(Sta sta, long datastream) =>
        [.. (await sta.Get($"/api/series/{datastream}?from=2026-07-19T00:00:00Z&to=2026-07-20T00:00:00Z&step=1h"))["points"]!.AsArray().Select(point => ((int)point!["count"]!, (double)point["mean"]!))];

    private static async Task<DeletionWorker> Asleep(Sta sta)
    {
        var worker = sta.City.Services.GetRequiredService<DeletionWorker>();
        await worker.StopAsync(Cancel);
        return worker;
    }

    private static async Task Until(Func<Task<bool>> done)
    {
        for (var tries = 0; !await done(); tries++)
        {
            Assert.True(tries < 800, "It did not come to pass.");
            await Task.Delay(25, Cancel);
        }
    }
}
