using System.Net;
using System.Text.Json.Nodes;
using Madang.Operations;
using Madang.Operations.Cap;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Operations.Rules;
using Madang.Tests.Sensing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Madang.Tests.Operations.Cap;

/// <summary>Feeds of other agencies are looked at, and what is new in them comes in as if it had been handed in.</summary>
public sealed class CapFeedTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task Warnings_of_another_city_are_taken_once_and_end_when_it_says_so(Engine engine)
    {
        await using var agency = await Agency.Start();
        await using var other = await Sta.Start(Engine.Sqlite, settings => settings["Sensing:PublicUrl"] = agency.Url, new TestClock(new DateTimeOffset(2026, 7, 19, 0, 0, 0, TimeSpan.Zero)));
        agency.Serve(other.City.Client);
        await using var sta = await Open(engine, agency.Url + "cap/feed?data=simulated");
        await sta.AddNeighbour();
        await sta.Pull();
        Assert.Null(sta.State().Problem);

        var one = await other.CreateDatastream();
        await other.PutRule("dust", CapScene.Public(RuleTrialTests.Rule("datastream", CapScene.Reading, AlertScene.High)));
        await other.Observe(one, (1, 80));
        await Says(other, 1);
        await sta.Pull(61);
        var taken = Assert.Single(await Received(sta));
        Assert.Equal(("Alert", "Test"), ((string)taken["kind"]!, (string)taken["status"]!));

        // Nothing new: the feed is asked whether it changed, and no message is fetched again.
        var asked = agency.Answers.Count;
        await sta.Pull(61);
        Assert.Equal([304], agency.Answers.Skip(asked));
        await other.Observe(one, (2, 10));
        await Says(other, 2);
        await sta.Pull(61);
        var received = await Received(sta);
        Assert.Equal(["Cancel", "Alert"], received.Select(warning => (string)warning["kind"]!));
        Assert.NotNull(received[1]["endedAt"]);

        // The same bytes by the other door are the same warning.
        var body = await (await other.City.Client.GetAsync(new Uri(agency.Links.First()).AbsolutePath, Cancel)).Content.ReadAsStringAsync(Cancel);
        using var again = await sta.City.Client.PostAsync("/cap/in", new StringContent(body, System.Text.Encoding.UTF8, "application/cap+xml"), Cancel);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task A_feed_that_fails_is_asked_more_rarely_and_officials_see_why()
    {
        await using var agency = await Agency.Start();
        await using var sta = await Open(Engine.Sqlite, agency.Url + "cap/feed");
        await sta.Pull();
        Assert.Equal("there is no provider 'neighbour'", sta.State().Problem);
        await sta.AddNeighbour();
        agency.Status = 503;
        await sta.Pull(121);
        Assert.Equal(("503", 2), (sta.State().Problem, sta.State().Failures));
        await sta.Pull(61);
        Assert.Equal(2, sta.State().Failures);
        (agency.Status, agency.Body) = (200, "<!DOCTYPE x><feed/>");
        await sta.Pull(241);
        Assert.StartsWith("body is not XML that is taken here", sta.State().Problem, StringComparison.Ordinal);
        agency.Body = "<html/>";
        await sta.Pull(481);
        Assert.Equal("body is no Atom feed and no CAP 1.2 message", sta.State().Problem);
        agency.Body = new string(' ', CapReader.MostBytes + 1);
        await sta.Pull(1_000);
        Assert.Equal("is larger than 1048576 bytes", sta.State().Problem);
        Assert.Contains("is larger than", await sta.City.Client.GetStringAsync("/alerts", Cancel), StringComparison.Ordinal);

        agency.Body = """<feed xmlns="http://www.w3.org/2005/Atom"><id>x</id></feed>""";
        await sta.Pull(2_000);
        Assert.Equal((null, 0), (sta.State().Problem, sta.State().Failures));
        Assert.DoesNotContain("is larger than", await sta.City.Client.GetStringAsync("/alerts", Cancel), StringComparison.Ordinal);
    }

    private static Task<Sta> Open(Engine engine, string feed) => Sta.Start(
        engine, settings => (settings["Sensing:WebhooksInside"], settings["Operations:CapFeeds:0:Url"], settings["Operations:CapFeeds:0:Provider"]) = ("true", feed, "neighbour"), new TestClock(new DateTimeOffset(2026, 7, 19, 0, 0, 0, TimeSpan.Zero)));

    /// <summary>Waits until a city's feed has so many messages.</summary>
    private static async Task Says(Sta city, int count)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while ((await city.Feed()).Elements(CapScene.Atom + "entry").Count() != count)
        {
            Assert.False(patience.IsCancellationRequested, $"the feed has not {count} messages");
            await Task.Delay(50, Cancel);
        }
    }

    private static async Task<IReadOnlyList<JsonNode>> Received(Sta sta) => [.. (await sta.Get("/api/cap/received"))["value"]!.AsArray().OfType<JsonNode>()];

    /// <summary>A server of somebody else, that answers what a city says, or what it is told to.</summary>
    private sealed class Agency(WebApplication app) : IAsyncDisposable
    {
        private HttpClient? city;

        public System.Collections.Concurrent.ConcurrentQueue<int> Answers { get; } = new();

        public System.Collections.Concurrent.ConcurrentQueue<string> Links { get; } = new();

        public int Status { get; set; } = 200;

        public string Body { get; set; } = "";

        public string Url => app.Urls.First() + "/";

        public void Serve(HttpClient behind) => city = behind;

        public static async Task<Agency> Start()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            var app = builder.Build();
            app.Urls.Add("http://127.0.0.1:0");
            var agency = new Agency(app);
            app.Run(agency.Answer);
            await app.StartAsync(Cancel);
            return agency;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private async Task Answer(HttpContext context)
        {
            if (city is null)
            {
                context.Response.StatusCode = Status;
                await context.Response.WriteAsync(Body, Cancel);
                return;
            }

            using var request = new HttpRequestMessage(HttpMethod.Get, context.Request.Path + context.Request.QueryString);
            if (context.Request.Headers.IfNoneMatch.ToString() is { Length: > 0 } mark)
            {
                request.Headers.TryAddWithoutValidation(HeaderNames.IfNoneMatch, mark);
            }

            using var answer = await city.SendAsync(request, Cancel);
            context.Response.StatusCode = (int)answer.StatusCode;
            if (answer.Headers.ETag is { } tag)
            {
                context.Response.Headers.ETag = tag.ToString();
            }

            Answers.Enqueue(context.Response.StatusCode);
            if (context.Request.Path.Value!.EndsWith(".xml", StringComparison.Ordinal))
            {
                Links.Enqueue(Url.TrimEnd('/') + context.Request.Path);
            }

            if (answer.StatusCode == HttpStatusCode.OK)
            {
                await context.Response.Body.WriteAsync(await answer.Content.ReadAsByteArrayAsync(Cancel), Cancel);
            }
        }
    }
}

/// <summary>What a test does with the feeds of a city.</summary>
internal static class CapFeedScene
{
    /// <summary>How it goes with the one feed.</summary>
    public static CapFeedState State(this Sta sta) => sta.City.Services.GetRequiredService<FeedPuller>().States.Single();

    /// <summary>The provider in whose name the feed's warnings come in.</summary>
    public static async Task AddNeighbour(this Sta sta)
    {
        var department = (long)(await sta.Post("/api/departments", """{ "code": "safety", "nameKo": "안전과", "nameEn": "Safety" }"""))["id"]!;
        await sta.Post("/api/providers", $$"""{ "code": "neighbour", "name": "이웃 도시", "department": {{department}} }""");
    }

    /// <summary>Time passes, and the feeds are looked at.</summary>
    public static Task Pull(this Sta sta, double seconds = 0)
    {
        sta.City.Clock!.Advance(TimeSpan.FromSeconds(seconds));
        return sta.City.Services.GetRequiredService<FeedPuller>().Turn(TestContext.Current.CancellationToken);
    }
}
