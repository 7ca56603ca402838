using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Operations.Rules;
using Madang.Tests.Trust.Accounts;

namespace Madang.Tests.Web;

/// <summary>The pages of alerts: everybody reads what is public, and an official acts.</summary>
public sealed class AlertPageTests
{
    [Theory, BothEngines]
    public async Task An_alert_is_read_by_everybody_and_acted_on_by_an_operator(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        await Visitor.AddPerson(sta.City);
        var kim = new Visitor(sta.City);
        await kim.Get("/alerts");
        Assert.Contains("지금 발령 중인 경보가 없습니다.", kim.Page, StringComparison.Ordinal);

        var one = await sta.CreateDatastream();
        await sta.PutRule("dust", RuleTrialTests.Rule("datastream", """{ "kind": "reading" }""", AlertScene.High).Replace("\"each\"", "\"isPublic\": true, \"each\"", StringComparison.Ordinal));
        await sta.Observe(one, (1, 80));
        var id = (long)(await sta.Until(alerts => alerts.Count == 1))[0]["id"]!;

        await kim.Get("/alerts?data=simulated");
        Assert.Matches("(?s)발령 중인 경보가 1건.*모의 데이터.*종로 1: high.*80 ㎍/㎥", kim.Page);
        await kim.Get($"/en/alerts/{id}");
        Assert.Matches("(?s)high is in force.*Raised", kim.Page);
        Assert.DoesNotContain("<form class=\"account-form\"", kim.Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await kim.Get("/alerts/999")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await kim.Get("/alerts/nonsense")).StatusCode);
        await kim.Get("/rules");
        Assert.Matches("(?s)초미세먼지\\(PM2.5\\) 주의보·경보.*시험.*모의 데이터", kim.Page);

        await kim.SignIn();
        Assert.Equal(HttpStatusCode.Forbidden, (await kim.Post($"/alerts/{id}", new() { ["act"] = "take" })).StatusCode);
        await Visitor.GiveRole(sta.City, "operator");
        await kim.Get($"/alerts/{id}");
        Assert.Equal($"/alerts/{id}?done=acknowledge", (await kim.Post($"/alerts/{id}", new() { ["act"] = "acknowledge", ["note"] = "나가 <b>봅니다</b>" })).Headers.Location?.ToString());
        await kim.Get($"/alerts/{id}?done=acknowledge");
        Assert.Matches("(?s)확인을 남겼습니다.*확인.*나가 &lt;b&gt;봅니다&lt;/b&gt;.*나</span>", kim.Page);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post($"/alerts/{id}", new() { ["act"] = "note" })).StatusCode);
        await kim.Get("/alerts?data=simulated");
        Assert.Contains("확인함", kim.Page, StringComparison.Ordinal);
    }
}
