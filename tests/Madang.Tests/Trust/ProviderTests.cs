using System.Net;
using System.Text.Json.Nodes;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing;

namespace Madang.Tests.Trust;

/// <summary>What belongs to one provider is not another's to write, and what is not public is not there for who may not see it.</summary>
public sealed class ProviderTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_misspelt_member_makes_no_public_provider_and_no_key_for_ever()
    {
        await using var city = await ClosedCity.Start(Engine.Sqlite);
        var department = await city.Department("d");
        var provider = await ClosedCity.Send(city.As("root"), HttpMethod.Post, "/api/providers", new { code = "p", name = "p", department, @public = false }, HttpStatusCode.BadRequest);
        var key = await ClosedCity.Send(city.As("root"), HttpMethod.Post, "/api/keys", new { name = "k", scopes = new[] { "read" }, expires = "2030-01-01T00:00:00Z" }, HttpStatusCode.BadRequest);

        Assert.Equal(("public", "expires"), ((string)provider!["field"]!, (string)key!["field"]!));
    }

    [Fact]
    public async Task A_change_that_does_not_say_who_sees_a_provider_leaves_it_hidden()
    {
        await using var city = await ClosedCity.Start(Engine.Sqlite);
        var hidden = await city.Provider("h", await city.Department("d"), isPublic: false);
        await ClosedCity.Send(city.As("root"), HttpMethod.Put, $"/api/providers/{hidden}", new { name = "renamed" }, HttpStatusCode.OK);

        var now = (await ClosedCity.Send(city.As("root"), HttpMethod.Get, "/api/providers", null, HttpStatusCode.OK))!.AsArray().Single(each => (string)each!["code"]! == "h");
        Assert.Equal(("renamed", false), ((string)now!["name"]!, (bool)now["isPublic"]!));
    }

    [Theory, BothEngines]
    public async Task What_is_hidden_later_goes_from_the_figures_of_the_city_too(Engine engine)
    {
        await using var city = await ClosedCity.Start(engine);
        var provider = await city.Provider("p", await city.Department("d"));
        var (_, key) = await city.Key(provider);
        var made = await Thing(city.With(key), "곧 숨을 것");
        await Observe(city.With(key), made.Datastream, HttpStatusCode.Created);
        await Until(async () => (await city.With(null).GetStringAsync("/api/city/sensors.csv", Cancel)).Contains("곧 숨을 것", StringComparison.Ordinal));

        await ClosedCity.Send(city.As("root"), HttpMethod.Put, $"/api/providers/{provider}", new { name = "p", isPublic = false }, HttpStatusCode.OK);
        await Until(async () => !(await city.With(null).GetStringAsync("/api/city/sensors.csv", Cancel)).Contains("곧 숨을 것", StringComparison.Ordinal));
        await Observe(city.With(key), made.Datastream, HttpStatusCode.Created);
        await Task.Delay(1500, Cancel);
        Assert.DoesNotContain("곧 숨을 것", await city.With(null).GetStringAsync("/api/city/sensors.csv", Cancel), StringComparison.Ordinal);
    }

    [Theory, BothEngines]
    public async Task What_is_not_public_is_absent_everywhere_for_who_may_not_see_it(Engine engine)
    {
        await using var city = await ClosedCity.Start(engine);
        var department = await city.Department("digital");
        var (_, open) = await city.Key(await city.Provider("open", department));
        var (_, secret) = await city.Key(await city.Provider("secret", department, isPublic: false));
        var shown = await Thing(city.With(open), "보이는 것");
        var hidden = await Thing(city.With(secret), "숨은 것");
        await Observe(city.With(secret), hidden.Datastream, HttpStatusCode.Created);
        await Observe(city.With(open), shown.Datastream, HttpStatusCode.Created);
        await city.Give("official", "official", department);
        await city.Give("stranger", "official", await city.Department("other"));

        foreach (var client in new[] { city.With(null), city.With(open), city.As("nobody"), city.As("stranger") })
        {
            foreach (var set in new[] { "Things", "Locations", "HistoricalLocations", "Datastreams", "Sensors", "ObservedProperties", "Observations", "FeaturesOfInterest" })
            {
                Assert.Equal(1, (int)(await Get(client, $"/sta/v1.1/{set}?$count=true"))["@iot.count"]!);
                Assert.Single((await Get(client, $"/sta/v1.1/{set}"))["value"]!.AsArray());
            }

            Assert.Empty((await Get(client, "/sta/v1.1/Things?$filter=" + Uri.EscapeDataString("name eq '숨은 것'")))["value"]!.AsArray());
            Assert.Empty((await Get(client, "/sta/v1.1/Locations?$filter=" + Uri.EscapeDataString("Things/name eq '숨은 것'")))["value"]!.AsArray());
            foreach (var address in new[]
            {
                $"/sta/v1.1/Things({hidden.Thing})", $"/sta/v1.1/Things({hidden.Thing})/Datastreams", $"/sta/v1.1/Datastreams({hidden.Datastream})/Observations", $"/sta/v1.1/Datastreams({hidden.Datastream})/Thing/name",
                $"/api/series/{hidden.Datastream}?from=2026-07-19T00:00:00Z&to=2026-07-20T00:00:00Z&step=raw", $"/api/series/{hidden.Datastream}.csv?from=2026-07-19T00:00:00Z&to=2026-07-20T00:00:00Z&step=raw", $"/sensors/{hidden.Thing}", $"/datastreams/{hidden.Datastream}",
            })
            {
                Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(address, Cancel)).StatusCode);
            }

            Assert.DoesNotContain("숨은 것", await client.GetStringAsync("/sensors", Cancel), StringComparison.Ordinal);
            Assert.DoesNotContain("숨은 것", await client.GetStringAsync("/api/city/sensors.csv", Cancel), StringComparison.Ordinal);
        }

        foreach (var client in new[] { city.With(secret), city.As("official"), city.As("root") })
        {
            Assert.Equal(2, (int)(await Get(client, "/sta/v1.1/Things?$count=true"))["@iot.count"]!);
            Assert.Equal("숨은 것", (string?)(await Get(client, $"/sta/v1.1/Things({hidden.Thing})?$expand=Datastreams/Observations"))["name"]);
        }
    }

    [Theory, BothEngines]
    public async Task A_provider_writes_its_own_and_nothing_else(Engine engine)
    {
        await using var city = await ClosedCity.Start(engine);
        var department = await city.Department("digital");
        var ours = await city.Provider("ours", department);
        var (_, key) = await city.Key(ours);
        var (_, project) = await city.Key(await city.Provider("ours-project", null, parent: ours));
        var (_, other) = await city.Key(await city.Provider("other", department));
        var (_, hiding) = await city.Key(await city.Provider("hiding", department, isPublic: false));
        var (_, whole) = await city.Key(null);
        var (_, reader) = await city.Key(ours, ["read"]);
        var mine = await Thing(city.With(key), "내 것");
        var theirs = await Thing(city.With(other), "남의 것");
        var unseen = await Thing(city.With(hiding), "숨은 것");
        var cityOwn = await Thing(city.With(whole), "도시의 것");
        var projects = await Thing(city.With(project), "과제의 것");

        foreach (var target in new[] { theirs, cityOwn })
        {
            await Refused(city.With(key), target, HttpStatusCode.Forbidden);
        }

        await Refused(city.With(key), unseen, HttpStatusCode.NotFound);
        await Refused(city.With(project), mine, HttpStatusCode.Forbidden);
        await Observe(city.With(key), mine.Datastream, HttpStatusCode.Created);
        await Observe(city.With(key), projects.Datastream, HttpStatusCode.Created);
        await Observe(city.With(whole), theirs.Datastream, HttpStatusCode.Created);
        await Observe(city.With(reader), mine.Datastream, HttpStatusCode.Forbidden);
        await Observe(city.With(null), mine.Datastream, HttpStatusCode.Unauthorized);

        // A shared Sensor takes the Datastreams of others with it, so who does not own them all cannot delete it.
        var sensor = (long)(await Get(city.With(key), $"/sta/v1.1/Datastreams({mine.Datastream})/Sensor"))["@iot.id"]!;
        await ClosedCity.Send(city.With(other), HttpMethod.Post, $"/sta/v1.1/Things({theirs.Thing})/Datastreams", Sta.Datastream("pm10").Replace("\"Sensor\": { \"name\": \"sensor\", \"description\": \"d\", \"encodingType\": \"text/plain\", \"metadata\": \"none\" }", $"\"Sensor\": {{ \"@iot.id\": {sensor} }}", StringComparison.Ordinal), HttpStatusCode.Created);
        await ClosedCity.Send(city.With(key), HttpMethod.Delete, $"/sta/v1.1/Sensors({sensor})", null, HttpStatusCode.Forbidden);
        await ClosedCity.Send(city.With(key), HttpMethod.Delete, $"/sta/v1.1/Things({mine.Thing})", null, HttpStatusCode.NoContent);

        // One of many that are not his does not spoil the rest.
        var batch = await ClosedCity.Send(city.With(project), HttpMethod.Post, "/sta/v1.1/CreateObservations", Batch(projects.Datastream, theirs.Datastream, unseen.Datastream), HttpStatusCode.Created);
        Assert.Equal(["/sta", "erro", "erro"], batch!.AsArray().Select(each => new Uri((string)each! == "error" ? "http://x/error" : (string)each!).AbsolutePath.TrimStart('/') is var path && path.StartsWith("sta", StringComparison.Ordinal) ? "/sta" : path[..4]));
    }

    [Fact]
    public async Task A_department_that_passes_on_takes_its_providers_along_and_the_past_stays_readable()
    {
        var clock = new TestClock(new(2026, 7, 19, 0, 0, 0, TimeSpan.Zero));
        await using var city = await ClosedCity.Start(Engine.Sqlite, clock);
        var bureau = await city.Department("bureau");
        var old = await city.Department("smart", bureau);
        var (_, key) = await city.Key(await city.Provider("sdot", old, isPublic: false));
        var thing = await Thing(city.With(key), "S-DoT 1");
        await city.Give("anna", "official", old);
        var young = await city.Department("digital");
        await city.Give("boram", "official", young);
        Assert.Equal(HttpStatusCode.NotFound, (await city.As("boram").GetAsync($"/sta/v1.1/Things({thing.Thing})", Cancel)).StatusCode);

        clock.Advance(TimeSpan.FromDays(1));
        await ClosedCity.Send(city.As("root"), HttpMethod.Post, $"/api/departments/{old}/close", new { successor = young }, HttpStatusCode.OK);

        Assert.Equal("S-DoT 1", (string?)(await Get(city.As("boram"), $"/sta/v1.1/Things({thing.Thing})"))["name"]);
        Assert.Equal("S-DoT 1", (string?)(await Get(city.As("anna"), $"/sta/v1.1/Things({thing.Thing})"))["name"]);
        await ClosedCity.Send(city.As("root"), HttpMethod.Put, $"/api/departments/{young}", new { nameKo = "디지털국", nameEn = "Digital Bureau", parent = bureau }, HttpStatusCode.OK);
        Assert.Equal(["bureau", "smart"], Codes(await Get(city.As("root"), "/api/departments?at=2026-07-19T00:00:00Z"))[..1].Concat(Codes(await Get(city.As("root"), "/api/departments?at=2026-07-19T12:00:00Z"))[^1..]));
        Assert.Equal("digital과", (string?)(await Get(city.As("root"), "/api/departments?at=2026-07-19T12:00:00Z")).AsArray().Single(each => (string?)each!["code"] == "digital")!["nameKo"]);
        await ClosedCity.Send(city.As("root"), HttpMethod.Put, $"/api/departments/{bureau}", new { nameKo = "국", nameEn = "B", parent = young }, HttpStatusCode.BadRequest);
    }

    private static string[] Codes(JsonNode departments) => [.. departments.AsArray().Select(each => (string)each!["code"]!)];

    private static async Task<(long Thing, long Datastream)> Thing(HttpClient client, string name)
    {
        var made = await ClosedCity.Send(client, HttpMethod.Post, "/sta/v1.1/Things", Sta.Thing(name), HttpStatusCode.Created);
        var thing = (long)made!["@iot.id"]!;
        return (thing, (long)(await Get(client, $"/sta/v1.1/Things({thing})/Datastreams"))["value"]![0]!["@iot.id"]!);
    }

    private static async Task Refused(HttpClient client, (long Thing, long Datastream) target, HttpStatusCode expected)
    {
        await ClosedCity.Send(client, HttpMethod.Patch, $"/sta/v1.1/Things({target.Thing})", """{ "description": "x" }""", expected);
        await ClosedCity.Send(client, HttpMethod.Delete, $"/sta/v1.1/Things({target.Thing})", null, expected);
        await ClosedCity.Send(client, HttpMethod.Delete, $"/sta/v1.1/Datastreams({target.Datastream})", null, expected);
        await ClosedCity.Send(client, HttpMethod.Post, $"/sta/v1.1/Things({target.Thing})/Datastreams", Sta.Datastream(), expected);
        await Observe(client, target.Datastream, expected);
    }

    private static Task Observe(HttpClient client, long datastream, HttpStatusCode expected) =>
        ClosedCity.Send(client, HttpMethod.Post, $"/sta/v1.1/Datastreams({datastream})/Observations", """{ "phenomenonTime": "2026-07-19T00:10:00Z", "result": 12 }""", expected);

    private static string Batch(params long[] datastreams) =>
        $"[{string.Join(',', datastreams.Select(each => $$"""{ "Datastream": { "@iot.id": {{each}} }, "components": ["phenomenonTime", "result"], "dataArray": [["2026-07-19T00:20:00Z", 1]] }"""))}]";

    private static async Task<JsonNode> Get(HttpClient client, string address) => (await ClosedCity.Send(client, HttpMethod.Get, address, null, HttpStatusCode.OK))!;

    private static async Task Until(Func<Task<bool>> done)
    {
        for (var tries = 0; !await done(); tries++)
        {
            Assert.True(tries < 400, "It did not come to pass.");
            await Task.Delay(50, Cancel);
        }
    }
}
