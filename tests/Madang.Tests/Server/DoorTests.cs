using System.Globalization;
using System.Net;
using System.Text.Json;
using Madang.Kernel;
using Madang.Server.Hosting;
using Madang.Storage;
using Madang.Tests.Hosts;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Madang.Tests.Server;

public sealed class DoorTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task The_server_says_that_it_lives_and_that_the_store_answers(Engine engine)
    {
        await using var city = await TestCity.Start(engine);

        Assert.Equal("""{"status":"live"}""", await city.Client.GetStringAsync("/health/live", Cancel));
        Assert.Equal("""{"status":"ready"}""", await city.Client.GetStringAsync("/health/ready", Cancel));
    }

    [Fact]
    public async Task It_is_not_ready_when_the_database_has_gone()
    {
        await using var city = await TestCity.Start(Engine.Postgres);
        await (await PostgresCluster.Get()).DropDatabase(city.Store.Postgres!);

        using var answer = await city.Client.GetAsync("/health/ready", Cancel);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.True(answer.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        Assert.Equal(HttpStatusCode.OK, (await city.Client.GetAsync("/health/live", Cancel)).StatusCode);
    }

    [Fact]
    public async Task It_is_not_ready_when_the_disk_is_nearly_full()
    {
        await using var city = await TestCity.Start(Engine.Sqlite, settings => settings["Storage:ReserveMegabytes"] = int.MaxValue.ToString(CultureInfo.InvariantCulture));

        using var answer = await city.Client.GetAsync("/health/ready", Cancel);

        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "storage-nearly-full"), (answer.StatusCode, problem.RootElement.GetProperty("code").GetString()));
        // How much room there is, is nobody's affair but the operator's.
        Assert.DoesNotMatch(@"\d", problem.RootElement.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("GET", "/api/nothing", 404, "not-found")]
    [InlineData("GET", "/sta/v9", 404, "not-found")]
    [InlineData("DELETE", "/health/live", 405, "method-not-allowed")]
    public async Task What_is_not_there_is_a_problem_with_a_code(string method, string path, int status, string code)
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await city.Client.SendAsync(request, Cancel);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(code, problem.RootElement.GetProperty("code").GetString());
        Assert.NotEqual("", problem.RootElement.GetProperty("traceId").GetString());
    }

    [Fact]
    public async Task HEAD_answers_like_GET_without_a_body()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        using var request = new HttpRequestMessage(HttpMethod.Head, "/health/live");
        using var answer = await city.Client.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Cancel));
    }

    [Fact]
    public async Task Every_answer_tells_the_browser_what_it_may_not_do()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        foreach (var (path, policy) in new[] { ("/health/live", "default-src 'none'"), ("/api/nothing", "default-src 'none'"), ("/", "default-src 'self'") })
        {
            using var answer = await city.Client.GetAsync(path, Cancel);
            Assert.DoesNotContain("base-uri 'self'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
            Assert.Contains(policy, Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        }
    }

    [Fact]
    public async Task The_interface_is_described()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        using var document = JsonDocument.Parse(await city.Client.GetStringAsync("/openapi/v1.json", Cancel));
        Assert.True(document.RootElement.GetProperty("paths").TryGetProperty("/health/ready", out _));
    }

    public static TheoryData<Exception, int, string, string?> Failures => new()
    {
        { new InvalidInputException("Datastreams[0].name", "is missing"), 400, "invalid-input", "Datastreams[0].name" },
        { new InvalidInputException("body", "has over 10,000 items", 413), 413, "too-large", "body" },
        { new CityRuleException("still-used", "The Sensor is still used."), 409, "still-used", null },
        { new UnavailableException("queue-full", "Too much at once.", TimeSpan.FromSeconds(2.5)), 503, "queue-full", null },
        { new SqliteException("interrupted", 9), 503, "query-too-long", null },
        { new OperationCanceledException(), 503, "query-too-long", null },
        { new BadHttpRequestException("too large", 413), 413, "too-large", null },
        { new BadHttpRequestException("bad", 400, new JsonException("no", "$.name", 2, 7)), 400, "invalid-json", "name" },
        { new InvalidOperationException("a secret detail"), 500, "internal-error", null },
    };

    [Theory, MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public async Task Each_kind_of_failure_has_its_answer(Exception failure, int status, string code, string? field)
    {
        var context = new DefaultHttpContext { Request = { Path = "/api/anything" } };
        using var body = new MemoryStream();
        context.Response.Body = body;

        await new ProblemHandler(NullLogger<ProblemHandler>.Instance).Answer(context, failure);

        using var problem = JsonDocument.Parse(body.ToArray());
        Assert.Equal(status, context.Response.StatusCode);
        Assert.Equal(code, problem.RootElement.GetProperty("code").GetString());
        Assert.Equal(field, problem.RootElement.TryGetProperty("field", out var named) ? named.GetString() : null);
        Assert.DoesNotContain("secret", problem.RootElement.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(code switch { "queue-full" => "3", "query-too-long" => "10", _ => "" }, context.Response.Headers.RetryAfter.ToString());
    }
}
