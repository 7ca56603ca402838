using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Operations.Automations;

/// <summary>A server that is killed between an incident and what it starts does it after the restart, once.</summary>
public sealed class AutomationKillTests
{
    private const int Incidents = 6;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task What_happened_before_a_kill_makes_its_task_after_it_once(Engine engine)
    {
        await using var store = await TestStore.Create(engine);
        var settings = store.Settings.Where(setting => setting.Value is not null).ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value!);
        var opened = new List<long>();
        for (var round = 0; round < KillRounds.Number; round++)
        {
            await using var server = RealServer.Start(settings, "serve", "--open", "--urls", "http://127.0.0.1:0");
            await server.UntilServing();
            using var client = new HttpClient { BaseAddress = server.Url };
            if (round == 0)
            {
                await Send(client, HttpMethod.Put, "/api/automations/look", $$"""{ "automation": {{AutomationScene.Automation(AutomationScene.Fire, AutomationScene.Task, isDry: true, """, "mostPerHour": 60""")}}, "isOn": true }""");
                await Send(client, HttpMethod.Put, "/api/automations/look", $$"""{ "automation": {{AutomationScene.Automation(AutomationScene.Fire, AutomationScene.Task, more: """, "mostPerHour": 60""")}}, "isOn": true }""");
            }

            for (var incident = 0; incident < Incidents; incident++)
            {
                opened.Add((long)(await Send(client, HttpMethod.Post, "/api/incidents", """{ "kind": "fire", "title": "불" }"""))!["id"]!);
            }

            await Task.Delay(Random.Shared.Next(60), Cancel);
            server.Kill();
        }

        await using var city = await TestCity.Start(store);
        IReadOnlyList<long> done = [];
        for (var patience = 0; done.Count < opened.Count && patience < 200; patience++)
        {
            await Task.Delay(100, Cancel);
            done = [.. (await city.Client.GetFromJsonAsync<JsonNode>("/api/tasks?state=all&top=500", Cancel))!["value"]!.AsArray().Select(task => (long)task!["incident"]!)];
        }

        Assert.Equal(opened.Take(60).Order(), done.Order());
        var runs = (await city.Client.GetFromJsonAsync<JsonNode>("/api/automations/look/runs?top=200", Cancel))!["value"]!.AsArray();
        Assert.Equal(done.Count, runs.Count(run => (string)run!["state"]! == "done"));
    }

    private static async Task<JsonNode?> Send(HttpClient client, HttpMethod method, string path, string json)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        using var answer = await client.SendAsync(request, Cancel);
        var body = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonNode.Parse(body);
    }
}
