using System.Net;
using System.Text.Json.Nodes;
using Madang.Tests.Sensing;

namespace Madang.Tests.Operations.Incidents;

/// <summary>Incidents as a person on this machine sees them; the city's clock stands at the first minute of <see cref="Sta.At"/>.</summary>
internal static class IncidentScene
{
    public static async Task<long> OpenIncident(this Sta sta, string more = "", string kind = "fire") =>
        (long)(await sta.Post("/api/incidents", $$"""{ "kind": "{{kind}}", "title": "시장 골목 화재"{{more}} }"""))["id"]!;

    public static Task<JsonNode> Act(this Sta sta, long id, string act, string body, HttpStatusCode expected = HttpStatusCode.NoContent) => sta.Post($"/api/incidents/{id}/{act}", body, expected);

    public static Task<JsonNode> Story(this Sta sta, long id) => sta.Get($"/api/incidents/{id}");

    /// <summary>Each entry: act, stage, the minute it has since and had before.</summary>
    public static IReadOnlyList<string> Log(JsonNode story) =>
        [.. story["entries"]!.AsArray().Select(entry => string.Join(' ', new[] { (string)entry!["act"]!, (string?)entry["stage"]?["code"], Minute(entry["moment"]), entry["before"] is null ? null : "was " + Minute(entry["before"]) }.OfType<string>()))];

    /// <summary>Each stage with its minute.</summary>
    public static IReadOnlyList<string> Stages(JsonNode incident) => [.. incident["stages"]!.AsArray().Select(stage => $"{(string)stage!["stage"]!["code"]!} {Minute(stage["at"])}{((bool)stage["isDoubtful"]! ? "?" : "")}")];

    /// <summary>Each golden time with what became of it.</summary>
    public static IReadOnlyList<string> Targets(JsonNode incident) => [.. incident["targets"]!.AsArray().Select(target => FormattableString.Invariant($"{(string)target!["from"]!["code"]!} {(string)target["to"]!["code"]!} {(string)target["state"]!} {(double?)target["elapsedMinutes"]}"))];

    public static string Body(string stage, int? minute = null, string? reason = null) =>
        $$"""{ "stage": "{{stage}}"{{(minute is { } at ? $", \"at\": \"{Sta.At(at)}\"" : "")}}{{(reason is null ? "" : $", \"reason\": \"{reason}\"")}} }""";

    public static void Advance(this Sta sta, int minutes) => sta.City.Clock!.Advance(TimeSpan.FromMinutes(minutes));

    private static string? Minute(JsonNode? at) => at is null ? null : ((string)at!)[11..16];
}
