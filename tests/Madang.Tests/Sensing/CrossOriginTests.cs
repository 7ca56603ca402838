using System.Net;
using System.Text;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Trust;

namespace Madang.Tests.Sensing;

/// <summary>What pages of other origins may do at the roots of SensorThings.</summary>
public sealed class CrossOriginTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/sta/v1.1/Things")]
    [InlineData("/sta/v1.0")]
    [InlineData("/sta/tasking/v1.1/Tasks")]
    public async Task A_preflight_is_answered_without_credentials(string path)
    {
        await using var city = await ClosedCity.Start(Engine.Sqlite);
        foreach (var method in (string[])["GET", "POST", "PATCH", "DELETE"])
        {
            using var answer = await Ask(city.With(null), HttpMethod.Options, path, asked: method);
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            Assert.Equal("*", Header(answer, "Access-Control-Allow-Origin"));
            Assert.Contains(method, Header(answer, "Access-Control-Allow-Methods")!.Split(", "));
            Assert.Superset(new HashSet<string> { "Authorization", "If-Match", "If-None-Match" }, Header(answer, "Access-Control-Allow-Headers")!.Split(", ").ToHashSet());
            Assert.Null(Header(answer, "Access-Control-Allow-Credentials"));
        }

        using var elsewhere = await Ask(city.With(null), HttpMethod.Options, "/api/departments", asked: "GET");
        Assert.Null(Header(elsewhere, "Access-Control-Allow-Origin"));
    }

    [Theory, BothEngines]
    public async Task Failures_are_readable_too_and_what_is_hidden_never_is(Engine engine)
    {
        await using var city = await ClosedCity.Start(engine, settings: values => values["Trust:AddressRequestsPerSecond"] = "0");
        var hidden = await city.Provider("hidden", await city.Department("d"), isPublic: false);
        var (_, plain) = await city.Key(await city.Provider("open", await city.Department("e")));
        var (_, insider) = await city.Key(hidden);
        await city.Thing(plain);

        foreach (var (path, status) in ((string, int)[])[("Things", 200), ("Things(9)", 404), ("Things?$filter=x", 400), ("Things?$search=x", 501), ("Nothings", 404)])
        {
            using var answer = await Ask(city.With(null), HttpMethod.Get, "/sta/v1.1/" + path);
            Assert.Equal((status, "*"), ((int)answer.StatusCode, Header(answer, "Access-Control-Allow-Origin")));
            Assert.Contains("Retry-After", Header(answer, "Access-Control-Expose-Headers"), StringComparison.Ordinal);
            using var seen = await Ask(city.With(insider), HttpMethod.Get, "/sta/v1.1/" + path);
            Assert.Equal((status, null), ((int)seen.StatusCode, Header(seen, "Access-Control-Allow-Origin")));
        }

        using var nobody = await Ask(city.With(null), HttpMethod.Post, "/sta/v1.1/Datastreams(1)/Observations");
        Assert.Equal((401, "*"), ((int)nobody.StatusCode, Header(nobody, "Access-Control-Allow-Origin")));
        Assert.Contains("key whose scope allows it", await nobody.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        using var wrong = await Ask(city.With("mdg_wrong"), HttpMethod.Get, "/sta/v1.1/Things");
        Assert.Equal((401, "*"), ((int)wrong.StatusCode, Header(wrong, "Access-Control-Allow-Origin")));
        using var made = await Ask(city.With(plain), HttpMethod.Post, "/sta/v1.1/Datastreams(1)/Observations");
        Assert.Equal((201, "*"), ((int)made.StatusCode, Header(made, "Access-Control-Allow-Origin")));
        using var bad = await Ask(city.With(plain), HttpMethod.Post, "/sta/v1.1/Things");
        Assert.Equal((400, "*"), ((int)bad.StatusCode, Header(bad, "Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task Who_asks_too_often_may_read_that_he_does()
    {
        await using var city = await ClosedCity.Start(Engine.Sqlite);
        var (_, key) = await city.Key(await city.Provider("open", await city.Department("d")), perSecond: 1);
        HttpResponseMessage? over = null;
        for (var tries = 0; tries < 30 && over?.StatusCode != HttpStatusCode.TooManyRequests; tries++)
        {
            over?.Dispose();
            over = await Ask(city.With(key), HttpMethod.Get, "/sta/v1.1/Things");
        }

        Assert.Equal((HttpStatusCode.TooManyRequests, "*"), (over!.StatusCode, Header(over, "Access-Control-Allow-Origin")));
        over.Dispose();
    }

    private static async Task<HttpResponseMessage> Ask(HttpClient client, HttpMethod method, string path, string? asked = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Origin", "https://dashboard.example");
        if (asked is not null)
        {
            request.Headers.Add("Access-Control-Request-Method", asked);
        }

        if (method == HttpMethod.Post)
        {
            request.Content = new StringContent("""{ "result": 1 }""", Encoding.UTF8, "application/json");
        }

        return await client.SendAsync(request, Cancel);
    }

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
