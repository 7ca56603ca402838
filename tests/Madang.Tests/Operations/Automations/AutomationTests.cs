using System.Net;
using Madang.Operations;
using Madang.Operations.Automations;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Operations.Duty;
using Madang.Tests.Operations.Incidents;
using Madang.Tests.Operations.Rules;
using Microsoft.Extensions.DependencyInjection;
using static Madang.Tests.Operations.Automations.AutomationScene;

namespace Madang.Tests.Operations.Automations;

/// <summary>What the city does by itself: once for what starts it, written down, and taken back.</summary>
public sealed class AutomationTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task An_incident_makes_a_task_once_and_the_run_is_taken_back(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        await sta.PutLive("look", Fire, AutomationScene.Task);
        await sta.OpenIncident(kind: "flood");
        await sta.OpenFire(""", "data": "simulated" """);
        var fire = await sta.OpenFire();

        var run = Assert.Single(await sta.UntilRuns("look", runs => runs.Count == 1));
        Assert.Equal(("done task-made 1", $"incident:{fire}:opened", fire, "real"), (Line(run), (string)run["cause"]!, (long)run["incident"]!, (string)run["data"]!));
        var task = Assert.Single(await sta.Tasks("open"));
        Assert.Equal(("automation", "look", $"화재 {fire}번을 살핍니다", "Safety", fire), ((string)task["scenario"]!, (string)task["stage"]!, (string)task["text"]!["ko"]!, (string)task["department"]!["en"]!, (long)task["incident"]!));

        // The fact comes again, and the server comes again.
        await sta.City.Services.GetRequiredService<AutomationReaction>().React(new IncidentChanged(fire, IncidentAct.Opened, "reported"), Cancel);
        await sta.City.Restart();
        await sta.City.Services.GetRequiredService<AutomationReaction>().React(new IncidentChanged(fire, IncidentAct.Opened, "reported"), Cancel);
        Assert.Single(await sta.Runs("look"));

        await sta.Undo("look", run);
        Assert.Equal("declined", (string)Assert.Single(await sta.Tasks())["state"]!);
        Assert.Equal("local", (string)Assert.Single(await sta.Runs("look"))["undoneBy"]!);
        await sta.Undo("look", run, HttpStatusCode.Conflict);
        await sta.Post("/api/automations/look/runs/999/undo", "{}", HttpStatusCode.NotFound);
        await sta.Post($"/api/automations/other/runs/{(long)run["id"]!}/undo", "{}", HttpStatusCode.NotFound);
    }

    [Theory, BothEngines]
    public async Task A_new_one_begins_dry_and_says_what_it_would_do(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        Assert.Equal("automation.isDry", await sta.Field(HttpMethod.Put, "/api/automations/look", $$"""{ "automation": {{Automation(Fire, AutomationScene.Task)}}, "isOn": true }"""));
        var written = await sta.PutAutomation("look", Automation(Fire, AutomationScene.Task, isDry: true));
        Assert.Equal("화재 사건이 열릴 때, 안전총괄 부서에 30분 안에 할 일을 만듭니다: “[일이 난 곳]을 살핍니다” 한 시간에 20번까지 실행하고, 더 잦으면 스스로 멈춥니다. 지금은 연습 중이라 무엇을 할지 적기만 합니다.", (string)written["says"]!["ko"]!);
        Assert.StartsWith("When an incident is opened (Fire), the city makes a task for Safety, due within 30 minutes:", (string)written["says"]!["en"]!, StringComparison.Ordinal);

        Assert.Equal("done task-made 1 dry", Line(await sta.Send(HttpMethod.Post, "/api/automations/look/try", "{}", HttpStatusCode.OK)));
        await sta.OpenFire();
        var runs = await sta.UntilRuns("look", runs => runs.Count == 2);
        Assert.All(runs, run => Assert.Equal("done task-made 1 dry", Line(run)));
        Assert.Empty(await sta.Tasks());
        await sta.Undo("look", runs[0], HttpStatusCode.Conflict);

        // What rests does nothing at all.
        await sta.PutAutomation("look", Automation(Fire, AutomationScene.Task), isOn: false);
        await sta.PutAutomation("beside", Automation(Fire, AutomationScene.Task, isDry: true));
        await sta.OpenFire();
        await sta.UntilRuns("beside", runs => runs.Count == 1);
        await sta.PutAutomation("look", Automation(Fire, AutomationScene.Task));
        await sta.OpenFire();
        await sta.UntilRuns("look", runs => runs.Count == 3);
        Assert.Single(await sta.Tasks());
    }

    [Theory, BothEngines]
    public async Task One_that_runs_too_often_pauses_itself_and_says_so(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        await sta.PutLive("look", Fire, AutomationScene.Task, """, "mostPerHour": 2 """);
        for (var fire = 0; fire < 3; fire++)
        {
            await sta.OpenFire();
        }

        var runs = await sta.UntilRuns("look", runs => runs.Count == 3);
        Assert.Equal(["held too-often 0", "done task-made 1", "done task-made 1"], runs.Select(Line));
        Assert.Empty((await sta.Get("/api/automations/look/runs?before=1"))["value"]!.AsArray());
        Assert.NotNull((await sta.Get("/api/automations/look"))["pausedAt"]);
        sta.Advance(61);
        await sta.PutAutomation("look", Automation(Fire, AutomationScene.Task));
        Assert.Null((await sta.Get("/api/automations/look"))["pausedAt"]);
        await sta.OpenFire();
        await sta.UntilRuns("look", runs => runs.Count == 4);
        Assert.Equal(3, (await sta.Tasks()).Count);
    }

    [Theory, BothEngines]
    public async Task The_clock_of_the_city_starts_one_once_and_not_what_is_long_past(Engine engine)
    {
        // 2026-07-19 is a Sunday; the clock stands at 9 in Seoul.
        await using var sta = await AlertScene.Open(engine);
        await sta.PutLive("day", """{ "kind": "clock", "time": "09:30", "days": ["sunday"] }""", """{ "kind": "report", "of": "day" }""");
        await sta.PutLive("weekday", """{ "kind": "clock", "time": "09:30", "days": ["monday"] }""", """{ "kind": "report", "of": "day" }""");
        await sta.PutLive("often", """{ "kind": "every", "minutes": 15 }""", """{ "kind": "report", "of": "day" }""");
        await sta.Turn();
        Assert.Empty(await sta.Runs("day"));
        await sta.OpenFire();
        sta.Advance(31);
        await sta.Turn();
        await sta.Turn();
        await sta.City.Restart();
        await sta.Turn();

        var run = Assert.Single(await sta.Runs("day"));
        Assert.Equal(("done report-made 1", "at:2026-07-19T00:30"), (Line(run), (string)run["cause"]!));
        Assert.Empty(await sta.Runs("weekday"));
        Assert.Equal("at:2026-07-19T00:30", (string)Assert.Single(await sta.Runs("often"))["cause"]!);
        sta.Advance(7 * 1440 + 30);
        await sta.Turn();
        Assert.Single(await sta.Runs("day"));

        var report = await sta.Get($"/api/automations/reports/{(long)run["report"]!}");
        Assert.Equal("2026-07-19 09:31까지 24시간의 상황", (string)report["title"]!["ko"]!);
        Assert.Contains("화재: 새로 1건, 진행 중 1건", report.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }), StringComparison.Ordinal);
        await sta.Undo("day", run);
        await sta.Get($"/api/automations/reports/{(long)run["report"]!}", HttpStatusCode.NotFound);
    }

    [Theory, BothEngines]
    public async Task An_alert_tells_contacts_and_who_is_on_duty_once_for_its_level(Engine engine)
    {
        await using var sta = await DutyScene.Open(engine);
        var people = await sta.AddPeople("first");
        await sta.PutRoster("\"nothing\"", 10, people);
        await sta.Post("/api/messages/contacts", """{ "name": "도시과", "email": "office@city.example", "rules": ["nothing"] }""");
        const string when = """{ "kind": "alert", "rule": "dust", "level": "high", "district": "11110", "on": ["raised", "upgraded"] }""";
        const string act = """{ "kind": "send", "text": { "ko": "{where} 확인 바랍니다", "en": "Please look at {where}" }, "contacts": [1], "rosters": ["air"] }""";
        Assert.Equal("do.contacts", await sta.Field(HttpMethod.Put, "/api/automations/tell", $$"""{ "automation": {{Automation(when, act.Replace("[1]", "[7]", StringComparison.Ordinal), isDry: true)}} }"""));
        await sta.PutLive("tell", when, act, """, "data": "simulated" """);
        await sta.PutLive("elsewhere", when.Replace("11110", "11680", StringComparison.Ordinal), act, """, "data": "simulated" """);
        await sta.PutDust(AlertScene.High + "," + AlertScene.Higher);
        var alert = await sta.Raise();
        await sta.Observe(long.Parse((string)alert["subject"]!, null), (3, 200));

        var run = Assert.Single(await sta.UntilRuns("tell", runs => runs.Count == 1));
        Assert.Equal(("done sent 2", $"alert:{(long)alert["id"]!}:high", "종로 1"), (Line(run), (string)run["cause"]!, (string)run["where"]!["ko"]!));
        var told = (await sta.Messages()).Where(message => (string)message["kind"]! == "notice").ToList();
        Assert.Equal(["contact:1", "person:" + people[0]], told.Select(message => (string)message["recipient"]!).Order());
        Assert.All(told, message => Assert.Equal("[마당·모의] 종로 1: 시험", (string)message["title"]!["ko"]!));
        await sta.Until(alerts => (string?)alerts[0]["level"] == "higher");
        Assert.Single(await sta.Runs("tell"));
        Assert.Empty(await sta.Runs("elsewhere"));
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_by_the_field()
    {
        await using var sta = await AlertScene.Open(Engine.Sqlite);
        Task<string> Refused(string when, string act, string more = "") => sta.Field(HttpMethod.Put, "/api/automations/x", $$"""{ "automation": {{Automation(when, act, isDry: true, more)}} }""");
        Assert.Equal("when.incident", await Refused("""{ "kind": "incident", "incident": "party" }""", AutomationScene.Task));
        Assert.Equal("when.stage", await Refused("""{ "kind": "incident", "incident": "fire", "stage": "party" }""", AutomationScene.Task));
        Assert.Equal("when.minutes", await Refused("""{ "kind": "every", "minutes": 1 }""", AutomationScene.Task));
        Assert.Equal("when.on", await Refused("""{ "kind": "alert", "rule": "x", "on": [] }""", AutomationScene.Task));
        Assert.Equal("do.of", await Refused("""{ "kind": "every", "minutes": 5 }""", """{ "kind": "report", "of": "incident" }"""));
        Assert.Equal("do.hours", await Refused(Fire, """{ "kind": "publish", "text": { "ko": "가", "en": "a" }, "hours": 25 }"""));
        Assert.Equal("do.street", await Refused(Fire, """{ "kind": "lamp", "level": 100, "minutes": 10 }"""));
        Assert.Equal("do.level", await Refused(Fire, """{ "kind": "lamp", "street": "종로", "level": 101, "minutes": 10 }"""));
        Assert.Equal("do.contacts", await Refused(Fire, """{ "kind": "send", "text": { "ko": "가", "en": "a" } }"""));
        Assert.Equal("mostPerHour", await Refused(Fire, AutomationScene.Task, """, "mostPerHour": 1000 """));
        await sta.Put("/api/automations/no words", "{}", HttpStatusCode.BadRequest);
        await sta.Get("/api/automations/nothing", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_three_examples_rest_and_are_whole()
    {
        await using var sta = await AlertScene.Open(Engine.Sqlite);
        Assert.Equal(["fire-street-light", "pm-warning-notice", "sensor-outage-task"], ShippedAutomations.All.Keys);
        Assert.All(ShippedAutomations.All.Values, example =>
        {
            AutomationCheck.Check(example);
            Assert.True(example.IsDry);
            DispatchTests.IsSaid(AutomationBook.Say(example));
        });
        await sta.City.Services.GetRequiredService<AutomationBook>().Seed(CityData.Real, Cancel);
        await sta.City.Services.GetRequiredService<AutomationBook>().Seed(CityData.Real, Cancel);
        var examples = (await sta.Get("/api/automations")).AsArray();
        Assert.Equal(3, examples.Count);
        Assert.All(examples, example => Assert.Equal((1, false), ((int)example!["revision"]!, (bool)example["isOn"]!)));
    }
}
