using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing;
using Madang.Trust.Access;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Trust;

public sealed class DeviceKeyTests
{
    private static readonly DateTimeOffset Start = new(2026, 7, 19, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task A_key_ends_when_it_is_taken_back_at_its_time_and_with_its_provider(Engine engine)
    {
        var clock = new TestClock(Start);
        await using var city = await ClosedCity.Start(engine, clock);
        var provider = await city.Provider("sdot", await city.Department("digital"));
        var (revoked, first) = await city.Key(provider);
        var (_, second) = await city.Key(provider, expiresAt: Start.AddHours(1));
        var (_, third) = await city.Key(provider);
        foreach (var key in new[] { first, second, third })
        {
            Assert.Equal(HttpStatusCode.Created, await Write(city, key));
        }

        await ClosedCity.Send(city.As("root"), HttpMethod.Delete, $"/api/keys/{revoked}", null, HttpStatusCode.NoContent);
        Assert.Equal(HttpStatusCode.Unauthorized, await Write(city, first));
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await Write(city, second));
        Assert.Equal(HttpStatusCode.Created, await Write(city, third));
        await ClosedCity.Send(city.As("root"), HttpMethod.Post, $"/api/providers/{provider}/close", null, HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Unauthorized, await Write(city, third));

        await city.City.Restart();
        Assert.Equal(HttpStatusCode.Unauthorized, await Write(city, third));
        var listed = (await ClosedCity.Send(city.As("root"), HttpMethod.Get, $"/api/keys?provider={provider}", null, HttpStatusCode.Conflict))!;
        Assert.Equal("provider-closed", (string?)listed["code"]);
    }

    [Fact]
    public async Task A_rotated_key_works_beside_the_new_one_for_a_while()
    {
        var clock = new TestClock(Start);
        await using var city = await ClosedCity.Start(Engine.Sqlite, clock);
        var provider = await city.Provider("sdot", await city.Department("digital"));
        var (old, oldSecret) = await city.Key(provider, ["write"], perSecond: 7);

        var made = (await ClosedCity.Send(city.As("root"), HttpMethod.Post, $"/api/keys/{old}/rotate", new { overlapHours = 2 }, HttpStatusCode.Created))!;
        var secret = (string)made["secret"]!;

        Assert.Equal((old, 7, "write"), ((string?)made["key"]!["replaces"], (int)made["key"]!["perSecond"]!, (string?)made["key"]!["scopes"]![0]));
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (await Write(city, oldSecret), await Write(city, secret)));
        clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Created), (await Write(city, oldSecret), await Write(city, secret)));
        await ClosedCity.Send(city.As("root"), HttpMethod.Post, $"/api/keys/{(string)made["key"]!["id"]!}/rotate", new { overlapHours = 1e9 }, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_key_has_its_share_of_a_second_and_of_a_day_and_is_told_what_is_left()
    {
        var clock = new TestClock(Start);
        await using var city = await ClosedCity.Start(Engine.Sqlite, clock);
        var provider = await city.Provider("sdot", await city.Department("digital"));
        var (_, fast) = await city.Key(provider, perSecond: 1);
        var (_, few) = await city.Key(provider, perDay: 3);

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await city.With(fast).GetAsync("/sta/v1.1/Things", Cancel)).StatusCode);
        }

        var refused = await city.With(fast).GetAsync("/sta/v1.1/Things", Cancel);
        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(1)), (refused.StatusCode, refused.Headers.RetryAfter!.Delta!.Value));
        clock.Advance(TimeSpan.FromSeconds(1));
        var after = await city.With(fast).GetAsync("/sta/v1.1/Things", Cancel);
        Assert.Equal(("\"key\";q=10;w=10", "\"key\";r=0;t=10"), (after.Headers.GetValues("RateLimit-Policy").Single(), after.Headers.GetValues("RateLimit").Single()));

        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Created, HttpStatusCode.Created, HttpStatusCode.TooManyRequests], [await Write(city, few), await Write(city, few), await Write(city, few), await Write(city, few)]);
        await city.City.Restart();
        Assert.Equal(HttpStatusCode.TooManyRequests, await Write(city, few));
        clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(HttpStatusCode.Created, await Write(city, few));
    }

    [Fact]
    public async Task When_a_key_was_last_used_is_written_down_and_its_secret_is_not()
    {
        var clock = new TestClock(Start);
        await using var city = await ClosedCity.Start(Engine.Sqlite, clock);
        var (id, secret) = await city.Key(null);
        await Write(city, secret);
        await city.City.Services.GetRequiredService<KeyUses>().WriteDown(Cancel);

        var listed = await ClosedCity.Send(city.As("root"), HttpMethod.Get, "/api/keys", null, HttpStatusCode.OK);

        var key = Assert.Single(listed!.AsArray())!;
        Assert.Equal((id, Start), ((string?)key["id"], (DateTimeOffset)key["lastUsedAt"]!));
        Assert.DoesNotContain(secret[^20..], listed.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("igest", listed.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal($"mdg_{id}_", secret[..21]);
    }

    [Theory]
    [InlineData("Bearer mdg_0000000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Bearer mdg_")]
    [InlineData("Bearer ")]
    [InlineData("Basic bWRnOg==")]
    public async Task What_is_no_key_opens_nothing(string header)
    {
        await using var city = await ClosedCity.Start(Engine.Sqlite);
        var client = city.City.Server.CreateClient();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);

        await ClosedCity.Send(client, HttpMethod.Post, "/sta/v1.1/Things", Sta.Thing(), HttpStatusCode.Unauthorized);
        await ClosedCity.Send(client, HttpMethod.Get, "/api/keys", null, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Nobody_gets_by_a_key_what_he_may_not_do_himself()
    {
        await using var city = await ClosedCity.Start(Engine.Sqlite);
        var provider = await city.Provider("a", await city.Department("d"), isPublic: false);
        var (known, _) = await city.Key(provider, ["read", "command"]);
        await city.Give("admin", "administrator", null);
        await city.Give("op", "operator", null);

        foreach (var (scope, own) in new (string, long?)[] { ("read", provider), ("write", provider), ("command", provider), ("read", null), ("write", null) })
        {
            var refused = (await ClosedCity.Send(city.As("admin"), HttpMethod.Post, "/api/keys", new { name = "k", provider = own, scopes = new[] { scope } }, HttpStatusCode.Forbidden))!;
            Assert.Equal("scope-not-yours", (string?)refused["code"]);
            await ClosedCity.Send(city.As("op"), HttpMethod.Post, "/api/keys", new { name = "k", provider = own, scopes = new[] { scope } }, HttpStatusCode.Created);
        }

        await ClosedCity.Send(city.As("admin"), HttpMethod.Post, $"/api/keys/{known}/rotate", new { overlapHours = 1 }, HttpStatusCode.Forbidden);
        await ClosedCity.Send(city.As("op"), HttpMethod.Post, $"/api/keys/{known}/rotate", new { overlapHours = 1 }, HttpStatusCode.Created);
        // Taking back gives nothing.
        await ClosedCity.Send(city.As("admin"), HttpMethod.Delete, $"/api/keys/{known}", null, HttpStatusCode.NoContent);
    }

    [Theory, BothEngines]
    public async Task A_key_that_only_writes_writes_to_what_is_not_public_and_reads_nothing_of_it(Engine engine)
    {
        await using var city = await ClosedCity.Start(engine);
        var provider = await city.Provider("secret", await city.Department("d"), isPublic: false);
        var (both, writer) = (city.With((await city.Key(provider)).Secret), city.With((await city.Key(provider, ["write"])).Secret));
        await ClosedCity.Send(writer, HttpMethod.Post, "/sta/v1.1/Things", Sta.Thing("숨은 것"), HttpStatusCode.Created);
        var datastream = (long)(await ClosedCity.Send(both, HttpMethod.Get, "/sta/v1.1/Datastreams", null, HttpStatusCode.OK))!["value"]![0]!["@iot.id"]!;

        await ClosedCity.Send(writer, HttpMethod.Post, $"/sta/v1.1/Datastreams({datastream})/Observations", """{ "result": 1 }""", HttpStatusCode.Created);
        foreach (var set in new[] { "Things", "Datastreams", "Observations", "Locations" })
        {
            Assert.Empty((await ClosedCity.Send(writer, HttpMethod.Get, "/sta/v1.1/" + set, null, HttpStatusCode.OK))!["value"]!.AsArray());
            Assert.NotEmpty((await ClosedCity.Send(both, HttpMethod.Get, "/sta/v1.1/" + set, null, HttpStatusCode.OK))!["value"]!.AsArray());
        }
    }

    [Fact]
    public async Task Who_manages_one_department_makes_keys_for_its_providers_alone()
    {
        await using var city = await ClosedCity.Start(Engine.Sqlite);
        var (ours, theirs) = (await city.Department("ours"), await city.Department("theirs"));
        var (our, their) = (await city.Provider("a", ours), await city.Provider("b", theirs));
        var (key, _) = await city.Key(their);
        await city.Give("op", "operator", ours);
        var client = city.As("op");

        await ClosedCity.Send(client, HttpMethod.Post, "/api/keys", new { name = "k", provider = our, scopes = new[] { "write" } }, HttpStatusCode.Created);
        await ClosedCity.Send(client, HttpMethod.Post, "/api/keys", new { name = "k", provider = their, scopes = new[] { "write" } }, HttpStatusCode.NotFound);
        await ClosedCity.Send(client, HttpMethod.Post, "/api/keys", new { name = "k", scopes = new[] { "write" } }, HttpStatusCode.Forbidden);
        await ClosedCity.Send(client, HttpMethod.Delete, $"/api/keys/{key}", null, HttpStatusCode.NotFound);
        await ClosedCity.Send(client, HttpMethod.Post, "/api/providers", new { code = "c", name = "c", department = theirs }, HttpStatusCode.Forbidden);
        await ClosedCity.Send(client, HttpMethod.Post, "/api/grants", new { person = "x", role = "operator", department = ours, purpose = "p" }, HttpStatusCode.Forbidden);
        Assert.Equal(["a"], (await ClosedCity.Send(client, HttpMethod.Get, "/api/providers", null, HttpStatusCode.OK))!.AsArray().Select(each => (string?)each!["code"]));
        await ClosedCity.Send(city.As("root"), HttpMethod.Post, "/api/grants", new { person = "root", role = "mayor", purpose = "p" }, HttpStatusCode.Forbidden);
        await ClosedCity.Send(city.As("root"), HttpMethod.Post, "/api/grants", new { person = "x", role = "king", purpose = "p" }, HttpStatusCode.BadRequest);
    }

    private static async Task<HttpStatusCode> Write(ClosedCity city, string key)
    {
        using var body = new StringContent("""{ "name": "n", "description": "d" }""", System.Text.Encoding.UTF8, "application/json");
        return (await city.With(key).PostAsync("/sta/v1.1/Things", body, Cancel)).StatusCode;
    }
}
