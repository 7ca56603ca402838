using System.Net;
using System.Text.Json.Nodes;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Trust;

public sealed class LimitTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task A_limit_holds_at_once_is_narrower_by_name_and_ends(Engine engine)
    {
        await using var city = await ClosedCity.Start(engine);
        var limits = city.City.Services.GetRequiredService<Limits>();
        bool Ask(string from) => limits.TakeAddress(IPAddress.Parse(from), null) is null;
        var root = city.As("root");

        await Set(root, "address", null, 1, 5);
        var named = await Set(root, "address", "203.0.113.0/24", 2, 20);
        await Set(root, "address", "203.0.113.9", 0, null);

        Assert.Equal(5, Enumerable.Range(0, 30).Count(_ => Ask("198.51.100.7")));
        Assert.Equal(20, Enumerable.Range(0, 30).Count(_ => Ask("203.0.113.7")));
        Assert.Equal(20, Enumerable.Range(0, 30).Count(_ => Ask("::ffff:203.0.113.8")));
        Assert.Equal(30, Enumerable.Range(0, 30).Count(_ => Ask("203.0.113.9")));
        Assert.Equal(5, Enumerable.Range(0, 30).Count(number => Ask($"2001:db8::{number:x}")));
        Assert.Equal(50, Enumerable.Range(0, 50).Count(_ => Ask("127.0.0.1")));

        await ClosedCity.Send(root, HttpMethod.Delete, $"/api/limits/{(long)named["id"]!}", null, HttpStatusCode.NoContent);
        Assert.Equal(5, Enumerable.Range(0, 30).Count(_ => Ask("203.0.113.10")));
        await city.City.Restart();
        Assert.Equal(["1/5", "50/500", "0/0", "0/1"], (await ClosedCity.Send(city.As("root"), HttpMethod.Get, "/api/limits", null, HttpStatusCode.OK))!.AsArray().Select(each => $"{each!["perSecond"]}/{each["burst"]}"));
    }

    [Fact]
    public async Task An_account_that_asks_too_often_is_refused_with_what_is_left_and_how_long_to_wait()
    {
        await using var city = await ClosedCity.Start(Engine.Sqlite);
        await city.Give("anna", "citizen", null);
        await Set(city.As("root"), "account", "anna", 1, 3);
        var anna = city.As("anna");
        var answers = new List<HttpResponseMessage>();
        for (var times = 0; times < 5; times++)
        {
            answers.Add(await anna.GetAsync("/sta/v1.1/Things", Cancel));
        }

        Assert.Equal("\"account\";q=3;w=3", answers[0].Headers.GetValues("RateLimit-Policy").Single());
        Assert.Equal("\"account\";r=2;t=1", answers[0].Headers.GetValues("RateLimit").Single());
        var refused = answers.First(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.True(refused.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        Assert.Equal("too-many-requests", (string?)JsonNode.Parse(await refused.Content.ReadAsStringAsync(Cancel))!["code"]);
        Assert.Equal(HttpStatusCode.OK, (await city.As("boram").GetAsync("/sta/v1.1/Things", Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_limit_by_name_holds_before_a_keys_own_numbers()
    {
        var clock = new TestClock(new(2026, 7, 19, 0, 0, 0, TimeSpan.Zero));
        await using var city = await ClosedCity.Start(Engine.Sqlite, clock);
        var (id, key) = await city.Key(await city.Provider("sdot", await city.Department("digital")), perSecond: 1);
        await Set(city.As("root"), "key", id, 2, 4);

        var statuses = new List<HttpStatusCode>();
        for (var times = 0; times < 6; times++)
        {
            statuses.Add((await city.With(key).GetAsync("/sta/v1.1/Things", Cancel)).StatusCode);
        }

        Assert.Equal(4, statuses.Count(status => status == HttpStatusCode.OK));
        Assert.Equal(2, statuses.Count(status => status == HttpStatusCode.TooManyRequests));
    }

    [Theory]
    [InlineData("""{ "kind": "planet", "perSecond": 1, "note": "n" }""", "kind")]
    [InlineData("""{ "kind": "address", "note": "n" }""", "perSecond")]
    [InlineData("""{ "kind": "address", "perSecond": -1, "note": "n" }""", "perSecond")]
    [InlineData("""{ "kind": "address", "perSecond": 10, "burst": 5, "note": "n" }""", "burst")]
    [InlineData("""{ "kind": "address", "perSecond": 10 }""", "note")]
    [InlineData("""{ "kind": "address", "subject": "the town hall", "perSecond": 10, "note": "n" }""", "subject")]
    [InlineData("""{ "kind": "account", "subject": "nobody@city.example", "perSecond": 10, "note": "n" }""", "subject")]
    [InlineData("""{ "kind": "key", "subject": "nobody", "perSecond": 10, "note": "n" }""", "subject")]
    public async Task What_is_no_limit_is_refused_by_its_field(string body, string field)
    {
        await using var city = await ClosedCity.Start(Engine.Sqlite);
        Assert.Equal(field, (string?)(await ClosedCity.Send(city.As("root"), HttpMethod.Put, "/api/limits", body, HttpStatusCode.BadRequest))!["field"]);
    }

    private static async Task<JsonNode> Set(HttpClient client, string kind, string? subject, int perSecond, int? burst) =>
        (await ClosedCity.Send(client, HttpMethod.Put, "/api/limits", new { kind, subject, perSecond, burst, note = "시험" }, HttpStatusCode.OK))!;
}
