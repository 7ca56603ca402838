using System.Net;
using System.Text.Json.Nodes;
using Madang.Sensing.Retention;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Sensing;

public sealed class RetentionTests
{
    private const string Series = "from=2026-07-01T00:00:00Z&to=2026-07-20T00:00:00Z&step=1d";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task Observations_go_after_their_days_and_what_was_summed_up_from_them_stays(Engine engine)
    {
        await using var sta = await Sta.Start(engine, clock: new TestClock(new(2026, 7, 19, 12, 0, 0, TimeSpan.Zero)));
        var datastream = await sta.CreateDatastream();
        foreach (var (day, number) in new[] { (1, 10), (9, 20), (16, 30), (17, 40), (19, 50) })
        {
            await sta.Post($"Datastreams({datastream})/Observations", $$"""{ "phenomenonTime": "2026-07-{{day:00}}T03:00:00Z", "resultTime": "2026-07-{{day:00}}T03:01:00Z", "result": {{number}} }""");
        }

        var before = (await sta.Get($"/api/series/{datastream}?{Series}"))["points"]!.ToJsonString();
        await sta.Send(HttpMethod.Put, $"/api/retention/{datastream}", """{ "rawDays": 3, "rollupDays": 10 }""", HttpStatusCode.NoContent);
        Assert.Equal(1, await Run(sta));
        Assert.Equal(0, await Run(sta));

        Assert.Equal(["30", "40", "50"], await sta.Names($"Datastreams({datastream})/Observations", "result"));
        var after = (await sta.Get($"/api/series/{datastream}?{Series}"))["points"]!.AsArray();
        Assert.Equal(before, new JsonArray([.. new[] { JsonNode.Parse(before)![0] }.Concat(after).Select(each => each!.DeepClone())]).ToJsonString());
        var read = await sta.Get($"Datastreams({datastream})");
        Assert.Equal("2026-07-16T03:00:00.000Z/2026-07-19T03:00:00.000Z", (string)read["phenomenonTime"]!);
        Assert.Equal("2026-07-16T03:01:00.000Z/2026-07-19T03:01:00.000Z", (string)read["resultTime"]!);
        var run = Assert.Single((await sta.Get($"/api/retention/runs?datastream={datastream}")).AsArray());
        Assert.Equal((2, 3), ((int)run!["observations"]!, (int)run["rollups"]!));
        Assert.Equal("2026-07-15T15:00:00.000Z", (string)(await sta.Get("/api/retention"))["rules"]![0]!["rawFrom"]!);
    }

    [Theory, BothEngines]
    public async Task What_is_too_old_to_be_kept_is_refused_and_says_so(Engine engine)
    {
        await using var sta = await Sta.Start(engine, clock: new TestClock(new(2026, 7, 19, 12, 0, 0, TimeSpan.Zero)));
        var datastream = await sta.CreateDatastream();
        await sta.Post($"Datastreams({datastream})/Observations", """{ "phenomenonTime": "2026-07-01T03:00:00Z", "result": 1 }""");
        await sta.Send(HttpMethod.Put, $"/api/retention/{datastream}", """{ "rawDays": 3 }""", HttpStatusCode.NoContent);
        await Run(sta);

        var problem = await sta.Post($"Datastreams({datastream})/Observations", """{ "phenomenonTime": "2026-07-15T14:59:59Z", "result": 1 }""", HttpStatusCode.BadRequest);
        Assert.Equal("phenomenonTime", (string)problem["field"]!);
        var kept = await sta.Create($"Datastreams({datastream})/Observations", """{ "phenomenonTime": "2026-07-15T15:00:00Z", "result": 1 }""");
        await sta.Patch($"Observations({kept})", """{ "phenomenonTime": "2026-07-01T00:00:00Z" }""", HttpStatusCode.BadRequest);
        await sta.City.Client.DeleteAsync($"/api/retention/{datastream}", Cancel);
        Assert.Empty((await sta.Get("/api/retention"))["rules"]!.AsArray());
    }

    [Theory, BothEngines]
    public async Task What_is_too_old_is_refused_from_the_moment_that_the_rule_stands_and_as_long_as_it_does(Engine engine)
    {
        var clock = new TestClock(new(2026, 7, 19, 12, 0, 0, TimeSpan.Zero));
        await using var sta = await Sta.Start(engine, clock: clock);
        var datastream = await sta.CreateDatastream();
        Task<JsonNode> Post(string time, HttpStatusCode expected) => sta.Post($"Datastreams({datastream})/Observations", $$"""{ "phenomenonTime": "{{time}}", "result": 1 }""", expected);
        await sta.Send(HttpMethod.Put, $"/api/retention/{datastream}", """{ "rawDays": 3 }""", HttpStatusCode.NoContent);

        Assert.Equal("phenomenonTime", (string)(await Post("2026-07-15T14:59:59Z", HttpStatusCode.BadRequest))["field"]!);
        await Post("2026-07-15T15:00:00Z", HttpStatusCode.Created);
        clock.Advance(TimeSpan.FromDays(1));
        await Post("2026-07-15T15:00:00Z", HttpStatusCode.BadRequest);
        Assert.Equal(1, await Run(sta));
        await sta.City.Client.DeleteAsync($"/api/retention/{datastream}", Cancel);
        await Post("2026-07-16T14:59:59Z", HttpStatusCode.BadRequest);
        await sta.Send(HttpMethod.Put, $"/api/retention/{datastream}", """{ "rawDays": 1 }""", HttpStatusCode.NoContent);
        await Post("2026-07-18T14:59:59Z", HttpStatusCode.BadRequest);
        await sta.City.Client.DeleteAsync($"/api/retention/{datastream}", Cancel);
        await Post("2026-07-16T15:00:00Z", HttpStatusCode.Created);
    }

    [Theory, BothEngines]
    public async Task Rules_are_for_whom_the_datastream_belongs_to_and_of_whole_days(Engine engine)
    {
        await using var city = await ClosedCity.Start(engine);
        var department = await city.Department("d");
        var (own, others) = (city.With((await city.Key(await city.Provider("a", department))).Secret), city.With((await city.Key(await city.Provider("b", department))).Secret));
        await ClosedCity.Send(own, HttpMethod.Post, "/sta/v1.1/Things", Sta.Thing(), HttpStatusCode.Created);

        await ClosedCity.Send(others, HttpMethod.Put, "/api/retention/1", """{ "rawDays": 3 }""", HttpStatusCode.Forbidden);
        await ClosedCity.Send(city.With(null), HttpMethod.Put, "/api/retention/1", """{ "rawDays": 3 }""", HttpStatusCode.Unauthorized);
        await ClosedCity.Send(own, HttpMethod.Put, "/api/retention/9", """{ "rawDays": 3 }""", HttpStatusCode.NotFound);
        Assert.Equal("rawDays", (string)(await ClosedCity.Send(own, HttpMethod.Put, "/api/retention/1", """{ "rawDays": 0 }""", HttpStatusCode.BadRequest))!["field"]!);
        Assert.Equal("rollupDays", (string)(await ClosedCity.Send(own, HttpMethod.Put, "/api/retention/1", """{ "rawDays": 3, "rollupDays": 2 }""", HttpStatusCode.BadRequest))!["field"]!);
        Assert.Equal("rollupDay", (string)(await ClosedCity.Send(own, HttpMethod.Put, "/api/retention/1", """{ "rawDays": 3, "rollupDay": 9 }""", HttpStatusCode.BadRequest))!["field"]!);
        await ClosedCity.Send(own, HttpMethod.Put, "/api/retention/1", """{ "rawDays": 3, "rollupDays": 3 }""", HttpStatusCode.NoContent);
    }

    private static Task<int> Run(Sta sta) => sta.City.Services.GetRequiredService<RetentionWorker>().RunAll(Cancel);
}
