using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Trust.Accounts;

/// <summary>What a browser is given to keep, and what it is told to forget.</summary>
public sealed class CookieTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Over_https_every_cookie_is_bound_to_host_and_tls()
    {
        await using var city = await TestCity.Start(Engine.Sqlite, Provider);
        await Visitor.AddPerson(city);
        var kim = new Visitor(city, "https://madang.example");
        var set = new List<string>();
        await kim.SignIn();
        set.AddRange(kim.Set);
        await kim.Post("/look", new() { ["mode"] = "dark" });
        set.AddRange(kim.Set);
        await kim.Get("/signin?problem=late");
        await kim.Post("/signin/with/keycloak");
        set.AddRange(kim.Set);
        await kim.Get("/account");

        Assert.All(set, cookie => Assert.Matches("^__Host-madang[^;]*; (expires=[^;]+; )?(max-age=[0-9]+; )?path=/; secure; samesite=(lax|strict)(; httponly)?$", cookie));
        Assert.Equal(["__Host-madang", "__Host-madang-external.", "__Host-madang-form", "__Host-madang-look"], kim.Cookies.Keys.Select(name => name.Split('.') is [var stem, _] ? stem + "." : name).Distinct().Order(StringComparer.Ordinal));
        Assert.Contains("data-look-mode=\"dark\"", kim.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_https_a_cookie_without_the_prefix_is_nobodys()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        await Visitor.AddPerson(city);
        var kim = new Visitor(city, "https://madang.example");
        await kim.SignIn();
        var stolen = new Visitor(city, "https://madang.example");
        stolen.Cookies["madang"] = kim.Cookies["__Host-madang"];
        Assert.Equal(HttpStatusCode.Found, (await stolen.Get("/account")).StatusCode);
        kim.Cookies["madang"] = "what-another-host-set";
        Assert.Equal(HttpStatusCode.OK, (await kim.Get("/account")).StatusCode);
    }

    [Fact]
    public async Task On_this_machine_cookies_have_their_plain_names()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        await Visitor.AddPerson(city);
        var kim = new Visitor(city);
        await kim.SignIn();
        await kim.Post("/look", new() { ["mode"] = "dark" });
        Assert.Equal(["madang", "madang-form", "madang-look"], kim.Cookies.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Signing_out_is_on_every_page_of_the_account_and_tells_the_browser_to_forget()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        await Visitor.AddPerson(city);
        var kim = new Visitor(city);
        await kim.SignIn();
        foreach (var page in (string[])["/account", "/account/security", "/account/sessions", "/account/record"])
        {
            await kim.Get(page);
            Assert.Single(System.Text.RegularExpressions.Regex.Matches(kim.Page, "action=\"/signout\""));
        }

        Assert.Equal("\"cache\", \"storage\"", (await kim.Post("/signout")).Headers.GetValues("Clear-Site-Data").Single());
    }

    [Theory]
    [InlineData("https://madang.example/", null, true)]
    [InlineData("https://madang.example/api/providers", null, true)]
    [InlineData("http://madang.example/", "https://madang.example", true)]
    [InlineData("http://madang.example/", null, false)]
    [InlineData("http://localhost/", null, false)]
    [InlineData("https://localhost/", null, false)]
    public async Task A_browser_comes_by_tls_for_a_year_once_it_came_so(string address, string? known, bool told)
    {
        await using var city = await TestCity.Start(Engine.Sqlite, settings => settings["Accounts:PublicAddress"] = known);
        using var client = new HttpClient(city.Server.CreateHandler());
        var answer = await client.GetAsync(address, Cancel);
        Assert.Equal(told ? "max-age=31536000; includeSubDomains" : null, answer.Headers.TryGetValues("Strict-Transport-Security", out var values) ? values.Single() : null);
    }

    private static void Provider(IDictionary<string, string?> settings)
    {
        foreach (var (name, value) in (IEnumerable<(string, string)>)[("Name", "keycloak"), ("AuthorizationEndpoint", "https://id.example/auth"), ("TokenEndpoint", "https://id.example/token"), ("UserInfoEndpoint", "https://id.example/me"), ("ClientId", "madang"), ("ClientSecret", "s3cret")])
        {
            settings["Accounts:External:0:" + name] = value;
        }
    }
}
