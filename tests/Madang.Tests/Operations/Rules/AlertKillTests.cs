using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Madang.Kernel;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing;

namespace Madang.Tests.Operations.Rules;

/// <summary>A server that is killed between store and rule raises its alerts after the restart, each once.</summary>
public sealed class AlertKillTests
{
    private const int Sensors = 8;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task What_was_stored_before_a_kill_is_said_after_it_once(Engine engine)
    {
        await using var store = await TestStore.Create(engine);
        var settings = store.Settings.Where(setting => setting.Value is not null).ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value!);
        var stored = new List<string>();
        for (var round = 0; round < KillRounds.Number; round++)
        {
            await using var server = RealServer.Start(settings, "serve", "--open", "--urls", "http://127.0.0.1:0");
            await server.UntilServing();
            using var client = new HttpClient { BaseAddress = server.Url };
            if (round == 0)
            {
                await Put(client, "dust", RuleTrialTests.Rule("datastream", """{ "kind": "reading" }""", AlertScene.High));
                var all = KillRounds.Number * Sensors;
                await Put(client, "crowd", RuleTrialTests.Rule("city", """{ "kind": "count", "rule": "dust", "withinMinutes": 0 }""", $$"""{ "name": "some", "from": 1, "holdMinutes": 0, "lift": 1 }, { "name": "all", "from": {{all}}, "holdMinutes": 0, "lift": {{all}} }"""));
                await Put(client, "hours", RuleTrialTests.Rule("datastream", """{ "kind": "mean", "stepMinutes": 10, "complete": 0 }""", AlertScene.High));
            }

            for (var sensor = 0; sensor < Sensors; sensor++)
            {
                stored.Add(await Sensor(client, $"{round}/{sensor}"));
            }

            await Task.Delay(Random.Shared.Next(60), Cancel);
            server.Kill();
        }

        await using var city = await TestCity.Start(store);
        IReadOnlyList<(string Rule, string Subject)> raised = [];
        string? crowd = null;
        for (var patience = 0; (raised.Count < (stored.Count * 2) + 1 || crowd != "all") && patience < 200; patience++)
        {
            await Task.Delay(100, Cancel);
            raised = await Raised(city.Client);
            crowd = (string?)(await city.Client.GetFromJsonAsync<JsonNode>("/api/alerts?rule=crowd", Cancel))!["value"]!.AsArray().SingleOrDefault()?["level"];
        }

        // What goes by the alerts of all has counted each of them, and is said once too.
        Assert.Equal(stored.SelectMany(one => new[] { ("dust", one), ("hours", one) }).Append(("crowd", "city")).Order(), raised.Order());
        Assert.Equal("all", crowd);
    }

    private static async Task Put(HttpClient client, string id, string rule)
    {
        using var answer = await client.PutAsync("/api/rules/" + id, new StringContent($$"""{ "rule": {{rule}} }""", Encoding.UTF8, "application/json"), Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }

    /// <summary>A sensor with a reading that is too high, and one an hour later by its own clock; answers its Datastream.</summary>
    private static async Task<string> Sensor(HttpClient client, string name)
    {
        var now = TimeProvider.System.GetUtcNow();
        var readings = $$"""[{ "phenomenonTime": "{{IsoTime.Write(now)}}", "result": 99 }, { "phenomenonTime": "{{IsoTime.Write(now.AddHours(1))}}", "result": 50 }]""";
        using var answer = await client.PostAsync("/sta/v1.1/Things", new StringContent(Sta.Thing(name).Replace("\"ObservedProperty\"", $"\"Observations\": {readings}, \"ObservedProperty\"", StringComparison.Ordinal), Encoding.UTF8, "application/json"), Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
        return ((long)(await client.GetFromJsonAsync<JsonNode>(answer.Headers.Location + "/Datastreams", Cancel))!["value"]![0]!["@iot.id"]!).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Every raising that was said: of alerts by their stories, of those that stand for many by their members.</summary>
    private static async Task<IReadOnlyList<(string, string)>> Raised(HttpClient client)
    {
        var raised = new List<(string, string)>();
        foreach (var alert in (await client.GetFromJsonAsync<JsonNode>("/api/alerts?state=all&top=500", Cancel))!["value"]!.AsArray())
        {
            var story = (await client.GetFromJsonAsync<JsonNode>($"/api/alerts/{(long)alert!["id"]!}", Cancel))!;
            var acts = story["entries"]!.AsArray().Select(entry => (string)entry!["act"]!).ToList();
            var rule = (string)alert["ruleId"]!;
            raised.AddRange((bool)alert["isStorm"]!
                ? story["members"]!.AsArray().Select(member => (rule, (string)member!["subject"]!))
                : acts.Contains("folded") ? [] : acts.Where(act => act == "raised").Select(_ => (rule, (string)alert["subject"]!)));
        }

        return raised;
    }
}
