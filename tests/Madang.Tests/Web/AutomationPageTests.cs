using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Operations.Automations;
using Madang.Tests.Operations.Incidents;
using Madang.Tests.Operations.Rules;
using Madang.Tests.Trust.Accounts;

namespace Madang.Tests.Web;

/// <summary>The pages of automations and of tasks: officials try, switch, take back and answer.</summary>
public sealed class AutomationPageTests
{
    [Theory, BothEngines]
    public async Task An_official_tries_switches_on_and_takes_back(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        await Visitor.AddPerson(sta.City);
        var kim = new Visitor(sta.City);
        await kim.SignIn();
        Assert.Equal(HttpStatusCode.Forbidden, (await kim.Get("/automations")).StatusCode);
        await Visitor.GiveRole(sta.City, "official");
        await sta.PutAutomation("look", AutomationScene.Automation(AutomationScene.Fire, AutomationScene.Task, isDry: true), isOn: false);
        await kim.Get("/automations");
        Assert.Matches("(?s)켜져 있습니다.*시험.*꺼짐.*화재 사건이 열릴 때, 안전총괄 부서에 30분 안에 할 일을 만듭니다.*실행한 적이 없습니다", kim.Page);

        await kim.Get("/automations/look");
        foreach (var act in (string[])["try", "live", "on"])
        {
            Assert.Equal($"/automations/look?done={act}", (await kim.Post("/automations/look", new() { ["act"] = act })).Headers.Location?.ToString());
        }

        await sta.OpenFire();
        await sta.UntilRuns("look", runs => runs.Count == 2);
        await kim.Get("/en/automations/look?done=on");
        Assert.Matches("(?s)It is on\\..*1 task was made\\..*Fire no\\. 1.*Take back.*1 task would be made\\..*Dry run", kim.Page);

        await kim.Get("/tasks");
        Assert.Matches("(?s)할 일이 1건 있고, 그 가운데 0건이 늦었습니다.*화재 1번을 살핍니다.*자동 처리.*사건 1번.*안전총괄 부서", kim.Page);
        await kim.Get("/automations/look");
        var run = (long)(await sta.Runs("look"))[0]["id"]!;
        Assert.Equal("/automations/look?done=undo", (await kim.Post("/automations/look", new() { ["act"] = "undo", ["run"] = $"{run}" })).Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/automations/look", new() { ["act"] = "undo", ["run"] = $"{run}" })).StatusCode);
        Assert.Contains("이미 되돌린 실행입니다", kim.Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/automations/look", new() { ["act"] = "dance" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await kim.Get("/automations/nothing")).StatusCode);
    }

    [Theory, BothEngines]
    public async Task Tasks_are_found_by_department_and_answered(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        await Visitor.AddPerson(sta.City);
        await Visitor.GiveRole(sta.City, "official");
        var department = (long)(await sta.Post("/api/departments", """{ "code": "traffic", "nameKo": "교통 부서", "nameEn": "Transport" }"""))["id"]!;
        await sta.Post("/api/scenarios/large-fire/start", """{ "stage": "respond" }""");
        sta.Advance(16);
        var kim = new Visitor(sta.City);
        await kim.SignIn();
        await kim.Get("/tasks");
        Assert.Matches("(?s)할 일이 4건 있고, 그 가운데 1건이 늦었습니다.*모든 부서의 과제.*대형 화재 대응", kim.Page);

        // Who works in a department sees its own first.
        await Visitor.GiveRole(sta.City, "official", department);
        await kim.Get("/tasks");
        Assert.Matches("(?s)우리 부서: 교통 부서.*기한 넘김", kim.Page);
        Assert.DoesNotContain("연락관을", kim.Page, StringComparison.Ordinal);
        Assert.Equal("/tasks?state=late&done=done", (await kim.Post("/tasks?state=late", new() { ["act"] = "done", ["task"] = "2", ["text"] = "통제했습니다" })).Headers.Location?.ToString());
        await kim.Get("/tasks?state=done&department=*");
        Assert.Contains("통제했습니다", kim.Page, StringComparison.Ordinal);
        await kim.Get("/tasks?department=*");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/tasks", new() { ["act"] = "declined", ["task"] = "1" })).StatusCode);
        await kim.Get("/en/tasks?data=simulated");
        Assert.Contains("There is nothing to do.", kim.Page, StringComparison.Ordinal);
    }
}
