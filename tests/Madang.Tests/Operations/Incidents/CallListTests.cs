using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Operations.Duty;
using Madang.Tests.Trust.Accounts;

namespace Madang.Tests.Operations.Incidents;

/// <summary>Whom to call about an incident, and who sees the numbers.</summary>
public sealed class CallListTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task Who_is_on_duty_and_who_wants_to_know_is_called_and_that_is_recorded(Engine engine)
    {
        await using var sta = await DutyScene.Open(engine);
        var people = await sta.AddPeople("first", "second");
        await sta.PutRoster("\"large-fire\"", 10, people);
        await sta.Post("/api/messages/contacts", $$"""{ "name": "당직폰", "person": "{{people[0]}}", "phone": "010-0000-0000" }""");
        await sta.Post("/api/messages/contacts", """{ "name": "소방 상황실", "phone": "02-000-0000", "rules": ["large-fire"] }""");
        await sta.Post("/api/messages/contacts", """{ "name": "하천과", "phone": "02-000-0001", "rules": ["flood"] }""");
        var fire = await sta.OpenIncident();

        var list = await sta.Get($"/api/incidents/{fire}/calls");
        Assert.Equal([(1, people[0], "010-0000-0000"), (2, people[1], null)], list["duty"]!.AsArray().Select(duty => ((int)duty!["step"]!, (string)duty["person"]!, (string?)duty["phone"])));
        Assert.Equal([("소방 상황실", "02-000-0000")], list["contacts"]!.AsArray().Select(contact => ((string)contact!["name"]!, (string?)contact["phone"])));
        await sta.Get("/api/incidents/999/calls", HttpStatusCode.NotFound);
        Assert.Matches("(?s)전화할 곳.*대기 당직.*1차.*010-0000-0000.*소방 상황실.*02-000-0000", await sta.City.Client.GetStringAsync($"/incidents/{fire}/calls", Cancel));

        // The mayor reads incidents, and no numbers.
        await Visitor.AddPerson(sta.City, "mayor@city.example");
        await Visitor.GiveRole(sta.City, "mayor", null, "mayor@city.example");
        var mayor = new Visitor(sta.City);
        await mayor.SignIn("mayor@city.example");
        await mayor.Get($"/incidents/{fire}/calls");
        Assert.Contains("소방 상황실", mayor.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("010-0000-0000", mayor.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("02-000-0000", mayor.Page, StringComparison.Ordinal);
    }
}
