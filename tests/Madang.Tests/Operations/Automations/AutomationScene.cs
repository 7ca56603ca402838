using System.Net;
using System.Text.Json.Nodes;
using Madang.Operations.Automations;
using Madang.Tests.Operations.Incidents;
using Madang.Tests.Sensing;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Operations.Automations;

/// <summary>A city that does things by itself.</summary>
internal static class AutomationScene
{
    public const string Task = """{ "kind": "task", "text": { "ko": "{where}을 살핍니다", "en": "Look at {where}" }, "department": { "ko": "안전총괄 부서", "en": "Safety" }, "dueMinutes": 30 }""";

    public const string Fire = """{ "kind": "incident", "incident": "fire" }""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static string Automation(string when, string act, bool isDry = false, string more = "") => $$"""
        { "name": { "ko": "시험", "en": "Test" }, "owner": { "ko": "시험 부서", "en": "Test department" }, "isDry": {{(isDry ? "true" : "false")}}, "when": {{when}}, "do": {{act}}{{more}} }
        """;

    public static Task<JsonNode> PutAutomation(this Sta sta, string id, string automation, bool isOn = true, HttpStatusCode expected = HttpStatusCode.OK) =>
        sta.Put("/api/automations/" + id, $$"""{ "automation": {{automation}}, "isOn": {{(isOn ? "true" : "false")}} }""", expected);

    /// <summary>One that was dry first, and then on for real.</summary>
    public static async Task PutLive(this Sta sta, string id, string when, string act, string more = "")
    {
        await sta.PutAutomation(id, Automation(when, act, isDry: true, more));
        await sta.PutAutomation(id, Automation(when, act, isDry: false, more));
    }

    public static async Task<IReadOnlyList<JsonNode>> Runs(this Sta sta, string id) => [.. (await sta.Get($"/api/automations/{id}/runs"))["value"]!.AsArray().OfType<JsonNode>()];

    public static Task Turn(this Sta sta) => sta.City.Services.GetRequiredService<AutomationTurn>().Run(Cancel);

    /// <summary>The runs of an automation, when they are as they should be.</summary>
    public static async Task<IReadOnlyList<JsonNode>> UntilRuns(this Sta sta, string id, Func<IReadOnlyList<JsonNode>, bool> holds)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        while (true)
        {
            var runs = await sta.Runs(id);
            if (holds(runs))
            {
                return runs;
            }

            Assert.False(patience.IsCancellationRequested, "the runs are " + string.Join('\n', runs.Select(run => run.ToJsonString())));
            await System.Threading.Tasks.Task.Delay(20, Cancel);
        }
    }

    /// <summary>Each run in a line: state, outcome, how many, dry or not.</summary>
    public static string Line(JsonNode run) => $"{(string)run["state"]!} {(string)run["outcome"]!} {(int)run["count"]!}{((bool)run["isDry"]! ? " dry" : "")}";

    public static Task<JsonNode> Undo(this Sta sta, string id, JsonNode run, HttpStatusCode expected = HttpStatusCode.NoContent) => sta.Post($"/api/automations/{id}/runs/{(long)run["id"]!}/undo", "{}", expected);

    public static async Task<IReadOnlyList<JsonNode>> Tasks(this Sta sta, string state = "all") => [.. (await sta.Get("/api/tasks?state=" + state))["value"]!.AsArray().OfType<JsonNode>()];

    public static Task<long> OpenFire(this Sta sta, string more = "") => sta.OpenIncident(more);
}
