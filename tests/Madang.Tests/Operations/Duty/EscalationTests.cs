using System.Net;
using Dapper;
using Madang.Operations;
using Madang.Operations.Duty;
using Madang.Sensing;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Operations.Rules;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Operations.Duty;

/// <summary>An alert that nobody acknowledges goes from one on duty to the next.</summary>
public sealed class EscalationTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task It_goes_from_step_to_step_once_each_also_over_a_restart_and_with_two_nodes_at_once(Engine engine)
    {
        await using var sta = await DutyScene.Open(engine);
        var people = await sta.AddPeople("first", "second", "third");
        await sta.PutRoster("\"dust\"", 10, people);
        await sta.PutDust();
        var alert = await sta.Raise();

        await sta.Turn();
        await sta.Pass(9.9);
        Assert.Equal(["raised 1 email"], await sta.Told(people));
        sta.City.Clock!.Advance(TimeSpan.FromMinutes(0.1));
        var turn = sta.City.Services.GetRequiredService<DutyTurn>();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => turn.Run(Cancel), Cancel)));
        await sta.City.Restart();
        await sta.Turn();
        Assert.Equal(["raised 1 email", "escalated 2 email"], await sta.Told(people));
        await sta.Pass(10);
        await sta.Pass(100);
        await sta.Pass(100);

        Assert.Equal(["raised 1 email", "escalated 2 email", "escalated 3 email"], await sta.Told(people));
        Assert.Equal(["raised high 80 00:01", "escalated high  ", "escalated high  "], await sta.Story(alert));
        var entries = (await sta.Get($"/api/alerts/{(long)alert["id"]!}"))["entries"]!.AsArray();
        Assert.Equal(["2", "3"], entries.Skip(1).Select(entry => (string)entry!["note"]!));
        Assert.All(await sta.UntilMessages(messages => messages.All(message => (string)message["state"]! == "sent")), message => Assert.Equal(1, (int)message["attempts"]!));
        Assert.Equal(3, Directory.GetFiles(Path.Combine(sta.City.Store.Folder, "mail"), "*.eml").Length);
    }

    [Theory, BothEngines]
    public async Task Whoever_acknowledges_or_takes_it_stops_it_and_those_told_learn_that_it_is_over(Engine engine)
    {
        await using var sta = await DutyScene.Open(engine);
        var people = await sta.AddPeople("first", "second");
        await sta.PutRoster("\"*\"", 10, people);
        await sta.PutDust(AlertScene.High + "," + AlertScene.Higher);
        var one = await sta.CreateDatastream();
        await sta.Observe(one, (1, 80));
        var first = (await sta.Until(alerts => alerts.Count == 1))[0];
        var second = await sta.Raise("종로 2");
        await sta.Turn();
        await sta.Post($"/api/alerts/{(long)first["id"]!}/acknowledge", "{}", HttpStatusCode.NoContent);
        await sta.Post($"/api/alerts/{(long)second["id"]!}/take", "{}", HttpStatusCode.NoContent);
        await sta.Pass(60);
        Assert.Equal(["raised 1 email", "raised 1 email"], await sta.Told(people));

        await sta.Observe(one, (2, 200));
        await sta.Until(alerts => alerts.Any(alert => (string?)alert["level"] == "higher"));
        await sta.Turn();
        await sta.Observe(one, (3, 1));
        await sta.Until(alerts => alerts.Any(alert => !AlertScene.IsOpen(alert)));
        await sta.Turn();

        Assert.Equal(["raised 1 email", "upgraded 1 email", "lifted 1 email"], await sta.Told(people, (long)first["id"]!));
        var letters = await Letters(sta.City);
        Assert.Contains(letters, letter => letter.Contains("모의 데이터입니다", StringComparison.Ordinal) && letter.Contains("값: 200 ㎍/㎥", StringComparison.Ordinal) && letter.Contains("시작: 2026-07-19 09:01", StringComparison.Ordinal));
    }

    [Theory, BothEngines]
    public async Task A_step_that_nobody_holds_does_not_wait_and_other_rules_are_other_peoples(Engine engine)
    {
        await using var sta = await DutyScene.Open(engine);
        var people = await sta.AddPeople("first", "second");
        await sta.PutRoster("\"dust\"", 10, "", people[1]);
        await sta.PutRule("smoke", RuleTrialTests.Rule("datastream", DutyScene.Reading, AlertScene.High));
        await sta.Raise();
        await sta.Pass(60);
        Assert.Empty(await sta.Messages());

        await sta.PutRule("smoke", RuleTrialTests.Rule("datastream", DutyScene.Reading, AlertScene.High), isOn: false);
        await sta.PutDust();
        await sta.Raise("종로 2", 61);
        await sta.UntilMessages(messages => messages.Count == 1);

        Assert.Equal(["escalated 2 email"], await sta.Told(people));
        var now = (await sta.Get("/api/duty"))[0]!["holders"]!.AsArray();
        Assert.Equal([null, people[1]], now.Select(holder => (string?)holder!["person"]));
        Assert.Null((string?)(await sta.Get("/api/duty?at=2026-08-01T00:00:00Z"))[0]!["holders"]![1]!["person"]);
    }

    [Theory, BothEngines]
    public async Task An_alert_that_met_nobody_is_told_whoever_comes_on_duty_while_it_waits(Engine engine)
    {
        await using var sta = await DutyScene.Open(engine);
        var people = await sta.AddPeople("first", "second");
        await sta.PutRoster("\"dust\"", 10, "", "");
        await sta.PutDust();
        await sta.Raise();
        await sta.Pass(30);
        await sta.Pass(30);
        Assert.Empty(await sta.Messages());

        await sta.PutRoster("\"dust\"", 10, people);
        await sta.Pass(1);
        await sta.Pass(1);
        Assert.Equal(["raised 1 email"], await sta.Told(people));
        await sta.Pass(10);
        await sta.Pass(10);
        await sta.Pass(100);

        Assert.Equal(["raised 1 email", "escalated 2 email"], await sta.Told(people));
    }

    [Theory, BothEngines]
    public async Task What_late_data_raise_and_lift_at_once_calls_nobody_out(Engine engine)
    {
        await using var sta = await DutyScene.Open(engine);
        await sta.PutRoster("\"dust\"", 10, await sta.AddPeople("first"));
        await sta.PutDust();
        var one = await sta.CreateDatastream();
        await sta.Observe(one, (30, 10));
        await sta.Observe(one, (10, 80), (20, 10));
        await sta.Until(alerts => alerts.Count == 1 && !AlertScene.IsOpen(alerts[0]));
        await sta.Pass(1);
        await sta.Pass(60);

        Assert.Empty(await sta.Messages());
    }

    [Theory, BothEngines]
    public async Task Who_is_taken_off_duty_was_on_duty_until_then(Engine engine)
    {
        await using var sta = await DutyScene.Open(engine);
        var people = await sta.AddPeople("first", "second");
        await sta.PutRoster("\"dust\"", 10, people[0]);
        sta.City.Clock!.Advance(TimeSpan.FromHours(1));
        await sta.PutRoster("\"dust\"", 10, people[1]);

        async Task<string?> Holder(string at) => (string?)(await sta.Get("/api/duty?at=" + at))[0]!["holders"]![0]!["person"];
        Assert.Equal((people[0], people[1]), (await Holder("2026-07-19T00:30:00Z"), await Holder("2026-07-19T01:30:00Z")));
    }

    [Theory, BothEngines]
    public async Task What_is_worked_on_messages_nobody_and_goes_its_way_when_the_work_is_over(Engine engine)
    {
        await using var sta = await DutyScene.Open(engine);
        var people = await sta.AddPeople("first", "second");
        await sta.PutRoster("\"dust\"", 10, people);
        await sta.PutDust();
        var work = await sta.Post("/api/maintenance", """{ "scope": { "rules": ["dust"], "districts": ["11110"] }, "until": "2026-07-19T06:00:00Z", "reason": "측정기 교체" }""");
        var alert = await sta.Raise();
        await sta.Pass(30);
        var seen = (await sta.Alerts())[0];
        Assert.Equal((true, "high"), ((bool)seen["inMaintenance"]!, (string)seen["level"]!));
        Assert.Empty(await sta.Messages());

        await sta.Post($"/api/maintenance/{(long)work["id"]!}/end", "{}", HttpStatusCode.NoContent);
        await sta.Turn();
        Assert.False((bool)(await sta.Alerts())[0]["inMaintenance"]!);
        Assert.Equal(["raised 1 email"], await sta.Told(people));
        await sta.Pass(5);

        // Work that begins meanwhile stops the clock; it starts again at its end, which is that of the plan here.
        await sta.Post("/api/maintenance", $$"""{ "scope": { "all": true }, "until": "2026-07-19T01:00:00Z", "reason": "망 점검" }""");
        await sta.Pass(20);
        Assert.Equal(["raised 1 email"], await sta.Told(people));
        await sta.Pass(5.1);
        await sta.Pass(9.8);
        Assert.Equal(["raised 1 email"], await sta.Told(people));
        await sta.Pass(0.2);
        Assert.Equal(["raised 1 email", "escalated 2 email"], await sta.Told(people));
        Assert.Equal(["raised high 80 00:01", "escalated high  "], await sta.Story(alert));
    }

    [Theory, BothEngines]
    public async Task Work_covers_what_it_names_and_nothing_else(Engine engine)
    {
        await using var sta = await DutyScene.Open(engine);
        await sta.PutDust();
        var (one, other) = (await sta.CreateDatastream(), await sta.CreateDatastream("종로 2"));
        var thing = (long)(await sta.Get($"Datastreams({one})/Thing"))["@iot.id"]!;
        await sta.Observe(one, (1, 80));
        await sta.Observe(other, (1, 80));
        await sta.Until(alerts => alerts.Count == 2);
        foreach (var (scope, covered) in ((string, long[])[])
            [($$"""{ "datastreams": [{{one}}] }""", [one]), ($$"""{ "things": [{{thing}}] }""", [one]), ("""{ "rules": ["other"] }""", []), ("""{ "rules": ["dust"] }""", [one, other]), ("""{ "districts": ["11140"] }""", []), ("""{ "districts": ["11110"] }""", [one, other])])
        {
            var work = await sta.Post("/api/maintenance", $$"""{ "scope": {{scope}}, "until": "2026-07-19T06:00:00Z", "reason": "점검" }""");
            Assert.Equal(covered, (await sta.Alerts()).Where(alert => (bool)alert["inMaintenance"]!).Select(alert => long.Parse((string)alert["subject"]!, null)).Order());
            await sta.Post($"/api/maintenance/{(long)work["id"]!}/end", "{}", HttpStatusCode.NoContent);
        }

        Assert.Empty((await sta.Get("/api/maintenance"))["value"]!.AsArray());
        Assert.Equal(6, (await sta.Get("/api/maintenance?state=over"))["value"]!.AsArray().Count);
        var page = await sta.Get("/api/maintenance?state=all&top=4");
        Assert.Equal([2L, 1L], (await sta.Get((string)page["next"]!))["value"]!.AsArray().Select(window => (long)window!["id"]!));
        await sta.Post("/api/maintenance/1/end", "{}", HttpStatusCode.Conflict);
        await sta.Post("/api/maintenance/99/end", "{}", HttpStatusCode.NotFound);
    }

    [Theory, BothEngines]
    public async Task Work_covers_the_sensors_of_hidden_providers_too(Engine engine)
    {
        await using var sta = await DutyScene.Open(engine);
        await sta.PutDust();
        var one = await sta.CreateDatastream();
        var thing = (long)(await sta.Get($"Datastreams({one})/Thing"))["@iot.id"]!;
        var department = (long)(await sta.Post("/api/departments", """{ "code": "d", "nameKo": "과", "nameEn": "d" }"""))["id"]!;
        var provider = (long)(await sta.Post("/api/providers", $$"""{ "code": "p", "name": "p", "department": {{department}}, "isPublic": false }"""))["id"]!;
        var database = sta.City.Services.GetRequiredService<IDatabase>();
        await database.Write(scope => scope.Connection.ExecuteAsync("UPDATE things SET provider_id = @provider; UPDATE datastreams SET provider_id = @provider", new { provider }, scope.Transaction), TestContext.Current.CancellationToken);
        Assert.Empty(await sta.City.Services.GetRequiredService<SensingQueries>().ListLatest([one], TestContext.Current.CancellationToken));

        var rule = new Rule { Name = new("", ""), Owner = new("", ""), Source = new(""), From = new DateOnly(2020, 1, 1), Signal = new ReadingSignal(), Levels = [] };
        foreach (var (scope, covers) in ((MaintenanceScope, bool)[])[(new() { Districts = ["11110"] }, true), (new() { Things = [thing] }, true), (new() { Districts = ["11140"] }, false)])
        {
            var window = new MaintenanceWindow(1, scope, DutyScene.Start, DutyScene.Start.AddHours(1), "", null, DutyScene.Start);
            var found = await sta.City.Services.GetRequiredService<MaintenanceCover>().Find([new Covered(7, "dust", $"{one}", rule, false)], [window], TestContext.Current.CancellationToken);
            Assert.Equal(covers, found.Contains(7));
        }
    }

    [Fact]
    public async Task A_roster_that_makes_no_sense_is_refused_by_the_field()
    {
        await using var sta = await DutyScene.Open(Engine.Sqlite);
        var kim = (await sta.AddPeople("kim"))[0];
        string Roster(string shifts, string more = "") => $$"""{ "name": { "ko": "당직", "en": "Duty" }, "rules": ["*"], "steps": [{}, {}]{{more}}, "shifts": [{{shifts}}] }""";
        Task<string> Refused(string json, string id = "air") => sta.Field(HttpMethod.Put, "/api/duty/rosters/" + id, json);

        Assert.Equal("shifts[1].from", await Refused(Roster(DutyScene.Shift(1, kim) + "," + DutyScene.Shift(1, kim, "2026-07-20T23:00:00Z", "2026-07-22T00:00:00Z"))));
        Assert.Equal("shifts[0].step", await Refused(Roster(DutyScene.Shift(3, kim))));
        Assert.Equal("shifts[0].until", await Refused(Roster(DutyScene.Shift(1, kim, until: "2026-07-18T00:00:00Z"))));
        Assert.Equal("shifts[0].person", await Refused(Roster(DutyScene.Shift(1, "nobody"))));
        Assert.Equal("department", await Refused(Roster("", ", \"department\": 7")));
        Assert.Equal("steps", await Refused("""{ "name": { "ko": "당직", "en": "Duty" } }"""));
        Assert.Equal("id", await Refused(Roster(""), "a%20b"));
        Assert.Equal("at", (string)(await sta.Get("/api/duty?at=yesterday", HttpStatusCode.BadRequest))["field"]!);
        await sta.Get("/api/duty/rosters/none", HttpStatusCode.NotFound);
        Assert.Equal("scope", await sta.Field(HttpMethod.Post, "/api/maintenance", """{ "scope": {}, "until": "2026-07-20T00:00:00Z", "reason": "점검" }"""));
        Assert.Equal("until", await sta.Field(HttpMethod.Post, "/api/maintenance", """{ "scope": { "all": true }, "until": "2026-07-18T00:00:00Z", "reason": "점검" }"""));
        Assert.Equal("reason", await sta.Field(HttpMethod.Post, "/api/maintenance", """{ "scope": { "all": true }, "until": "2026-07-20T00:00:00Z" }"""));
        Assert.Equal("state", (string)(await sta.Get("/api/maintenance?state=x", HttpStatusCode.BadRequest))["field"]!);

        // One after the other holds a step; what is over stays as it was, and of what lasts the part that was.
        await sta.Put("/api/duty/rosters/air", Roster(DutyScene.Shift(1, kim) + "," + DutyScene.Shift(1, kim, "2026-07-21T00:00:00Z", "2026-07-22T00:00:00Z") + "," + DutyScene.Shift(2, kim)));
        sta.City.Clock!.Advance(TimeSpan.FromHours(60));
        var kept = (await sta.Put("/api/duty/rosters/air", Roster("")))["plan"]!["shifts"]!.AsArray();
        Assert.Equal(
            [(1, "2026-07-19T00:00:00+00:00", "2026-07-21T00:00:00+00:00"), (2, "2026-07-19T00:00:00+00:00", "2026-07-21T00:00:00+00:00"), (1, "2026-07-21T00:00:00+00:00", "2026-07-21T12:00:00+00:00")],
            kept.Select(shift => ((int)shift!["step"]!, (string)shift["from"]!, (string)shift["until"]!)));
    }

    internal static async Task<IReadOnlyList<string>> Letters(TestCity city) =>
        await Task.WhenAll(Directory.GetFiles(Path.Combine(city.Store.Folder, "mail"), "*.eml").Select(file => File.ReadAllTextAsync(file, Cancel)));
}
