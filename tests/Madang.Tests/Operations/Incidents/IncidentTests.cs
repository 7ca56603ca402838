using System.Net;
using System.Text.Json.Nodes;
using Dapper;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Operations.Rules;
using Madang.Tests.Sensing;
using Madang.Tests.Trust;
using Microsoft.Extensions.DependencyInjection;
using static Madang.Tests.Operations.Incidents.IncidentScene;

namespace Madang.Tests.Operations.Incidents;

/// <summary>Incidents through the front door: stages, orders, merging and splitting, and who may.</summary>
public sealed class IncidentTests
{
    [Theory, BothEngines]
    public async Task A_fire_goes_from_stage_to_stage_and_its_golden_times_are_judged(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        var id = await sta.OpenIncident(""", "longitude": 126.977, "latitude": 37.57, "place": "세종로 1", "department": "종로소방서", "severity": "severe" """);
        var fire = (await sta.Story(id))["incident"]!;
        Assert.Equal(("11110", "real", "severe", "reported"), ((string)fire["district"]!, (string)fire["data"]!, (string)fire["severity"]!, (string)fire["stage"]!["code"]!));
        Assert.Equal(["reported arrived running 0", "dispatched arrived waiting "], Targets(fire));

        sta.Advance(2);
        await sta.Act(id, "stage", Body("dispatched"));
        sta.Advance(4);
        Assert.Equal(["reported arrived running 6", "dispatched arrived running 4"], Targets((await sta.Story(id))["incident"]!));
        sta.Advance(2);
        Assert.Equal(["reported arrived late 8", "dispatched arrived late 6"], Targets((await sta.Story(id))["incident"]!));
        await sta.Act(id, "stage", Body("arrived", 6));
        Assert.Equal(["reported arrived met 6", "dispatched arrived met 4"], Targets((await sta.Story(id))["incident"]!));

        sta.Advance(60);
        await sta.Act(id, "stage", Body("out"));
        await sta.Act(id, "close", """{ "note": "재산 피해 조사 중" }""");
        var story = await sta.Story(id);
        Assert.Equal(["reported 00:00", "dispatched 00:02", "arrived 00:06", "out 01:08", "closed 01:08"], Stages(story["incident"]!));
        Assert.Equal(["opened reported 00:00", "stage dispatched 00:02", "stage arrived 00:06", "stage out 01:08", "closed closed 01:08"], Log(story));
        Assert.Equal("incident-closed", (string)(await sta.Act(id, "orders", """{ "to": "구조대", "text": "가십시오" }""", HttpStatusCode.Conflict))["code"]!);
        Assert.Empty((await sta.Get("/api/incidents"))["value"]!.AsArray());
        Assert.Equal([id], (await sta.Get("/api/incidents?state=closed&kind=fire&district=11110&data=real"))["value"]!.AsArray().Select(each => (long)each!["id"]!));
    }

    [Theory, BothEngines]
    public async Task A_stage_lies_neither_before_the_one_before_it_nor_in_the_future_and_going_back_is_a_correction(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        var id = await sta.OpenIncident();
        sta.Advance(30);
        await sta.Act(id, "stage", Body("dispatched", 5));
        Assert.Contains("is before the stage before it (dispatched", (string)(await sta.Act(id, "stage", Body("arrived", 4), HttpStatusCode.BadRequest))["detail"]!, StringComparison.Ordinal);
        await sta.Act(id, "stage", Body("arrived", 31), HttpStatusCode.BadRequest);
        Assert.Contains("is a stage of fire: reported", (string)(await sta.Act(id, "stage", Body("delivered"), HttpStatusCode.BadRequest))["detail"]!, StringComparison.Ordinal);
        await sta.Act(id, "stage", Body("arrived", 10));
        await sta.Act(id, "stage", Body("acting", 12));

        await sta.Act(id, "stage", Body("arrived", 9), HttpStatusCode.BadRequest);
        await sta.Act(id, "stage", Body("arrived", 9, "무전 기록으로 바로잡음"));
        await sta.Act(id, "stage", Body("departed", 11, "빠진 시각"), HttpStatusCode.BadRequest);
        await sta.Act(id, "stage", Body("departed", 6, "빠진 시각"));
        await sta.Act(id, "stage", Body("dispatched", reason: "다른 건물이었음"));

        var story = await sta.Story(id);
        Assert.Equal(["reported 00:00", "dispatched 00:05"], Stages(story["incident"]!));
        Assert.Equal(
            ["opened reported 00:00", "stage dispatched 00:05", "stage arrived 00:10", "stage acting 00:12", "corrected arrived 00:09 was 00:10", "corrected departed 00:06", "corrected departed was 00:06", "corrected arrived was 00:09", "corrected acting was 00:12"], Log(story));
        await sta.Act(id, "stage", Body("closed", 20));
        await sta.Act(id, "stage", Body("arrived"), HttpStatusCode.BadRequest);
        await sta.Act(id, "reopen", """{ "reason": "다시 불이 붙음" }""");
        await sta.Act(id, "reopen", """{ "reason": "다시" }""", HttpStatusCode.Conflict);
        Assert.Null((string?)(await sta.Story(id))["incident"]!["closedAt"]);
        await sta.Act(id, "stage", Body("arrived"));
    }

    [Theory, BothEngines]
    public async Task Orders_are_numbered_answered_and_overdue(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        var id = await sta.OpenIncident();
        Assert.Equal(1, (int)(await sta.Act(id, "orders", $$"""{ "to": "구조대", "text": "3층을 수색하십시오", "dueAt": "{{Sta.At(10)}}" }""", HttpStatusCode.Created))["order"]!);
        Assert.Equal(2, (int)(await sta.Act(id, "orders", """{ "to": "교통과", "text": "길을 막으십시오" }""", HttpStatusCode.Created))["order"]!);
        await sta.Act(id, "orders", $$"""{ "to": "교통과", "text": "x", "dueAt": "{{Sta.At(0)}}" }""", HttpStatusCode.BadRequest);
        sta.Advance(11);
        Assert.Equal([true, false], (await sta.Story(id))["orders"]!.AsArray().Select(order => (bool)order!["isOverdue"]!));
        await sta.Act(id, "orders/1/answer", """{ "text": "수색을 마쳤습니다" }""");
        await sta.Act(id, "orders/3/answer", """{ "text": "?" }""", HttpStatusCode.NotFound);
        var order = (await sta.Story(id))["orders"]![0]!;
        Assert.Equal((false, "수색을 마쳤습니다", "구조대"), ((bool)order["isOverdue"]!, (string)order["answers"]![0]!["note"]!, (string)order["entry"]!["recipient"]!));
        await sta.Act(id, "notes", """{ "note": " " }""", HttpStatusCode.BadRequest);
        await sta.Act(id, "notes", """{ "note": "연기가 \u0007 납니다" }""", HttpStatusCode.BadRequest);
        await sta.Act(id, "notes", """{ "text": "연기" }""", HttpStatusCode.BadRequest);
    }

    [Theory, BothEngines]
    public async Task What_is_merged_and_split_keeps_every_entry_within_reach(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        var (one, other, third) = (await sta.OpenIncident(), await sta.OpenIncident(), await sta.OpenIncident());
        await sta.Act(one, "notes", """{ "note": "첫째" }""");
        await sta.Act(other, "notes", """{ "note": "둘째" }""");
        await sta.Act(one, "orders", """{ "to": "구조대", "text": "수색" }""", HttpStatusCode.Created);
        await sta.Act(one, "merge", $$"""{ "into": {{one}} }""", HttpStatusCode.BadRequest);
        await sta.Act(one, "merge", $$"""{ "into": {{other}} }""");
        await sta.Act(one, "merge", $$"""{ "into": {{third}} }""", HttpStatusCode.Conflict);
        await sta.Act(third, "merge", $$"""{ "into": {{one}} }""", HttpStatusCode.Conflict);
        await sta.Act(one, "notes", """{ "note": "여기가 아님" }""", HttpStatusCode.Conflict);
        await sta.Act(one, "orders/1/answer", """{ "text": "마침" }""");
        await sta.Act(other, "merge", $$"""{ "into": {{third}} }""");

        var story = await sta.Story(third);
        Assert.Equal(["첫째", "둘째", "수색", "마침"], story["entries"]!.AsArray().Select(entry => (string?)entry!["note"]).OfType<string>());
        Assert.Equal([other], story["merged"]!.AsArray().Select(each => (long)each!));
        Assert.Equal(third, (long)(await sta.Story(other))["incident"]!["mergedInto"]!);
        Assert.Single(story["orders"]![0]!["answers"]!.AsArray());

        var part = (long)(await sta.Act(third, "split", """{ "kind": "rescue", "title": "옆 건물 구조" }""", HttpStatusCode.Created))["id"]!;
        var split = await sta.Story(part);
        Assert.Equal((third, "rescue"), ((long)split["incident"]!["splitFrom"]!, (string)split["incident"]!["kind"]!));
        Assert.Equal([part], (await sta.Story(third))["split"]!.AsArray().Select(each => (long)each!));
        Assert.Contains("split", Log(await sta.Story(third)));
        var simulated = await sta.OpenIncident(""", "data": "simulated" """);
        Assert.Equal("other-world", (string)(await sta.Act(simulated, "merge", $$"""{ "into": {{third}} }""", HttpStatusCode.Conflict))["code"]!);
    }

    [Theory, BothEngines]
    public async Task An_alert_of_the_same_world_is_linked_and_what_is_near_is_known(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        var (near, far) = (await sta.CreateDatastream("가까운 센서", longitude: 126.979), await sta.CreateDatastream("먼 센서", longitude: 126.99));
        await sta.PutRule("dust", RuleTrialTests.Rule("datastream", """{ "kind": "reading" }""", AlertScene.High));
        await sta.Observe(near, (1, 80));
        await sta.Observe(far, (1, 20));
        var lamp = (long)(await sta.Get($"Datastreams({await sta.CreateDatastream("가로등 7", longitude: 126.978)})/Thing"))["@iot.id"]!;
        await sta.Send(HttpMethod.Patch, $"Things({lamp})", """{ "properties": { "kind": "street-light", "street": "세종대로", "simulated": true } }""", HttpStatusCode.OK);
        var alert = (long)(await sta.Until(alerts => alerts.Count == 1))[0]["id"]!;
        var real = await sta.OpenIncident();
        await sta.Act(real, "link", $$"""{ "alert": {{alert}} }""", HttpStatusCode.Conflict);
        await sta.Act(real, "link", """{ "alert": 999 }""", HttpStatusCode.BadRequest);

        var id = await sta.OpenIncident($$""", "data": "simulated", "longitude": 126.977, "latitude": 37.57, "alert": {{alert}} """);
        var patience = TimeProvider.System.GetTimestamp();
        JsonNode story;
        do
        {
            Assert.True(TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(20), "the sensor is known");
            story = await sta.Story(id);
        }
        while (story["nearby"]!.AsArray().Count == 0 || story["lights"]!.AsArray().Count == 0);
        // A street light is told among the lights, and not as a sensor.
        Assert.Equal([(lamp, "가로등 7", "세종대로", 88.0)], story["lights"]!.AsArray().Select(each => ((long)each!["thing"]!, (string)each["name"]!, (string)each["street"]!, (double)each["metres"]!)));
        Assert.Matches($"(?s)500 m 안의 가로등.*href=\"/lights\".*href=\"/sensors/{lamp}\"", await sta.City.Client.GetStringAsync($"/incidents/{id}", TestContext.Current.CancellationToken));
        Assert.Equal([alert], story["alerts"]!.AsArray().Select(each => (long)each!["id"]!));
        Assert.Equal([("가까운 센서", 176.0)], story["nearby"]!.AsArray().Select(each => ((string)each!["name"]!, (double)each["metres"]!)));
        Assert.Equal("opened reported 00:00", Log(story)[0]);
    }

    [Theory, BothEngines]
    public async Task A_log_that_is_too_long_keeps_its_newest_part_and_says_what_is_left_out(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        var id = await sta.OpenIncident();
        await sta.City.Services.GetRequiredService<IDatabase>().Write(
            scope => scope.Connection.ExecuteAsync("INSERT INTO incident_entries (incident_id, at, act, note) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8004) SELECT @id, i, 4, CAST(i AS TEXT) FROM n", new { id }, scope.Transaction), TestContext.Current.CancellationToken);

        var story = await sta.Story(id);
        Assert.Equal((5L, 8_000, "8004"), ((long)story["leftOut"]!, story["entries"]!.AsArray().Count, (string)story["entries"]![7_999]!["note"]!));
        Assert.Contains("앞선 5건", await sta.City.Client.GetStringAsync($"/incidents/{id}", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_read_incidents_learns_nothing_of_them()
    {
        await using var city = await ClosedCity.Start(Engine.Sqlite);
        foreach (var role in (string[])["official", "mayor", "citizen"])
        {
            await city.Give(role, role, null);
        }

        var body = """{ "kind": "fire", "title": "비밀" }""";
        var id = (long)(await ClosedCity.Send(city.As("official"), HttpMethod.Post, "/api/incidents", body, HttpStatusCode.Created))!["id"]!;
        foreach (var path in (string[])["/api/incidents", $"/api/incidents/{id}", "/api/tasks", "/api/incidents/999"])
        {
            await ClosedCity.Send(city.As("citizen"), HttpMethod.Get, path, null, HttpStatusCode.Forbidden);
            await ClosedCity.Send(city.With(null), HttpMethod.Get, path, null, HttpStatusCode.Unauthorized);
        }

        await ClosedCity.Send(city.As("mayor"), HttpMethod.Get, $"/api/incidents/{id}", null, HttpStatusCode.OK);
        await ClosedCity.Send(city.As("mayor"), HttpMethod.Post, $"/api/incidents/{id}/notes", """{ "note": "!" }""", HttpStatusCode.Forbidden);
        await ClosedCity.Send(city.As("citizen"), HttpMethod.Post, "/api/incidents", body, HttpStatusCode.Forbidden);
        await ClosedCity.Send(city.As("official"), HttpMethod.Get, "/api/incidents/999", null, HttpStatusCode.NotFound);
        Assert.Equal("person:official", (string)(await ClosedCity.Send(city.As("mayor"), HttpMethod.Get, $"/api/incidents/{id}", null, HttpStatusCode.OK))!["entries"]![0]!["who"]!);

        // A key of the city's own hands in what a dispatch system says, and reads nothing.
        var key = city.With((await city.Key(null, ["dispatch"])).Secret);
        await ClosedCity.Send(key, HttpMethod.Put, "/api/incidents/from/cad/1", body, HttpStatusCode.Created);
        await ClosedCity.Send(key, HttpMethod.Get, $"/api/incidents/{id}", null, HttpStatusCode.Forbidden);
        Assert.Equal(11, (await ClosedCity.Send(city.With(null), HttpMethod.Get, "/api/incidents/kinds", null, HttpStatusCode.OK))!.AsArray().Count);
    }
}
