using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Trust;
using Madang.Trust.Accounts.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Tests.Trust;

/// <summary>A closed city with departments, providers and keys, and callers of every sort.</summary>
internal sealed class ClosedCity(TestCity city) : IAsyncDisposable
{
    private const string PersonHeader = "X-Test-Person";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public TestCity City => city;

    public static async Task<ClosedCity> Start(Engine engine, TestClock? clock = null, Action<IDictionary<string, string?>>? settings = null)
    {
        var city = new ClosedCity(await TestCity.Start(
            engine,
            values =>
            {
                values["Trust:Open"] = "false";
                settings?.Invoke(values);
            },
            clock, services => services.AddSingleton<IStartupFilter, TestPeople>()
            .Configure<AuthenticationOptions>(options => options.SchemeMap[SignedIn.Scheme].HandlerType = typeof(TestSession)).AddTransient<TestSession>()));
        await city.Give("root", "administrator", null);
        await city.Give("root", "operator", null);
        return city;
    }

    /// <summary>A role as the city itself gives it.</summary>
    public Task Give(string person, string role, long? department) =>
        city.Services.GetRequiredService<Grants>().Store(person, role, department, "시험", null, "test", Cancel);

    public HttpClient As(string person)
    {
        var client = city.Server.CreateClient();
        client.DefaultRequestHeaders.Add(PersonHeader, person);
        return client;
    }

    public HttpClient With(string? key)
    {
        var client = city.Server.CreateClient();
        client.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    public async Task<long> Department(string code, long? parent = null) =>
        (long)(await Send(As("root"), HttpMethod.Post, "/api/departments", new { code, nameKo = code + "과", nameEn = code, parent }, HttpStatusCode.Created))!["id"]!;

    public async Task<long> Provider(string code, long? department, bool isPublic = true, long? parent = null) =>
        (long)(await Send(As("root"), HttpMethod.Post, "/api/providers", new { code, name = code, department, parent, isPublic }, HttpStatusCode.Created))!["id"]!;

    public async Task<(string Id, string Secret)> Key(long? provider, string[]? scopes = null, int perSecond = 0, int perDay = 0, DateTimeOffset? expiresAt = null)
    {
        var made = (await Send(As("root"), HttpMethod.Post, "/api/keys", new { name = "시험 열쇠", provider, scopes = scopes ?? ["read", "write"], perSecond, perDay, expiresAt }, HttpStatusCode.Created))!;
        return ((string)made["key"]!["id"]!, (string)made["secret"]!);
    }

    /// <summary>A Thing with one Datastream, made with a key.</summary>
    public Task Thing(string secret) => Send(With(secret), HttpMethod.Post, "/sta/v1.1/Things", Sensing.Sta.Thing(), HttpStatusCode.Created);

    public static async Task<JsonNode?> Send(HttpClient client, HttpMethod method, string address, object? body, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(method, address) { Content = body is null ? null : body is string text ? new StringContent(text, System.Text.Encoding.UTF8, "application/json") : JsonContent.Create(body) };
        using var response = await client.SendAsync(request, Cancel);
        var answer = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.StatusCode == expected, $"{method} {address}: {(int)response.StatusCode} {answer}");
        return answer.Length > 0 && response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true ? JsonNode.Parse(answer) : null;
    }

    public ValueTask DisposeAsync() => city.DisposeAsync();

    private static ClaimsPrincipal Person(string id) =>
        new(new ClaimsIdentity([new("sub", id), new("sid", "s"), new("name", id), new("fresh", "4102444800000000"), new("strong", "true")], SignedIn.Scheme));

    /// <summary>The session of such a person, for the pages that ask for one; whoever comes with a cookie has his own.</summary>
    private sealed class TestSession(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, SessionStore sessions, IOptions<SignInPage> page)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var who = Request.Headers.TryGetValue(PersonHeader, out var person) ? Person(person.ToString()) : SessionCookie.Read(Request) is { } token ? await sessions.Find(token, isUsed: true, Cancel) : null;
            return who is null ? AuthenticateResult.NoResult() : AuthenticateResult.Success(new AuthenticationTicket(who, Scheme.Name));
        }

        protected override Task HandleChallengeAsync(AuthenticationProperties properties)
        {
            if (Request.Cookies.Count > 0 && page.Value.Address(Request) is { } address)
            {
                Response.Redirect(address);
                return Task.CompletedTask;
            }

            return base.HandleChallengeAsync(properties);
        }
    }

    /// <summary>Takes a request's word for who signed in; only tests have it.</summary>
    private sealed class TestPeople : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, onward) =>
            {
                if (context.Request.Headers.TryGetValue(PersonHeader, out var person))
                {
                    context.User = Person(person.ToString());
                }

                return onward(context);
            });
            next(app);
        };
    }
}
