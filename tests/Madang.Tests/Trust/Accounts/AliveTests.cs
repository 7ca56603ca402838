using System.Net;
using System.Text.RegularExpressions;
using Dapper;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Trust;
using Madang.Trust.Record.Keeper;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Trust.Accounts;

/// <summary>An open page asks whether its session lives; what it asks by itself keeps no session alive.</summary>
public sealed class AliveTests
{
    private const string Alive = "/account/alive";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task Asking_whether_a_session_lives_does_not_make_it_live_longer(Engine engine)
    {
        await using var city = await TestCity.Start(engine, clock: new TestClock());
        await Visitor.AddPerson(city);
        var kim = new Visitor(city);
        await kim.SignIn();
        for (var asked = 0; asked < 5; asked++)
        {
            city.Clock!.Advance(TimeSpan.FromMinutes(10));
            Assert.Equal(HttpStatusCode.BadRequest, (await kim.Get("/live/city?data=nothing")).StatusCode);
            var alive = await kim.Get(Alive);
            Assert.Equal(HttpStatusCode.NoContent, alive.StatusCode);
            Assert.True(alive.Headers.CacheControl?.NoStore);
        }

        city.Clock!.Advance(TimeSpan.FromMinutes(11));
        var ended = await kim.Get(Alive);
        Assert.Equal((HttpStatusCode.Unauthorized, true, 0L), (ended.StatusCode, ended.Headers.CacheControl?.NoStore, ended.Content.Headers.ContentLength));
        Assert.Equal(HttpStatusCode.Found, (await kim.Get("/account")).StatusCode);
    }

    [Fact]
    public async Task What_a_page_fetches_by_itself_does_not_make_it_live_longer_and_what_is_asked_does()
    {
        await using var city = await TestCity.Start(Engine.Sqlite, clock: new TestClock());
        await Visitor.AddPerson(city);
        foreach (var (unasked, expected) in ((bool, HttpStatusCode)[])[(true, HttpStatusCode.Unauthorized), (false, HttpStatusCode.NoContent)])
        {
            var kim = new Visitor(city);
            await kim.SignIn();
            city.Clock!.Advance(TimeSpan.FromMinutes(31));
            Assert.Equal(HttpStatusCode.OK, (await kim.Get("/about", request => request.Headers.Add(unasked ? "Madang-Unasked" : "X-Nothing", "1"))).StatusCode);
            city.Clock.Advance(TimeSpan.FromMinutes(31));
            Assert.Equal(expected, (await kim.Get(Alive)).StatusCode);
        }
    }

    [Fact]
    public async Task It_is_about_the_session_that_the_page_was_made_in_and_no_refusal()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        await Visitor.AddPerson(city);
        await Visitor.AddPerson(city, "lee@city.example");
        var browser = new Visitor(city);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.Get(Alive)).StatusCode);
        await browser.Get("/");
        Assert.DoesNotContain("data-session", browser.Page, StringComparison.Ordinal);
        await browser.SignIn();
        await browser.Get("/");
        var first = Alive + "?session=" + Regex.Match(browser.Page, "<html[^>]* data-session=\"([^\"]+)\"").Groups[1].Value;
        Assert.Equal(HttpStatusCode.NoContent, (await browser.Get(first)).StatusCode);
        await browser.Get("/signin?problem=late");
        await browser.Post("/signin", new() { ["name"] = "lee@city.example", ["password"] = Visitor.Password });
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.NoContent), ((await browser.Get(first)).StatusCode, (await browser.Get(Alive)).StatusCode));

        await city.Services.GetRequiredService<Tally>().Settle();
        await city.Services.GetRequiredService<Recorder>().Settle(Cancel);
        await using var read = await city.Services.GetRequiredService<IDatabase>().Read(Cancel);
        Assert.Empty(await read.Connection.QueryAsync<string>("SELECT thing FROM trust_record WHERE action = 'refusal'", transaction: read.Transaction));
    }
}
