using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Trust;
using Madang.Trust.Record.Keeper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Madang.Tests.Trust.Accounts;

/// <summary>An external login against a small provider, started here, that checks the code, the secret and PKCE.</summary>
public sealed class ExternalTests
{
    [Theory, BothEngines]
    public async Task An_account_elsewhere_signs_in_after_it_was_linked(Engine engine)
    {
        await using var provider = await Provider.Start();
        await using var city = await TestCity.Start(engine, provider.Settings);
        await Visitor.AddPerson(city);
        provider.Person = new { sub = "77", name = "김마당", email = "kim@city.example", email_verified = true };
        var kim = new Visitor(city);

        // The same address of e-mail opens nothing.
        Assert.Equal("/signin?problem=external-known", await Walk(kim, "/signin", "/signin/with/keycloak", []));
        Assert.DoesNotContain("madang", kim.Cookies.Keys);

        await kim.SignIn();
        Assert.Equal("/account/security?done=linked", await Walk(kim, "/account/security", "/account/security/link", new() { ["provider"] = "keycloak" }));
        var later = new Visitor(city);
        Assert.Equal("/sensors", await Walk(later, "/signin", "/signin/with/keycloak", new() { ["return"] = "/sensors" }));
        await later.Get("/account");
        Assert.Contains("김마당", later.Page, StringComparison.Ordinal);

        await kim.Get("/account/security");
        await kim.Post("/account/security/unlink", new() { ["provider"] = "keycloak" });
        Assert.Equal("/en/signin?problem=external-known", await Walk(new Visitor(city), "/en/signin", "/en/signin/with/keycloak", []));
    }

    [Theory]
    [InlineData(true, true, "/account")]
    [InlineData(true, false, "/signin?problem=external-unknown")]
    [InlineData(false, true, "/signin?problem=external-unknown")]
    public async Task Somebody_new_gets_an_account_only_with_a_confirmed_address_and_where_that_is_allowed(bool verified, bool makes, string gone)
    {
        await using var provider = await Provider.Start();
        await using var city = await TestCity.Start(Engine.Sqlite, settings =>
        {
            provider.Settings(settings);
            settings["Accounts:External:0:MakesPeople"] = makes ? "true" : "false";
        });
        provider.Person = new { sub = "78", name = "박세모", email = "park@city.example", email_verified = verified };
        Assert.Equal(gone, await Walk(new Visitor(city), "/signin", "/signin/with/keycloak", []));
    }

    [Fact]
    public async Task A_refusal_there_and_a_forged_return_end_at_the_door()
    {
        await using var provider = await Provider.Start();
        await using var city = await TestCity.Start(Engine.Sqlite, provider.Settings);
        var visitor = new Visitor(city);
        Assert.Equal("/signin?problem=external-failed", (await visitor.Get("/signin/from/keycloak?code=x&state=forged")).Headers.Location?.ToString());
        provider.Refuses = true;
        Assert.Equal("/signin?problem=external-failed", await Walk(visitor, "/signin", "/signin/with/keycloak", []));
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.Post("/signin/with/nobody")).StatusCode);
    }

    [Fact]
    public async Task Coming_from_elsewhere_is_no_proof_for_dangerous_acts()
    {
        await using var provider = await Provider.Start();
        await using var city = await TestCity.Start(Engine.Sqlite, provider.Settings);
        provider.Person = new { sub = "79", name = "정네모", email = "jung@city.example", email_verified = true };
        var jung = new Visitor(city);
        Assert.Equal("/account", await Walk(jung, "/signin", "/signin/with/keycloak", []));
        await jung.Get("/account");
        Assert.StartsWith("/account/again", (await jung.Post("/account/email", new() { ["email"] = "other@city.example" })).Headers.Location?.ToString(), StringComparison.Ordinal);
        await jung.Get("/account/again");
        Assert.Contains("href=\"/reset\"", jung.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_fails_on_the_way_back_is_recorded_and_logged_without_a_strangers_words()
    {
        var lines = new Lines();
        await using var provider = await Provider.Start();
        await using var city = await TestCity.Start(Engine.Sqlite, provider.Settings, services: services => services.AddSingleton<ILoggerProvider>(lines));
        provider.Moved = true;
        Assert.Equal("/signin?problem=external-failed", await Walk(new Visitor(city), "/signin", "/signin/with/keycloak", []));
        Assert.Equal(0, provider.Followed);
        await new Visitor(city).Get("/signin/from/keycloak?error=evil%0Awords&state=forged");

        await city.Services.GetRequiredService<Tally>().Settle();
        await city.Services.GetRequiredService<Recorder>().Settle(TestContext.Current.CancellationToken);
        await using var read = await city.Services.GetRequiredService<IDatabase>().Read(TestContext.Current.CancellationToken);
        var kept = (await read.Connection.QueryAsync<(string Action, string Result)>("SELECT action, result FROM trust_record WHERE action = 'login.external' ORDER BY seq", transaction: read.Transaction)).ToList();
        Assert.Equal([("login.external", "external-failed"), ("login.external", "external-failed, 1 more within the minute")], kept);
        Assert.Single(lines.Said, line => line.Contains("A login by 'keycloak' failed", StringComparison.Ordinal));
        Assert.DoesNotContain(lines.Said, line => line.Contains("evil", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("AuthorizationEndpoint", "http://id.example/x", true)]
    [InlineData("TokenEndpoint", "http://id.example/x", true)]
    [InlineData("UserInfoEndpoint", "http://10.0.0.1/x", true)]
    [InlineData("TokenEndpoint", "http://localhost:8080/x", false)]
    [InlineData("TokenEndpoint", "https://id.example/x", false)]
    public async Task A_provider_is_asked_over_tls_or_on_this_machine(string name, string address, bool refused)
    {
        async Task Start()
        {
            await using var city = await TestCity.Start(Engine.Sqlite, settings =>
            {
                foreach (var (member, value) in (IEnumerable<(string, string)>)[("Name", "k"), ("AuthorizationEndpoint", "https://id.example/a"), ("TokenEndpoint", "https://id.example/t"), ("UserInfoEndpoint", "https://id.example/u"), ("ClientId", "m"), ("ClientSecret", "s"), (name, address)])
                {
                    settings["Accounts:External:0:" + member] = value;
                }
            });
        }

        if (refused)
        {
            Assert.Contains($"External:0:{name}: must be https", (await Assert.ThrowsAnyAsync<Exception>(Start)).Message, StringComparison.Ordinal);
        }
        else
        {
            await Start();
        }
    }

    [Fact]
    public async Task A_provider_that_cannot_work_stops_the_start() =>
        Assert.Contains("External:0:TokenEndpoint", (await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var city = await TestCity.Start(Engine.Sqlite, settings => (settings["Accounts:External:0:Name"], settings["Accounts:External:0:AuthorizationEndpoint"]) = ("keycloak", "https://id.example/auth"));
        })).Message, StringComparison.Ordinal);

    /// <summary>From our form to the provider and back; answers where one goes on.</summary>
    private static async Task<string?> Walk(Visitor visitor, string page, string form, Dictionary<string, string> fields)
    {
        await visitor.Get(page);
        var away = await visitor.Post(form, fields);
        Assert.Equal(HttpStatusCode.Found, away.StatusCode);
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        var back = (await browser.GetAsync(away.Headers.Location, TestContext.Current.CancellationToken)).Headers.Location!;
        return (await visitor.Get(back.PathAndQuery)).Headers.Location?.ToString();
    }

    private sealed class Provider : IAsyncDisposable
    {
        private readonly Dictionary<string, (string Challenge, string Return)> codes = [];
        private WebApplication app = null!;

        public object Person { get; set; } = new { sub = "1" };

        public bool Refuses { get; set; }

        /// <summary>True when the token is said to be elsewhere.</summary>
        public bool Moved { get; set; }

        /// <summary>How often somebody went there.</summary>
        public int Followed { get; private set; }

        public static async Task<Provider> Start()
        {
            var provider = new Provider();
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            provider.app = builder.Build();
            provider.app.MapGet("/auth", provider.Authorise);
            provider.app.MapPost("/token", provider.Redeem);
            provider.app.MapMethods("/moved", ["GET", "POST"], () => ++provider.Followed);
            provider.app.MapGet("/me", provider.Tell);
            await provider.app.StartAsync();
            return provider;
        }

        public void Settings(IDictionary<string, string?> settings)
        {
            var address = app.Urls.Single();
            foreach (var (name, value) in (IEnumerable<(string, string)>)[
                ("Name", "keycloak"), ("Title", "Keycloak"), ("AuthorizationEndpoint", address + "/auth"), ("TokenEndpoint", address + "/token"), ("UserInfoEndpoint", address + "/me"), ("ClientId", "madang"), ("ClientSecret", "s3cret"), ("MakesPeople", "true")])
            {
                settings["Accounts:External:0:" + name] = value;
            }
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private IResult Authorise(HttpRequest request)
        {
            var query = request.Query;
            var back = query["redirect_uri"].ToString();
            if (Refuses)
            {
                return Results.Redirect(QueryHelpers.AddQueryString(back, new Dictionary<string, string?> { ["error"] = "access_denied", ["state"] = query["state"] }));
            }

            if (query["client_id"] != "madang" || query["response_type"] != "code" || query["code_challenge_method"] != "S256" || query["scope"] != "openid profile email")
            {
                return Results.BadRequest();
            }

            var code = Guid.NewGuid().ToString("N");
            codes[code] = (query["code_challenge"].ToString(), back);
            return Results.Redirect(QueryHelpers.AddQueryString(back, new Dictionary<string, string?> { ["code"] = code, ["state"] = query["state"] }));
        }

        private async Task<IResult> Redeem(HttpRequest request)
        {
            if (Moved)
            {
                return Results.Redirect("/moved", preserveMethod: true);
            }

            var form = await request.ReadFormAsync();
            return codes.Remove(form["code"].ToString(), out var known) && form["client_secret"] == "s3cret" && form["redirect_uri"] == known.Return
                && WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) == known.Challenge
                ? Results.Json(new { access_token = "let-me-see", token_type = "Bearer", expires_in = 60 })
                : Results.BadRequest();
        }

        private IResult Tell(HttpRequest request) =>
            request.Headers.Authorization == "Bearer let-me-see" ? Results.Text(JsonSerializer.Serialize(Person), "application/json") : Results.Unauthorized();
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Said { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Said.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
