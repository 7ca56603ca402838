using System.Net;
using System.Text.Json.Nodes;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing;

namespace Madang.Tests.Operations.Rules;

/// <summary>A city whose clock stands at the first minute of <see cref="Sta.At"/>, with rules that judge and the alerts they raise.</summary>
internal static class AlertScene
{
    public const string High = """{ "name": "high", "from": 75, "holdMinutes": 0, "lift": 35 }""", Higher = """{ "name": "higher", "from": 150, "holdMinutes": 0, "lift": 75 }""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static Task<Sta> Open(Engine engine) => Sta.Start(engine, clock: new TestClock(new DateTimeOffset(2026, 7, 19, 0, 0, 0, TimeSpan.Zero)));

    public static Task<JsonNode> PutRule(this Sta sta, string id, string rule, bool isOn = true, HttpStatusCode expected = HttpStatusCode.OK) =>
        sta.Send(HttpMethod.Put, "/api/rules/" + id, $$"""{ "rule": {{rule}}, "isOn": {{(isOn ? "true" : "false")}} }""", expected);

    public static async Task<IReadOnlyList<JsonNode>> Alerts(this Sta sta, string query = "state=all") => [.. (await sta.Get("/api/alerts?" + query))["value"]!.AsArray().OfType<JsonNode>()];

    /// <summary>The alerts of a rule, when they are as they should be.</summary>
    public static async Task<IReadOnlyList<JsonNode>> Until(this Sta sta, Func<IReadOnlyList<JsonNode>, bool> holds, string query = "state=all")
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        while (true)
        {
            var alerts = await sta.Alerts(query);
            if (holds(alerts))
            {
                return alerts;
            }

            Assert.False(patience.IsCancellationRequested, "the alerts are " + string.Join('\n', alerts.Select(alert => alert.ToJsonString())) + "\n" + string.Join('\n', alerts.Count > 0 ? await sta.Story(alerts[0]) : []));
            await Task.Delay(20, Cancel);
        }
    }

    /// <summary>What happened to an alert: each act with its level, value and the time of its data.</summary>
    public static async Task<IReadOnlyList<string>> Story(this Sta sta, JsonNode alert) =>
        [.. (await sta.Get($"/api/alerts/{(long)alert["id"]!}"))["entries"]!.AsArray().Select(entry => FormattableString.Invariant($"{(string)entry!["act"]!} {(string?)entry["level"]} {(double?)entry["value"]} {((string?)entry["moment"])?[11..16]}"))];

    public static bool IsOpen(JsonNode alert) => alert["liftedAt"] is null;
}
