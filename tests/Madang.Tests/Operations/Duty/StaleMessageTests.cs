using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Operations.Rules;

namespace Madang.Tests.Operations.Duty;

/// <summary>What is told of alerts that are over.</summary>
public sealed class StaleMessageTests
{
    [Theory, BothEngines]
    public async Task What_the_end_overtook_is_sent_no_more_and_says_why(Engine engine)
    {
        await using var sta = await DutyScene.Open(engine);
        var people = await sta.AddPeople("first");
        await sta.PutRoster("\"dust\"", 1_000, people);
        // 9 o'clock in Seoul; and no way for text messages is set.
        await sta.Post("/api/messages/contacts", $$"""{ "name": "당직폰", "person": "{{people[0]}}", "quietFrom": "08:00", "quietUntil": "10:00" }""");
        await sta.Post("/api/messages/contacts", """{ "name": "도시과", "phone": "02-000-0000", "rules": ["dust"] }""");
        await sta.PutDust();
        var one = await sta.CreateDatastream();
        await sta.Observe(one, (1, 80));
        await sta.Until(alerts => alerts.Count == 1);
        var failed = (await sta.UntilMessages(messages => messages.Count == 2 && messages.All(message => message["outcome"] is not null))).Single(message => (string)message["state"]! == "failed");

        await sta.Observe(one, (2, 10));
        await sta.Until(alerts => !AlertScene.IsOpen(alerts[0]));
        await sta.Turn();
        var stale = Assert.Single(await sta.Messages("?state=superseded"));
        Assert.Equal(("raised", "superseded", null), ((string)stale["kind"]!, (string?)stale["outcome"], (string?)stale["nextAt"]));
        Assert.Equal("message-stale", (string)(await sta.Post($"/api/messages/{(long)failed["id"]!}/retry", "{}", HttpStatusCode.Conflict))["code"]!);
        await sta.Post($"/api/messages/{(long)stale["id"]!}/retry", "{}", HttpStatusCode.Conflict);
        await sta.Pass(61);

        var sent = Assert.Single(await sta.UntilMessages(messages => messages.Any(message => (string)message["state"]! == "sent")), message => (string)message["state"]! == "sent");
        Assert.Equal("lifted", (string)sent["kind"]!);
        Assert.Equal(("raised", "failed", "no-door"), ((string)failed["kind"]!, (string)(await sta.Messages()).Single(message => (long)message["id"]! == (long)failed["id"]!)["state"]!, (string?)failed["outcome"]));
    }

    [Theory, BothEngines]
    public async Task An_alert_that_is_withdrawn_is_not_called_lifted(Engine engine)
    {
        await using var sta = await DutyScene.Open(engine);
        var people = await sta.AddPeople("first");
        await sta.PutRoster("\"dust\"", 1_000, people);
        await sta.PutDust();
        await sta.Raise();
        await sta.Turn();
        await sta.PutRule("dust", RuleTrialTests.Rule("datastream", DutyScene.Reading, AlertScene.High), isOn: false);
        var told = await sta.UntilMessages(messages => messages.Count == 2 && messages.All(message => (string)message["state"]! == "sent"));

        Assert.Equal(["raised 1 email", "withdrawn 1 email"], await sta.Told(people));
        Assert.EndsWith("경보 거둠", (string)told[0]["title"]!["ko"]!, StringComparison.Ordinal);
        Assert.EndsWith("withdrawn", (string)told[0]["title"]!["en"]!, StringComparison.Ordinal);
        Assert.Contains(await EscalationTests.Letters(sta.City), letter => letter.Contains("위험이 끝났다는 뜻은 아닙니다", StringComparison.Ordinal));
    }
}
