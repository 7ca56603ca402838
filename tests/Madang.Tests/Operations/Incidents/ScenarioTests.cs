using System.Net;
using System.Text.Json.Nodes;
using Madang.Operations;
using Madang.Operations.Rules;
using Madang.Operations.Scenarios;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Operations.Duty;
using Madang.Tests.Operations.Rules;
using Madang.Tests.Sensing;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Operations.Incidents;

/// <summary>Scenarios as files, and the tasks that come of them.</summary>
public sealed class ScenarioTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void The_six_scenarios_that_come_with_madang_are_whole()
    {
        Assert.Equal(["flood", "heat-wave", "large-fire", "new-infection", "pm-emergency", "sensor-outage"], Scenario.All.Select(scenario => scenario.Id));
        Assert.All(Scenario.All, scenario =>
        {
            Assert.NotEmpty(scenario.Sources);
            Assert.True(scenario.Incident is null || IncidentKind.Find(scenario.Incident) is not null, scenario.Id);
            Assert.Equal(scenario.Stages.Count, scenario.Stages.Select(stage => stage.Code).Distinct().Count());
            var messages = scenario.Stages.SelectMany(stage => stage.Messages).ToList();
            Assert.Equal(messages.Count, messages.Select(message => message.Id).Distinct().Count());
            Assert.All(
                scenario.Stages.SelectMany(stage => stage.Tasks.SelectMany(task => (RuleText[])[task.Text, task.Department]).Concat(stage.Contacts).Append(stage.Name)).Concat(messages.SelectMany(message => (RuleText[])[message.To, message.Text])).Append(scenario.Name).Append(scenario.About),
                DispatchTests.IsSaid);
            Assert.All(scenario.Stages, stage =>
            {
                Assert.NotEmpty(stage.Tasks);
                Assert.Equal(stage.Tasks.Count, stage.Tasks.Select(task => task.Id).Distinct().Count());
                Assert.All(stage.Tasks, task => Assert.True(task.DueMinutes > 0, task.Id));
                Assert.True(stage.StartsWith is null || ShippedRules.All[stage.StartsWith.Rule].Levels.Any(level => level.Name == stage.StartsWith.Level), $"{scenario.Id}/{stage.Code} waits for a level that is there");
            });
        });
    }

    [Theory, BothEngines]
    public async Task A_person_starts_a_stage_and_its_tasks_are_answered_in_time_or_late(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        var id = await sta.OpenIncident();
        await sta.Post("/api/scenarios/nothing/start", """{ "stage": "respond" }""", HttpStatusCode.NotFound);
        await sta.Post("/api/scenarios/large-fire/start", """{ "stage": "dance" }""", HttpStatusCode.BadRequest);
        await sta.Post("/api/scenarios/large-fire/start", """{ "stage": "respond", "incident": 999 }""", HttpStatusCode.NotFound);
        await sta.Post("/api/scenarios/large-fire/start", $$"""{ "stage": "respond", "incident": {{id}}, "data": "simulated" }""", HttpStatusCode.Conflict);
        Assert.Equal(4, (int)(await sta.Post("/api/scenarios/large-fire/start", $$"""{ "stage": "respond", "incident": {{id}} }"""))["tasks"]!);

        await sta.Post("/api/scenarios/large-fire/start", $$"""{ "stage": "respond", "incident": {{id}} }""", HttpStatusCode.Conflict);

        sta.Advance(16);
        var tasks = (await sta.Story(id))["tasks"]!.AsArray();
        Assert.Equal([("liaison", false), ("traffic", true), ("utilities", false), ("air", false)], tasks.Select(task => ((string)task!["task"]!, (bool)task["isLate"]!)));
        await Answer(sta, tasks[0]!, """{ "state": "done" }""");
        await Answer(sta, tasks[0]!, """{ "state": "done" }""", HttpStatusCode.Conflict);
        await Answer(sta, tasks[1]!, """{ "state": "declined" }""", HttpStatusCode.BadRequest);
        await Answer(sta, tasks[1]!, """{ "state": "declined", "text": "길이 이미 막혔습니다" }""");
        await Answer(sta, tasks[2]!, """{ "state": "open" }""", HttpStatusCode.BadRequest);
        await sta.Post("/api/tasks/999/answer", """{ "state": "done" }""", HttpStatusCode.NotFound);

        Assert.Equal(["air", "utilities"], (await sta.Get("/api/tasks"))["value"]!.AsArray().Select(task => (string)task!["task"]!));
        var declined = (await sta.Get("/api/tasks?state=declined&department=Transport"))["value"]![0]!;
        Assert.Equal(("길이 이미 막혔습니다", true, "local"), ((string)declined["answer"]!, (bool)declined["isLate"]!, (string)declined["answeredBy"]!));
        Assert.Contains("scenario-started", IncidentScene.Log(await sta.Story(id)));
        Assert.Equal(2, (await sta.Get("/api/tasks?state=all&top=2"))["value"]!.AsArray().Count);
        Assert.Equal("/api/tasks?state=all&before=3&top=2", (string)(await sta.Get("/api/tasks?state=all&top=2"))["next"]!);
    }

    [Theory, BothEngines]
    public async Task An_alert_starts_its_scenario_once_for_each_level_however_often_the_fact_comes(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        var one = await sta.CreateDatastream();
        await sta.PutRule("pm25-simulated", RuleTrialTests.Rule("datastream", """{ "kind": "reading" }""", """{ "name": "advisory", "from": 75, "holdMinutes": 0, "lift": 35 }, { "name": "warning", "from": 150, "holdMinutes": 0, "lift": 75 }"""));
        await sta.Observe(one, (1, 80));
        var alert = (long)(await sta.Until(alerts => alerts.Count == 1))[0]["id"]!;
        var tasks = await Until(sta, 3);
        Assert.All(tasks, task => Assert.Equal(("pm-emergency", "advisory", "simulated", alert), ((string)task!["scenario"]!, (string)task["stage"]!, (string)task["data"]!, (long)task["alert"]!)));

        // The fact comes again; the alert goes up, down and up again.
        var reaction = sta.City.Services.GetRequiredService<ScenarioReaction>();
        await reaction.React(new AlertChanged(alert, AlertAct.Raised, 1), Cancel);
        await sta.Observe(one, (2, 160), (3, 70), (4, 160));
        await Until(sta, 6);
        await sta.Until(_ => sta.Story(new JsonObject { ["id"] = alert }).GetAwaiter().GetResult().Count(entry => entry.StartsWith("upgraded", StringComparison.Ordinal)) == 2);
        await reaction.React(new AlertChanged(alert, AlertAct.Upgraded, 2), Cancel);
        await reaction.React(new AlertChanged(alert, AlertAct.Noted, 2), Cancel);
        await reaction.React(new AlertChanged(999, AlertAct.Raised, 1), Cancel);
        Assert.Equal(6, (await sta.Get("/api/tasks?state=all"))["value"]!.AsArray().Count);
    }

    [Theory, BothEngines]
    public async Task What_is_worked_on_starts_its_scenario_when_the_work_is_over(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        var one = await sta.CreateDatastream();
        await sta.PutRule("pm25-simulated", RuleTrialTests.Rule("datastream", """{ "kind": "reading" }""", """{ "name": "advisory", "from": 75, "holdMinutes": 0, "lift": 35 }, { "name": "warning", "from": 150, "holdMinutes": 0, "lift": 75 }"""));
        var work = await sta.Post("/api/maintenance", """{ "scope": { "datastreams": [%] }, "until": "2026-07-19T06:00:00Z", "reason": "점검" }""".Replace("%", one.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));
        await sta.Observe(one, (1, 80));
        var alert = (long)(await sta.Until(alerts => alerts.Count == 1))[0]["id"]!;
        await sta.City.Services.GetRequiredService<ScenarioReaction>().React(new AlertChanged(alert, AlertAct.Raised, 1), Cancel);
        Assert.Empty((await sta.Get("/api/tasks?state=all"))["value"]!.AsArray());

        await sta.Post($"/api/maintenance/{(long)work["id"]!}/end", "{}", HttpStatusCode.NoContent);
        Assert.All(await Until(sta, 3), task => Assert.Equal(("advisory", alert), ((string)task!["stage"]!, (long)task["alert"]!)));
    }

    [Theory, BothEngines]
    public async Task What_a_stage_has_to_say_goes_to_who_wants_to_know_and_what_is_simulated_goes_nowhere(Engine engine)
    {
        await using var sta = await DutyScene.Open(engine);
        var people = await sta.AddPeople("first");
        await sta.PutRoster("\"large-fire\"", 10, people);
        await sta.Post("/api/messages/contacts", """{ "name": "방송실", "email": "office@city.example", "rules": ["large-fire"] }""");
        await sta.Post("/api/messages/contacts", """{ "name": "다른 과", "email": "other@city.example", "rules": ["flood"] }""");
        var id = await sta.OpenIncident();
        await sta.Post("/api/scenarios/large-fire/start", $$"""{ "stage": "respond", "incident": {{id}} }""");
        var messages = await sta.UntilMessages(messages => messages.Count == 2 && messages.All(message => (string)message["state"]! == "sent"));
        Assert.Equal(["notice 1 email", "notice contact:1 email"], (await sta.Told(people)).Order());
        Assert.All(messages, message => Assert.Equal("[마당] 주변 시민: 대형 화재 대응", (string)message["title"]!["ko"]!));
        await sta.Post("/api/scenarios/large-fire/start", $$"""{ "stage": "respond", "incident": {{id}} }""", HttpStatusCode.Conflict);
        Assert.Equal(2, (await sta.Messages()).Count);

        await sta.Post("/api/scenarios/large-fire/start", """{ "stage": "expand", "data": "simulated" }""");
        messages = await sta.UntilMessages(messages => messages.Count == 4 && messages.All(message => (string)message["state"]! == "sent"));
        Assert.All(messages.Take(2), message => Assert.Equal(("simulated", "[마당·모의] 대피 구역 시민: 대형 화재 대응"), ((string)message["outcome"]!, (string)message["title"]!["ko"]!)));
    }

    [Fact]
    public async Task Everybody_reads_scenarios()
    {
        await using var sta = await AlertScene.Open(Engine.Sqlite);
        Assert.Equal(6, (await sta.Get("/api/scenarios")).AsArray().Count);
        Assert.Equal("호우·침수 대응", (string)(await sta.Get("/api/scenarios/flood"))["name"]!["ko"]!);
        await sta.Get("/api/scenarios/party", HttpStatusCode.NotFound);
        await sta.Get("/api/tasks?state=lazy", HttpStatusCode.BadRequest);
    }

    private static Task<JsonNode> Answer(Sta sta, JsonNode task, string body, HttpStatusCode expected = HttpStatusCode.NoContent) => sta.Post($"/api/tasks/{(long)task["id"]!}/answer", body, expected);

    private static async Task<JsonArray> Until(Sta sta, int count)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        while (true)
        {
            var tasks = (await sta.Get("/api/tasks?state=all"))["value"]!.AsArray();
            if (tasks.Count == count)
            {
                return tasks;
            }

            Assert.False(patience.IsCancellationRequested, $"there are {tasks.Count} tasks");
            await Task.Delay(20, Cancel);
        }
    }
}
