using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Madang.Kernel;
using Madang.Sensing.Webhooks;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Madang.Tests.Sensing;

public sealed class WebhookTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task An_address_is_told_signed_of_what_meets_its_query_and_of_nothing_else(Engine engine)
    {
        await using var receiver = await Receiver.Start();
        await using var sta = await Start(engine);
        var (first, second) = (await sta.CreateDatastream(), await sta.CreateDatastream("종로 2"));
        var made = await Make(sta, receiver.Url, $"Datastreams({first})/Observations?$filter=result gt 35&$select=result,phenomenonTime");

        await sta.Observe(second, (0, 90));
        await sta.Observe(first, (0, 20), (1, 36), (2, 37));
        var (headers, body) = await receiver.Next();

        Assert.Equal([36, 37], JsonNode.Parse(body)!["value"]!.AsArray().Select(each => (int)each!["result"]!));
        Assert.Equal(WebhookMessage.Sign((string)made["secret"]!, headers["webhook-id"], long.Parse(headers["webhook-timestamp"], null), body), headers["webhook-signature"]);
        await Until(async () => (int)(await Hook(sta))["delivered"]! == 1);
        Assert.Equal(("on", 0, "204"), ((string)(await Hook(sta))["state"]!, (int)(await Hook(sta))["waiting"]!, (string)(await Hook(sta))["lastOutcome"]!));
        Assert.Empty(receiver.Messages);
    }

    [Theory, BothEngines]
    public async Task What_is_not_taken_is_tried_again_in_order_until_it_is_given_up(Engine engine)
    {
        var clock = new TestClock();
        await using var receiver = await Receiver.Start();
        await using var sta = await Start(engine, clock);
        var datastream = await sta.CreateDatastream();
        await Make(sta, receiver.Url, "Observations");
        receiver.Status = 503;

        await sta.Observe(datastream, (0, 1));
        await sta.Observe(datastream, (1, 2));
        await Until(async () => (int)(await Hook(sta))["waiting"]! == 2);
        for (var attempt = 0; attempt < 8; attempt++)
        {
            Assert.Equal(1, (int)JsonNode.Parse((await receiver.Next()).Body)!["value"]![0]!["result"]!);
            await Until(async () => await Hook(sta) is var hook && ((string?)hook["lastAt"], (string?)hook["lastOutcome"]) == (IsoTime.Write(clock.GetUtcNow()), "503"));
            clock.Advance(TimeSpan.FromHours(6));
            sta.City.Services.GetRequiredService<WebhookSender>().Wake();
        }

        await Until(async () => (string)(await Hook(sta))["state"]! == "failing");
        Assert.Equal(2, (int)(await Hook(sta))["waiting"]!);
        receiver.Status = 204;
        await sta.Send(HttpMethod.Put, "/api/webhooks/1/state", """{ "on": true }""", HttpStatusCode.NoContent);
        Assert.Equal(1, (int)JsonNode.Parse((await receiver.Next()).Body)!["value"]![0]!["result"]!);
        Assert.Equal(2, (int)JsonNode.Parse((await receiver.Next()).Body)!["value"]![0]!["result"]!);
    }

    [Theory, BothEngines]
    public async Task What_is_hidden_from_the_public_is_told_to_nobody_and_webhooks_are_their_makers(Engine engine)
    {
        await using var city = await ClosedCity.Start(engine);
        var department = await city.Department("d");
        var (hidden, other) = (await city.Provider("h", department, isPublic: false), await city.Provider("o", department));
        var (own, stranger) = (city.With((await city.Key(hidden)).Secret), city.With((await city.Key(other)).Secret));
        await ClosedCity.Send(own, HttpMethod.Post, "/sta/v1.1/Things", Sta.Thing(), HttpStatusCode.Created);
        await ClosedCity.Send(own, HttpMethod.Post, "/api/webhooks", """{ "name": "n", "url": "https://192.88.99.1/", "query": "Observations" }""", HttpStatusCode.Created);
        await ClosedCity.Send(own, HttpMethod.Post, "/sta/v1.1/Datastreams(1)/Observations", """{ "result": 1 }""", HttpStatusCode.Created);

        Assert.Empty((await ClosedCity.Send(stranger, HttpMethod.Get, "/api/webhooks", null, HttpStatusCode.OK))!.AsArray());
        await ClosedCity.Send(stranger, HttpMethod.Delete, "/api/webhooks/1", null, HttpStatusCode.NotFound);
        await ClosedCity.Send(city.With(null), HttpMethod.Get, "/api/webhooks", null, HttpStatusCode.Unauthorized);
        var hook = Assert.Single((await ClosedCity.Send(own, HttpMethod.Get, "/api/webhooks", null, HttpStatusCode.OK))!.AsArray());
        Assert.Equal(0, (int)hook!["waiting"]! + (int)hook["delivered"]!);
        await ClosedCity.Send(own, HttpMethod.Delete, "/api/webhooks/1", null, HttpStatusCode.NoContent);
    }

    [Theory, BothEngines]
    public async Task An_address_or_query_that_cannot_be_is_refused_by_name(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        async Task<string> Refused(string url, string query) =>
            (string)(await sta.Post("/api/webhooks", new JsonObject { ["name"] = "n", ["url"] = url, ["query"] = query }.ToJsonString(), HttpStatusCode.BadRequest))["field"]!;

        foreach (var url in new[] { "http://example.org/", "ftp://example.org/", "https://me:secret@example.org/", "https://127.0.0.1/", "https://[::1]/", "https://10.1.2.3/", "https://[::ffff:10.1.2.3]/", "https://foo.localhost./", "https://x.internal/", "https://x.LOCAL/", "https://router/", "https://x.home.arpa/", "nothing" })
        {
            Assert.Equal("url", await Refused(url, "Observations"));
        }

        var inside = await Assert.ThrowsAsync<InvalidInputException>(() => WebhookTargets.DemandOutside(new Uri("https://localhost/hook"), Cancel));
        Assert.Contains("'localhost' leads to no public address", inside.Message, StringComparison.Ordinal);
        Assert.Equal("query", await Refused("https://example.org/", "Things"));
        Assert.Equal("query", await Refused("https://example.org/", "Observations?$top=5"));
        Assert.Equal("$filter", await Refused("https://example.org/", "Observations?$filter=result gt"));
    }

    [Fact]
    public async Task A_name_that_leads_inside_is_not_called()
    {
        using var client = WebhookTargets.Client(inside: false);
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("https://localhost:1/"), Cancel));
        Assert.Contains("inside", refused.Message + refused.InnerException?.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => WebhookTargets.Read("https://169.254.169.254/latest", inside: false));
    }

    [Fact]
    public void Signatures_are_those_of_standard_webhooks() => // The example of its own libraries' tests.
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", WebhookMessage.Sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}"""));

    private static Task<Sta> Start(Engine engine, TestClock? clock = null) => Sta.Start(engine, settings => settings["Sensing:WebhooksInside"] = "true", clock);

    private static Task<JsonNode> Make(Sta sta, string url, string query) =>
        sta.Post("/api/webhooks", new JsonObject { ["name"] = "시험", ["url"] = url, ["query"] = query }.ToJsonString());

    private static async Task<JsonNode> Hook(Sta sta) => (await sta.City.Client.GetFromJsonAsync<JsonArray>("/api/webhooks", Cancel))![0]!;

    private static async Task Until(Func<Task<bool>> done)
    {
        for (var tries = 0; !await done(); tries++)
        {
            Assert.True(tries < 400, "It did not come to pass.");
            await Task.Delay(25, Cancel);
        }
    }

    /// <summary>A server of somebody else that is told.</summary>
    private sealed class Receiver(WebApplication app) : IAsyncDisposable
    {
        public ConcurrentQueue<(Dictionary<string, string> Headers, string Body)> Messages { get; } = [];

        public int Status { get; set; } = 204;

        public string Url => app.Urls.First() + "/hook";

        public static async Task<Receiver> Start()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            var app = builder.Build();
            app.Urls.Add("http://127.0.0.1:0");
            var receiver = new Receiver(app);
            app.Run(async context =>
            {
                using var reader = new StreamReader(context.Request.Body);
                var message = (context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()), await reader.ReadToEndAsync(Cancel));
                context.Response.StatusCode = receiver.Status;
                receiver.Messages.Enqueue(message);
            });
            await app.StartAsync(Cancel);
            return receiver;
        }

        public async Task<(Dictionary<string, string> Headers, string Body)> Next()
        {
            (Dictionary<string, string>, string) message = default;
            await Until(() => Task.FromResult(Messages.TryDequeue(out message)));
            return message;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
