using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Operations.Automations;
using Madang.Tests.Operations.Rules;
using Madang.Tests.Sensing;

namespace Madang.Tests.Operations.Duty;

/// <summary>Rosters that several people write, with people in them who may hold duty no more.</summary>
public sealed class DutyRosterTests
{
    private const string Path = "/api/duty/rosters/air";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task Who_writes_over_what_he_has_not_read_is_refused(Engine engine)
    {
        await using var sta = await DutyScene.Open(engine);
        var first = await Send(sta, HttpMethod.Put, Plan(""), ("If-None-Match", "*"));
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Send(sta, HttpMethod.Put, Plan(""), ("If-None-Match", "*"))).Status);
        var second = await Send(sta, HttpMethod.Put, Plan("", "10"), ("If-Match", first.Tag!));
        var late = await Send(sta, HttpMethod.Put, Plan("", "20"), ("If-Match", first.Tag!));
        Assert.Equal((HttpStatusCode.PreconditionFailed, "roster-changed"), (late.Status, (string?)late.Body!["code"]));
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Send(sta, HttpMethod.Put, Plan(""), ("If-Match", "\"x\""))).Status);

        var read = await Send(sta, HttpMethod.Get);
        Assert.Equal((second.Tag, 10, $"\"{(long)read.Body!["version"]!}\""), (read.Tag, (int)read.Body["plan"]!["steps"]![0]!["waitMinutes"]!, read.Tag));
        Assert.NotEqual(first.Tag, second.Tag);
        await sta.Put(Path, Plan("", "30"));
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Send(sta, HttpMethod.Delete, null, ("If-Match", second.Tag!))).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await Send(sta, HttpMethod.Delete, null, ("If-Match", (await Send(sta, HttpMethod.Get)).Tag!))).Status);
        await sta.Get(Path, HttpStatusCode.NotFound);
        await sta.Delete(Path, HttpStatusCode.NotFound);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Send(sta, HttpMethod.Put, Plan(""), ("If-Match", first.Tag!))).Status);
    }

    [Theory, BothEngines]
    public async Task Of_two_who_write_at_once_one_is_refused(Engine engine)
    {
        await using var sta = await DutyScene.Open(engine);
        var tag = (await Send(sta, HttpMethod.Put, Plan(""))).Tag!;
        var answers = await Task.WhenAll(Enumerable.Range(1, 4).Select(wait => Send(sta, HttpMethod.Put, Plan("", wait.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("If-Match", tag))));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.PreconditionFailed, HttpStatusCode.PreconditionFailed, HttpStatusCode.PreconditionFailed], answers.Select(answer => answer.Status).Order());
    }

    [Theory, BothEngines]
    public async Task The_shifts_of_who_was_locked_out_may_stay_or_go_and_no_new_one_is_made(Engine engine)
    {
        await using var sta = await DutyScene.Open(engine);
        var people = await sta.AddPeople("first", "second");
        var standing = DutyScene.Shift(1, people[0]);
        await sta.Put(Path, Plan(standing));
        sta.City.Clock!.Advance(TimeSpan.FromHours(1));
        await Lock(sta, people[0]);

        var written = await sta.Put(Path, Plan(standing + "," + DutyScene.Shift(2, people[1])));
        Assert.Equal([people[0]], written["idle"]!.AsArray().Select(person => (string)person!));
        Assert.Equal([null, people[1]], (await sta.Get("/api/duty"))[0]!["holders"]!.AsArray().Select(holder => (string?)holder!["person"]));
        Assert.Equal(people[0], (string?)(await sta.Get("/api/duty?at=2026-07-19T00:30:00Z"))[0]!["holders"]![0]!["person"]);
        Assert.Equal("shifts[1].person", await sta.Field(HttpMethod.Put, Path, Plan(standing + "," + DutyScene.Shift(2, people[0]))));
        Assert.Equal("shifts[0].person", await sta.Field(HttpMethod.Put, Path, Plan(DutyScene.Shift(1, people[0], until: "2026-07-22T00:00:00Z"))));
        await sta.Put(Path, Plan(DutyScene.Shift(1, people[0], until: "2026-07-20T00:00:00Z")));
        Assert.Empty((await sta.Put(Path, Plan("")))["idle"]!.AsArray());
    }

    [Theory, BothEngines]
    public async Task Who_lost_the_role_is_told_nothing_and_his_step_counts_as_held_by_nobody(Engine engine)
    {
        await using var sta = await DutyScene.Open(engine);
        var people = await sta.AddPeople("first", "second");
        await sta.PutRoster("\"dust\"", 10, people);
        await sta.PutDust(AlertScene.High + "," + AlertScene.Higher);
        var one = await sta.CreateDatastream();
        await sta.Observe(one, (1, 80));
        await sta.Until(alerts => alerts.Count == 1);
        await sta.Turn();
        Assert.Equal(["raised 1 email"], await sta.Told(people));

        await EndRoles(sta, people[0]);
        await sta.Observe(one, (2, 200));
        await sta.Until(alerts => (string?)alerts[0]["level"] == "higher");
        await sta.Turn();
        await sta.Raise("종로 2");
        await sta.UntilMessages(messages => messages.Count == 2);

        // The second alert does not wait at a step that nobody holds.
        Assert.Equal(["raised 1 email", "escalated 2 email"], await sta.Told(people));
        Assert.Equal([people[0]], (await sta.Get(Path))["idle"]!.AsArray().Select(person => (string)person!));
    }

    [Theory, BothEngines]
    public async Task Scenarios_and_automations_tell_the_first_step_held_by_somebody_who_may(Engine engine)
    {
        await using var sta = await DutyScene.Open(engine);
        var people = await sta.AddPeople("first", "second");
        await sta.PutRoster("\"*\"", 10, people);
        await EndRoles(sta, people[0]);
        await sta.Post("/api/scenarios/large-fire/start", """{ "stage": "respond" }""");
        await sta.PutAutomation("tell", AutomationScene.Automation("""{ "kind": "every", "minutes": 5 }""", """{ "kind": "send", "text": { "ko": "알림", "en": "Hello" }, "rosters": ["air"] }""", isDry: true));
        await sta.PutAutomation("tell", AutomationScene.Automation("""{ "kind": "every", "minutes": 5 }""", """{ "kind": "send", "text": { "ko": "알림", "en": "Hello" }, "rosters": ["air"] }"""));
        sta.City.Clock!.Advance(TimeSpan.FromMinutes(5));
        await AutomationScene.Turn(sta);
        Assert.Equal("done sent 1", AutomationScene.Line((await sta.Runs("tell"))[0]));
        var told = await sta.Told(people);
        Assert.True(told.Count > 1);
        Assert.All(told, each => Assert.Equal("notice 2 email", each));
    }

    [Theory, BothEngines]
    public async Task A_message_that_waits_is_not_sent_to_who_lost_the_role_meanwhile(Engine engine)
    {
        await using var sta = await DutyScene.Open(engine);
        var people = await sta.AddPeople("first");
        await sta.PutRoster("\"dust\"", 1_000, people);
        await sta.Post("/api/messages/contacts", $$"""{ "name": "당직폰", "person": "{{people[0]}}", "quietFrom": "08:00", "quietUntil": "10:00" }""");
        await sta.PutDust();
        await sta.Raise();
        await sta.UntilMessages(messages => messages.Count == 1 && (string?)messages[0]["outcome"] == "quiet-hours");
        await EndRoles(sta, people[0]);
        await sta.Pass(61);

        var kept = Assert.Single(await sta.UntilMessages(messages => (string)messages[0]["state"]! != "waiting"));
        Assert.Equal(("failed", "no-role"), ((string)kept["state"]!, (string?)kept["outcome"]));
    }

    private static string Plan(string shifts, string wait = "10") =>
        $$"""{ "name": { "ko": "대기 당직", "en": "Air duty" }, "rules": ["dust"], "steps": [{ "waitMinutes": {{wait}} }, {}], "shifts": [{{shifts}}] }""";

    private static Task Lock(Sta sta, string person) => sta.Send(HttpMethod.Post, $"/api/people/{person}/lock", "{}", HttpStatusCode.NoContent);

    private static async Task EndRoles(Sta sta, string person)
    {
        foreach (var grant in (await sta.Get("/api/grants?person=" + person)).AsArray())
        {
            await sta.Delete($"/api/grants/{(long)grant!["id"]!}");
        }
    }

    private static async Task<(HttpStatusCode Status, string? Tag, JsonNode? Body)> Send(Sta sta, HttpMethod method, string? json = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, Path) { Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        var answer = await sta.City.Client.SendAsync(request, Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        return (answer.StatusCode, answer.Headers.ETag?.Tag, text.Length == 0 ? null : JsonNode.Parse(text));
    }
}
