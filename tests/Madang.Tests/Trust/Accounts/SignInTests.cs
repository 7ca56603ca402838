using System.Net;
using System.Text.RegularExpressions;
using Madang.Server;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Trust.Accounts.Secrets;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Madang.Tests.Trust.Accounts;

public sealed class SignInTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task A_person_signs_in_and_out_and_the_old_cookie_is_good_no_more(Engine engine)
    {
        await using var city = await TestCity.Start(engine);
        await Visitor.AddPerson(city);
        var kim = new Visitor(city);

        var answer = await kim.SignIn();

        Assert.Equal((HttpStatusCode.Found, "/account"), (answer.StatusCode, answer.Headers.Location?.ToString()));
        var cookie = kim.Set.Single(set => set.StartsWith("madang=", StringComparison.Ordinal));
        Assert.Matches("^madang=[\\w-]{43}; path=/; samesite=lax; httponly$", cookie);
        var account = await kim.Get("/account");
        Assert.Equal(HttpStatusCode.OK, account.StatusCode);
        Assert.True(account.Headers.CacheControl?.NoStore);
        Assert.Contains("김마당", kim.Page, StringComparison.Ordinal);
        Assert.True((await kim.Get("/")).Headers.CacheControl?.NoStore);

        var old = kim.Cookies["madang"];
        await kim.Get("/account");
        Assert.Equal(HttpStatusCode.Found, (await kim.Post("/signout")).StatusCode);
        Assert.DoesNotContain("madang", kim.Cookies.Keys);
        kim.Cookies["madang"] = old;
        Assert.Equal("/signin?return=%2Faccount", (await kim.Get("/account")).Headers.Location?.ToString());
    }

    [Fact]
    public async Task A_password_is_hashed_as_slowly_as_OWASP_asks()
    {
        await using var store = await TestStore.Create(Engine.Sqlite);
        await using var city = CityHost.Build(store.Settings);

        Assert.Equal(210_000, city.Services.GetRequiredService<IOptions<PasswordHasherOptions>>().Value.IterationCount);
    }

    [Fact]
    public async Task Each_sign_in_is_another_secret_and_ends_the_browsers_session_before()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        await Visitor.AddPerson(city);
        var kim = new Visitor(city);
        await kim.SignIn();
        var first = kim.Cookies["madang"];
        await kim.Get("/signin?problem=late");
        await kim.Post("/signin", new() { ["name"] = "KIM@city.example ", ["password"] = Visitor.Password });

        Assert.NotEqual(first, kim.Cookies["madang"]);
        await kim.Get("/account/sessions");
        Assert.Single(Regex.Matches(kim.Page, "class=\"panel session\""));
    }

    [Fact]
    public async Task A_wrong_name_and_a_wrong_password_are_answered_alike()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        await Visitor.AddPerson(city);
        var pages = new List<string>();
        foreach (var name in (string[])["kim@city.example", "not@city.example"])
        {
            var visitor = new Visitor(city);
            var answer = await visitor.SignIn(name, "it is not this one");
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            Assert.DoesNotContain("madang", visitor.Cookies.Keys);
            pages.Add(Regex.Replace(visitor.Page, "value=\"CfDJ8[^\"]*\"", "").Replace(name, "", StringComparison.Ordinal));
        }

        Assert.Equal(pages[0], pages[1]);
    }

    [Theory]
    [InlineData("kim@city.example")]
    [InlineData("not@city.example")]
    public async Task Guessing_waits_longer_and_longer_whoever_is_meant(string name)
    {
        await using var city = await TestCity.Start(Engine.Sqlite, clock: new TestClock());
        await Visitor.AddPerson(city);
        var visitor = new Visitor(city);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await visitor.SignIn(name, $"guess number {i}")).StatusCode);
        }

        var waits = await visitor.SignIn(name);
        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(30)), (waits.StatusCode, waits.Headers.RetryAfter!.Delta));
        city.Clock!.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await visitor.SignIn(name, "one guess more")).StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(60), (await visitor.SignIn(name)).Headers.RetryAfter!.Delta);
        city.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(name.StartsWith("kim", StringComparison.Ordinal) ? HttpStatusCode.Found : HttpStatusCode.UnprocessableEntity, (await visitor.SignIn(name)).StatusCode);
    }

    [Fact]
    public async Task Whoever_types_the_name_of_another_count_holds_up_nobody()
    {
        await using var city = await TestCity.Start(Engine.Sqlite, clock: new TestClock());
        await Visitor.AddPerson(city);
        var visitor = new Visitor(city);
        for (var i = 0; i < 6; i++)
        {
            await visitor.SignIn("reset:kim@city.example", "no password at all");
        }

        await visitor.Get("/reset");
        Assert.Equal(HttpStatusCode.OK, (await visitor.Post("/reset", new() { ["email"] = "kim@city.example" })).StatusCode);
        await Visitor.FindLink(city, "/reset/new");
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(5, 30)]
    [InlineData(8, 240)]
    [InlineData(10, 900)]
    [InlineData(2_000_000_000, 900)]
    public void The_wait_doubles_to_a_quarter_of_an_hour(int failures, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), Attempts.Wait(failures));

    [Theory]
    [InlineData("/sensors?q=%EA%B0%80", "/sensors?q=%EA%B0%80")]
    [InlineData("//evil.example/", "/account")]
    [InlineData("/\\evil.example/", "/account")]
    [InlineData("https://evil.example/", "/account")]
    [InlineData("/a\r\nSet-Cookie: a=b", "/account")]
    [InlineData("account", "/account")]
    public async Task One_goes_on_to_an_address_of_this_site_alone(string asked, string gone)
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        await Visitor.AddPerson(city);
        var visitor = new Visitor(city);
        Assert.Equal(gone, (await visitor.SignIn(back: asked)).Headers.Location?.ToString());
        Assert.Equal(gone, (await visitor.Get("/signin?return=" + Uri.EscapeDataString(asked))).Headers.Location?.ToString());
    }

    [Fact]
    public async Task A_session_ends_after_an_hour_of_rest_and_after_twelve_hours_anyway()
    {
        await using var city = await TestCity.Start(Engine.Sqlite, clock: new TestClock());
        await Visitor.AddPerson(city);
        var rests = new Visitor(city);
        await rests.SignIn();
        city.Clock!.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal(HttpStatusCode.Found, (await rests.Get("/account")).StatusCode);

        var works = new Visitor(city);
        await works.SignIn();
        for (var half = 0; half < 23; half++)
        {
            city.Clock.Advance(TimeSpan.FromMinutes(30));
            Assert.Equal(HttpStatusCode.OK, (await works.Get("/account")).StatusCode);
        }

        city.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal(HttpStatusCode.Found, (await works.Get("/account")).StatusCode);
    }

    [Fact]
    public async Task Over_https_the_cookie_is_bound_to_host_and_tls()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        await Visitor.AddPerson(city);
        var kim = new Visitor(city, "https://madang.example");
        await kim.SignIn();
        Assert.Contains(kim.Set, set => Regex.IsMatch(set, "^__Host-madang=[\\w-]{43}; path=/; secure; samesite=lax; httponly$"));
        Assert.Equal(HttpStatusCode.OK, (await kim.Get("/account")).StatusCode);
    }

    [Fact]
    public async Task Behind_the_proxy_of_the_public_address_it_is_so_too()
    {
        await using var city = await TestCity.Start(Engine.Sqlite, settings => settings["Accounts:PublicAddress"] = "https://madang.example");
        await Visitor.AddPerson(city);
        var kim = new Visitor(city, "http://madang.example");
        await kim.SignIn();
        Assert.Contains("__Host-madang", kim.Cookies.Keys);
    }

    [Fact]
    public async Task No_password_travels_readably_to_another_machine()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        await Visitor.AddPerson(city);
        var kim = new Visitor(city, "http://madang.example");
        await kim.Get("/signin");
        Assert.DoesNotContain("type=\"password\"", kim.Page, StringComparison.Ordinal);
        await kim.Get("/reset");
        Assert.Equal(HttpStatusCode.Forbidden, (await kim.Post("/signin", new() { ["name"] = "kim@city.example", ["password"] = Visitor.Password })).StatusCode);
    }

    [Fact]
    public async Task A_session_says_who_and_nothing_of_what_one_may_do()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        await Visitor.AddPerson(city, role: "administrator");
        var kim = new Visitor(city);
        await kim.SignIn();
        var context = await city.Server.SendAsync(
            http =>
            {
                http.Request.Path = "/account";
                http.Request.Host = new("localhost");
                http.Request.Headers.Cookie = $"madang={kim.Cookies["madang"]}";
            },
            Cancel);
        var identity = Assert.Single(context.User.Identities, one => one.AuthenticationType == "session");
        Assert.Equal(["fresh", "name", "sid", "strong", "sub"], identity.Claims.Select(claim => claim.Type).Order());
    }

    [Fact]
    public async Task A_request_with_a_key_is_the_keys_and_not_the_cookies()
    {
        await using var city = await TestCity.Start(Engine.Sqlite, settings => settings["Trust:WriteKey"] = "a-secret-of-24-characters-or-more");
        await Visitor.AddPerson(city);
        var kim = new Visitor(city);
        await kim.SignIn();
        var context = await city.Server.SendAsync(
            http =>
            {
                http.Request.Path = "/about";
                http.Request.Host = new("localhost");
                http.Request.Headers.Cookie = $"madang={kim.Cookies["madang"]}";
                http.Request.Headers.Authorization = "Bearer a-secret-of-24-characters-or-more";
            },
            Cancel);
        Assert.Equal("local-or-key", context.User.Identity?.AuthenticationType);
    }
}
