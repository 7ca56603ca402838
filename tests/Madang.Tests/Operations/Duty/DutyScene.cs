using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Madang.Operations.Duty;
using Madang.Operations.Messages;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Operations.Rules;
using Madang.Tests.Sensing;
using Madang.Tests.Trust.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Operations.Duty;

/// <summary>A city with people on duty, a rule and readings that break it.</summary>
internal static class DutyScene
{
    public const string Reading = """{ "kind": "reading", "pauseMinutes": 60 }""";

    public static readonly DateTimeOffset Start = new(2026, 7, 19, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<Sta> Open(Engine engine, Action<IDictionary<string, string?>>? settings = null, Action<IServiceCollection>? services = null) =>
        new(await TestCity.Start(engine, settings, new TestClock(Start), services));

    /// <summary>The ids of new people who can be written to and act on alerts.</summary>
    public static async Task<IReadOnlyList<string>> AddPeople(this Sta sta, params string[] names)
    {
        var ids = new List<string>();
        foreach (var name in names)
        {
            await Visitor.AddPerson(sta.City, name + "@city.example");
            ids.Add(await Visitor.GiveRole(sta.City, "official", name: name + "@city.example"));
        }

        return ids;
    }

    /// <summary>A roster with one person a step, all day long.</summary>
    public static Task<JsonNode> PutRoster(this Sta sta, string rules, int wait, params IReadOnlyList<string> people) => sta.Put(
        "/api/duty/rosters/air",
        $$"""
        { "name": { "ko": "대기 당직", "en": "Air duty" }, "rules": [{{rules}}], "steps": [{{string.Join(',', people.Select(_ => $$"""{ "waitMinutes": {{wait}} }"""))}}],
          "shifts": [{{string.Join(',', people.Select((person, index) => (person, index)).Where(each => each.person.Length > 0).Select(each => Shift(each.index + 1, each.person)))}}] }
        """);

    public static string Shift(int step, string person, string from = "2026-07-19T00:00:00Z", string until = "2026-07-21T00:00:00Z") =>
        string.Create(CultureInfo.InvariantCulture, $$"""{ "step": {{step}}, "person": "{{person}}", "from": "{{from}}", "until": "{{until}}" }""");

    public static Task PutDust(this Sta sta, string levels = AlertScene.High) => sta.PutRule("dust", RuleTrialTests.Rule("datastream", Reading, levels));

    /// <summary>A new sensor that breaks the rule; answers the alert.</summary>
    public static async Task<JsonNode> Raise(this Sta sta, string name = "종로 1", int minute = 1)
    {
        var before = (await sta.Alerts()).Count;
        var one = await sta.CreateDatastream(name);
        await sta.Observe(one, (minute, 80));
        return (await sta.Until(alerts => alerts.Count == before + 1))[0];
    }

    /// <summary>Duty turns, and what is due is sent.</summary>
    public static async Task Turn(this Sta sta)
    {
        await sta.City.Services.GetRequiredService<DutyTurn>().Run(Cancel);
        await sta.City.Services.GetRequiredService<MessageSender>().SendDue(Cancel);
    }

    public static Task Pass(this Sta sta, double minutes)
    {
        sta.City.Clock!.Advance(TimeSpan.FromMinutes(minutes));
        return sta.Turn();
    }

    /// <summary>Every message in order: kind, recipient, channel.</summary>
    public static async Task<IReadOnlyList<string>> Told(this Sta sta, IReadOnlyList<string>? people = null, long? alert = null) =>
    [
        .. (await sta.Messages()).Reverse().Where(message => alert is null || (long?)message["alert"] == alert)
            .Select(message => $"{(string)message["kind"]!} {Name((string)message["recipient"]!, people ?? [])} {(string)message["channel"]!}"),
    ];

    public static async Task<IReadOnlyList<JsonNode>> Messages(this Sta sta, string query = "") => [.. (await sta.Get("/api/messages" + query))["value"]!.AsArray().OfType<JsonNode>()];

    /// <summary>The messages, when they are as they should be.</summary>
    public static async Task<IReadOnlyList<JsonNode>> UntilMessages(this Sta sta, Func<IReadOnlyList<JsonNode>, bool> holds)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        while (true)
        {
            var messages = await sta.Messages();
            if (holds(messages))
            {
                return messages;
            }

            Assert.False(patience.IsCancellationRequested, "the messages are " + string.Join('\n', messages.Select(message => message.ToJsonString())));
            await sta.Turn();
            await Task.Delay(20, Cancel);
        }
    }

    /// <summary>The field that a request is refused for.</summary>
    public static async Task<string> Field(this Sta sta, HttpMethod method, string path, string json) => (string)(await sta.Send(method, path, json, HttpStatusCode.BadRequest))["field"]!;

    private static string Name(string recipient, IReadOnlyList<string> people) =>
        recipient.Split(':') is ["person", var id] && people.ToList().IndexOf(id) is >= 0 and var index ? FormattableString.Invariant($"{index + 1}") : recipient;
}
