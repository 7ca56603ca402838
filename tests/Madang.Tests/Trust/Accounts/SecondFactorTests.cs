using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dapper;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Trust;
using Madang.Trust.Accounts.Secrets;
using Madang.Trust.Accounts.Sessions;
using Madang.Trust.Accounts.SignIn;
using Madang.Trust.Record.Keeper;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Trust.Accounts;

/// <summary>A person's roles sleep in a session that was begun with one factor alone.</summary>
public sealed class SecondFactorTests
{
    private const string Name = "kim@city.example", Asked = "/api/people";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task Behind_a_password_alone_roles_sleep_and_the_city_says_why(Engine engine)
    {
        await using var city = await Start(engine);
        var kim = new Visitor(city);
        Assert.Equal("/house", (await kim.SignIn(back: "/house")).Headers.Location?.ToString());

        var refused = await kim.Get(Asked);
        Assert.Equal((HttpStatusCode.Forbidden, "second-factor-needed"), (refused.StatusCode, await CodeOf(refused)));
        // A rule deep inside says the same as the policy of a route.
        Assert.Equal("second-factor-needed", await CodeOf(await kim.Get("/api/departments")));
        foreach (var (page, status, link) in ((string, HttpStatusCode, bool)[])[
            ("/house", HttpStatusCode.OK, true), ("/house/people", HttpStatusCode.Forbidden, true), ("/record", HttpStatusCode.Forbidden, true), ("/account", HttpStatusCode.OK, true), ("/account/security", HttpStatusCode.OK, false)])
        {
            foreach (var root in (string[])["", "/en"])
            {
                Assert.Equal(status, (await kim.Get(root + page)).StatusCode);
                Assert.Single(Regex.Matches(kim.Page, " data-sleeping"));
                Assert.Equal(link, kim.Page.Contains($"href=\"{root}/account/security\">{(root.Length == 0 ? "보안 설정으로 가기" : "Go to Security")}", StringComparison.Ordinal));
            }
        }

        await kim.Get("/");
        Assert.Contains("href=\"/house\"", kim.Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await kim.Get("/api/me/record")).StatusCode);
        Assert.Contains(("GET /api/people", "refused"), await Refusals(city));
    }

    [Theory, BothEngines]
    public async Task They_wake_when_the_app_is_turned_on_and_wherever_its_code_or_a_recovery_code_is_given(Engine engine)
    {
        await using var city = await Start(engine);
        var (kim, left) = (new Visitor(city), new Visitor(city));
        await left.SignIn();
        await kim.SignIn();
        var (key, recovery) = await TurnOn(kim, city.Clock!);
        await Awake(kim);
        Assert.Equal(HttpStatusCode.Unauthorized, (await left.Get(Asked)).StatusCode);

        foreach (var code in (string[])[recovery, ""])
        {
            var other = new Visitor(city);
            Assert.StartsWith("/signin/second", (await other.SignIn()).Headers.Location?.ToString(), StringComparison.Ordinal);
            await other.Get("/signin/second");
            city.Clock!.Advance(TimeSpan.FromSeconds(30));
            await other.Post("/signin/second", new() { ["code"] = code.Length > 0 ? code : Totp.Code(key, city.Clock.GetUtcNow()) });
            await Awake(other);
        }

        await kim.Get("/account/security");
        Assert.Equal("/account/security?done=totp-off", (await kim.Post("/account/security/totp/stop")).Headers.Location?.ToString());
        // Without any second factor left no session has proved one.
        Assert.Equal(HttpStatusCode.Forbidden, (await kim.Get(Asked)).StatusCode);
        var again = new Visitor(city);
        await again.SignIn();
        await Asleep(again);
    }

    [Theory, BothEngines]
    public async Task They_wake_when_a_passkey_is_added_signed_in_with_or_shown(Engine engine)
    {
        await using var city = await Start(engine);
        using var passkey = new SoftKey();
        var kim = new Visitor(city);
        await kim.SignIn();
        await Asleep(kim);
        Assert.Equal("/account/security?done=passkey", await Show(kim, "/account/security", "/account/security/passkey/options", "/account/security/passkey", passkey.Create));
        await Awake(kim);

        var other = new Visitor(city);
        Assert.Equal("/account", await Show(other, "/signin", "/signin/passkey/options", "/signin/passkey", passkey.Get));
        await Awake(other);

        var weak = new Visitor(city);
        await weak.SignIn();
        await Asleep(weak);
        Assert.Equal("/account", await Show(weak, "/account/again", "/signin/passkey/options", "/account/again/passkey", passkey.Get));
        await Awake(weak);
    }

    [Fact]
    public async Task Whoever_has_a_passkey_shows_it_before_second_factors_come_or_go()
    {
        await using var city = await Start(Engine.Sqlite);
        using var passkey = new SoftKey();
        var kim = new Visitor(city);
        await kim.SignIn();
        await Show(kim, "/account/security", "/account/security/passkey/options", "/account/security/passkey", passkey.Create);
        await kim.Get("/account/security");
        var id = Regex.Match(kim.Page, "name=\"id\" value=\"([^\"]+)\"").Groups[1].Value;

        var thief = new Visitor(city);
        await thief.SignIn();
        await thief.Get("/account/security");
        Assert.DoesNotContain("action=\"/account/security/totp\"", thief.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("action=\"/account/security/passkey", thief.Page, StringComparison.Ordinal);
        foreach (var act in (string[])["/account/security/totp", "/account/security/totp/confirm", "/account/security/passkey", "/account/security/passkey/remove"])
        {
            Assert.StartsWith("/account/again", (await thief.Post(act, new() { ["id"] = id, ["code"] = "000000" })).Headers.Location?.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await thief.Post("/account/security/passkey/options")).StatusCode);
        await thief.Get("/account/again");
        await thief.Post("/account/again", new() { ["password"] = Visitor.Password });
        await Asleep(thief);
        Assert.Equal("/account/security?done=passkey-off", (await kim.Post("/account/security/passkey/remove", new() { ["id"] = id })).Headers.Location?.ToString());
    }

    [Theory]
    [InlineData(SignInMethod.Password, false)]
    [InlineData(SignInMethod.External, false)]
    [InlineData(SignInMethod.Link, false)]
    [InlineData(SignInMethod.Totp, true)]
    [InlineData(SignInMethod.Recovery, true)]
    [InlineData(SignInMethod.Passkey, true)]
    public async Task Each_way_in_proves_one_factor_or_two_and_a_city_may_ask_for_one(string method, bool isAwake)
    {
        await using var city = await Start(Engine.Sqlite);
        await using var easy = await Start(Engine.Sqlite, "none");
        foreach (var (place, awake) in new[] { (city, isAwake), (easy, true) })
        {
            var kim = new Visitor(place);
            kim.Cookies["madang"] = await place.Services.GetRequiredService<SessionStore>().Begin(await Visitor.FindId(place), method, isProof: false, null, "", Cancel);
            await (awake ? Awake(kim) : Asleep(kim));
            // The caller on this machine is no person and has no factor.
            Assert.Equal(HttpStatusCode.OK, (await place.Client.GetAsync(Asked, Cancel)).StatusCode);
        }
    }

    [Fact]
    public async Task Whoever_has_no_role_or_everybodys_is_asked_for_nothing()
    {
        await using var city = await Start(Engine.Sqlite);
        await Visitor.AddPerson(city, "lee@city.example");
        foreach (var role in (string?[])[null, Role.Everybodys])
        {
            if (role is not null)
            {
                await Visitor.GiveRole(city, role, name: "lee@city.example");
            }

            var lee = new Visitor(city);
            await lee.SignIn("lee@city.example");
            Assert.Equal("forbidden", await CodeOf(await lee.Get(Asked)));
            await lee.Get("/house");
            Assert.DoesNotContain("data-sleeping", lee.Page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_first_administrator_comes_by_the_link_adds_an_app_and_works()
    {
        await using var city = await TestCity.Start(Engine.Sqlite, settings => settings["Accounts:SecondFactor"] = "roles", new TestClock());
        await using var scope = city.Services.CreateAsyncScope();
        var link = new Uri((await scope.ServiceProvider.GetRequiredService<FirstPeople>().OfferAdministrator(Cancel))!).PathAndQuery;
        var first = new Visitor(city);
        await first.Get(link);
        Assert.Equal("/account", (await first.Post("/begin", new() { ["token"] = link[(link.IndexOf('=', StringComparison.Ordinal) + 1)..], ["name"] = "김첫째", ["email"] = Name, ["password"] = Visitor.Password })).Headers.Location?.ToString());
        await first.Get("/account");
        Assert.Contains("data-sleeping", first.Page, StringComparison.Ordinal);
        await Asleep(first);
        await TurnOn(first, city.Clock!);
        await Awake(first);
        Assert.Equal(HttpStatusCode.OK, (await first.Get("/house/people")).StatusCode);
        Assert.DoesNotContain("data-sleeping", first.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_that_is_neither_stops_the_start() =>
        Assert.Contains("must be roles or none", (await Assert.ThrowsAnyAsync<Exception>(() => Start(Engine.Sqlite, "perhaps"))).Message, StringComparison.Ordinal);

    private static async Task<TestCity> Start(Engine engine, string asks = "roles")
    {
        var city = await TestCity.Start(engine, settings => settings["Accounts:SecondFactor"] = asks, new TestClock());
        await Visitor.AddPerson(city);
        await Visitor.GiveRole(city, "administrator");
        return city;
    }

    private static async Task Awake(Visitor visitor) => Assert.Equal(HttpStatusCode.OK, (await visitor.Get(Asked)).StatusCode);

    private static async Task Asleep(Visitor visitor) => Assert.Equal("second-factor-needed", await CodeOf(await visitor.Get(Asked)));

    private static async Task<string?> CodeOf(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement.TryGetProperty("code", out var code) ? code.GetString() : null;

    /// <summary>Turns the app on; answers its key and a recovery code.</summary>
    private static async Task<(string Key, string Recovery)> TurnOn(Visitor visitor, TestClock clock)
    {
        await visitor.Get("/account/security");
        await visitor.Post("/account/security/totp");
        var key = Regex.Match(visitor.Page, "<code>([A-Z2-7 ]+)</code>").Groups[1].Value.Replace(" ", "", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await visitor.Post("/account/security/totp/confirm", new() { ["code"] = Totp.Code(key, clock.GetUtcNow()) })).StatusCode);
        return (key, Regex.Match(visitor.Page, "<code>([0-9a-z]{5}-[0-9a-z]{5})</code>").Groups[1].Value);
    }

    /// <summary>From the page's options to the form with the passkey's answer; where that leads.</summary>
    private static async Task<string?> Show(Visitor visitor, string page, string options, string form, Func<string, string, string> answer)
    {
        await visitor.Get(page);
        var asked = await (await visitor.Post(options)).Content.ReadAsStringAsync(Cancel);
        return (await visitor.Post(form, new() { ["credential"] = answer(asked, "http://localhost"), ["name"] = "시험 열쇠" }, request => request.Headers.Add("Origin", "http://localhost"))).Headers.Location?.ToString();
    }

    private static async Task<List<(string Thing, string Result)>> Refusals(TestCity city)
    {
        await city.Services.GetRequiredService<Tally>().Settle();
        await city.Services.GetRequiredService<Recorder>().Settle(Cancel);
        await using var read = await city.Services.GetRequiredService<IDatabase>().Read(Cancel);
        return [.. await read.Connection.QueryAsync<(string, string)>("SELECT thing, result FROM trust_record WHERE action = 'refusal'", transaction: read.Transaction)];
    }
}
