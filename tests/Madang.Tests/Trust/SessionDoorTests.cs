using System.Net;
using System.Net.Http.Json;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Trust.Accounts;

namespace Madang.Tests.Trust;

/// <summary>What a session may do at the interfaces for programs: nothing that another site sent, and nothing dangerous on an old proof.</summary>
public sealed class SessionDoorTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Origin", "https://evil.example", false)]
    [InlineData("Origin", "null", false)]
    [InlineData("Origin", "http://localhost:8081", false)]
    [InlineData("Sec-Fetch-Site", "cross-site", false)]
    [InlineData("Sec-Fetch-Site", "same-site", false)]
    [InlineData("Origin", "http://localhost", true)]
    [InlineData("Sec-Fetch-Site", "same-origin", true)]
    [InlineData("X-Nothing", "said", true)]
    public async Task What_another_site_sends_with_a_session_is_refused_and_a_key_is_asked_nothing(string header, string value, bool isOurs)
    {
        await using var city = await ClosedCity.Start(Engine.Sqlite);
        var (_, key) = await city.Key(null, ["read", "write"]);
        foreach (var (address, body) in new[] { ("/api/departments", """{"code":"a","nameKo":"가","nameEn":"A"}"""), ("/sta/v1.1/Things", """{"name":"n","description":"d"}""") })
        {
            using var request = Post(address, body, header, value);
            using var answer = await city.As("root").SendAsync(request, Cancel);
            Assert.Equal(isOurs ? HttpStatusCode.Created : HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.True(isOurs || (await answer.Content.ReadAsStringAsync(Cancel)).Contains("\"cross-site\"", StringComparison.Ordinal));
        }

        using var byKey = Post("/sta/v1.1/Things", """{"name":"n","description":"d"}""", header, value);
        using var made = await city.With(key).SendAsync(byKey, Cancel);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
    }

    [Fact]
    public async Task No_cache_between_keeps_what_somebody_gets_who_is_signed_in()
    {
        await using var city = await ClosedCity.Start(Engine.Sqlite);
        foreach (var (address, open) in new[] { ("/api/places/district", "no-cache"), ("/api/city/now", "no-cache"), ("/sta/v1.1/Things", null), ("/openapi/v1.json", null) })
        {
            Assert.Equal(open, await CacheControl(city.With(null), address));
            Assert.Equal(open is null ? "private" : "no-cache, private", await CacheControl(city.As("citizen"), address));
        }

        Assert.Equal("no-store", await CacheControl(city.As("root"), "/api/people"));
        Assert.Equal("no-store", await CacheControl(city.As("root"), "/nothing"));
    }

    [Fact]
    public async Task Dangerous_calls_of_a_session_need_a_fresh_proof()
    {
        var clock = new TestClock();
        await using var city = await TestCity.Start(Engine.Sqlite, clock: clock);
        await Visitor.AddPerson(city);
        await Visitor.AddPerson(city, "lee@city.example");
        await Visitor.GiveRole(city, "administrator");
        var lee = await Visitor.FindId(city, "lee@city.example");
        var kim = new Visitor(city);
        await kim.SignIn();
        clock.Advance(TimeSpan.FromMinutes(6));
        foreach (var (method, address, body) in new (HttpMethod, string, object?)[]
        {
            (HttpMethod.Post, $"/api/people/{lee}/lock", null), (HttpMethod.Post, $"/api/people/{lee}/unlock", null), (HttpMethod.Delete, $"/api/people/{lee}/sessions", null), (HttpMethod.Delete, $"/api/people/{lee}", null),
            (HttpMethod.Post, "/api/grants", new { person = lee, role = "administrator", purpose = "p" }), (HttpMethod.Post, "/api/people", new { name = "n", email = "n@city.example", role = "administrator", purpose = "p" }),
            (HttpMethod.Post, "/api/departments/1/close", new { successor = 2 }), (HttpMethod.Post, "/api/providers/1/close", null), (HttpMethod.Delete, "/api/keys/x", null), (HttpMethod.Post, "/api/keys", new { name = "k", scopes = new[] { "read" } }), (HttpMethod.Post, "/api/keys/x/rotate", new { }),
            (HttpMethod.Post, "/api/grants", new { person = lee, role = "operator", purpose = "p" }), (HttpMethod.Delete, "/api/grants/1", null), (HttpMethod.Put, "/api/providers/1", new { name = "n", isPublic = true }),
        })
        {
            using var answer = await Call(city, kim, method, address, body);
            Assert.True(answer.StatusCode == HttpStatusCode.Forbidden && (await answer.Content.ReadAsStringAsync(Cancel)).Contains("\"proof-needed\"", StringComparison.Ordinal), $"{address}: {answer.StatusCode}");
        }

        using var given = await Call(city, kim, HttpMethod.Post, "/api/grants", new { person = lee, role = "citizen", purpose = "p" });
        Assert.Equal(HttpStatusCode.Created, given.StatusCode);
        await kim.Get("/account/again");
        await kim.Post("/account/again", new() { ["password"] = Visitor.Password });
        using var locked = await Call(city, kim, HttpMethod.Post, $"/api/people/{lee}/lock", null);
        Assert.Equal(HttpStatusCode.NoContent, locked.StatusCode);
    }

    private static async Task<HttpResponseMessage> Call(TestCity city, Visitor visitor, HttpMethod method, string address, object? body)
    {
        using var client = city.Server.CreateClient();
        using var request = new HttpRequestMessage(method, address) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("Cookie", $"madang={visitor.Cookies["madang"]}");
        return await client.SendAsync(request, Cancel);
    }

    private static HttpRequestMessage Post(string address, string body, string header, string value)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation(header, value);
        return request;
    }

    private static async Task<string?> CacheControl(HttpClient client, string address)
    {
        using var answer = await client.GetAsync(address, Cancel);
        return answer.Headers.CacheControl?.ToString();
    }
}
