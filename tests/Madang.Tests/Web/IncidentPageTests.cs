using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Operations.Incidents;
using Madang.Tests.Operations.Rules;
using Madang.Tests.Sensing;
using Madang.Tests.Trust.Accounts;

namespace Madang.Tests.Web;

/// <summary>The pages of incidents: closed to who may not read them, and an operator works through them without JavaScript.</summary>
public sealed class IncidentPageTests
{
    [Theory, BothEngines]
    public async Task An_operator_opens_an_incident_leads_it_to_its_end_and_looks_back(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        await Visitor.AddPerson(sta.City);
        var kim = new Visitor(sta.City);
        await kim.SignIn();
        Assert.Equal(HttpStatusCode.Forbidden, (await kim.Get("/incidents")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await kim.Get("/incidents/1/report")).StatusCode);
        await Visitor.GiveRole(sta.City, "operator");
        await kim.Get("/incidents");
        Assert.Contains("진행 중인 사건이 없습니다.", kim.Page, StringComparison.Ordinal);

        var opened = await kim.Post("/incidents", new() { ["kind"] = "fire", ["title"] = "시장 <b>화재</b>", ["place"] = "세종로 1", ["latitude"] = "37.57", ["longitude"] = "126.977", ["severity"] = "severe", ["data"] = "simulated" });
        Assert.Equal("/incidents/1?done=open", opened.Headers.Location?.ToString());
        await kim.Get("/incidents/1?done=open");
        Assert.Matches("(?s)사건을 등록했습니다.*지금 신고 접수 단계입니다.*모의 데이터.*종로구.*class=\"spot\".*신고 접수부터 현장 도착까지 7분 이내.*진행 중 \\(0분\\)", kim.Page);
        Assert.Contains("시장 &lt;b&gt;화재&lt;/b&gt;", kim.Page, StringComparison.Ordinal);

        sta.Advance(8);
        await kim.Get("/en/incidents/1");
        Assert.Matches("(?s)Its stage now: Reported. Past its target: Reported to Arrived within 7 min", kim.Page);
        await kim.Get("/incidents?data=simulated");
        Assert.Matches("(?s)진행 중인 사건이 1건 있고, 그중 1건이 목표 시간을 넘겼습니다", kim.Page);
        await kim.Post("/incidents/1", new() { ["act"] = "stage", ["stage"] = "arrived" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/incidents/1", new() { ["act"] = "stage", ["stage"] = "reported", ["at"] = "2026-07-19T09:01" })).StatusCode);
        Assert.Contains("되돌아가거나 바로잡을 때는 까닭이 필요합니다", kim.Page, StringComparison.Ordinal);
        await kim.Post("/incidents/1", new() { ["act"] = "order", ["to"] = "구조대", ["text"] = "3층 수색", ["dueAt"] = "2026-07-19T09:30" });
        await kim.Post("/incidents/1", new() { ["act"] = "answer", ["incident"] = "1", ["order"] = "1", ["text"] = "수색 마침" });
        await kim.Get("/scenarios/large-fire");
        Assert.Equal("/scenarios/large-fire?done=start", (await kim.Post("/scenarios/large-fire", new() { ["act"] = "start", ["stage"] = "respond", ["incident"] = "1", ["data"] = "simulated" })).Headers.Location?.ToString());
        sta.Advance(31);
        await kim.Post("/incidents/1", new() { ["act"] = "done", ["task"] = "2", ["text"] = "길을 텄습니다" });
        await kim.Post("/incidents/1", new() { ["act"] = "note", ["note"] = "연기가 줄었습니다" });
        await kim.Get("/incidents/1");
        Assert.Matches("(?s)못 지킴 \\(8분\\).*지시 1.*구조대.*3층 수색.*수색 마침.*기한 넘김.*길을 텄습니다.*시나리오 시작.*대형 화재 대응.*연기가 줄었습니다", kim.Page);
        await kim.Post("/incidents/1", new() { ["act"] = "stage", ["stage"] = "closed" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/incidents/1", new() { ["act"] = "order", ["to"] = "구조대", ["text"] = "수색" })).StatusCode);
        Assert.Contains("종결된 사건입니다", kim.Page, StringComparison.Ordinal);

        await kim.Get("/incidents/1/report");
        Assert.Matches("(?s)사후 보고서: 시장.*목표 시간 0개를 지키고 1개를 못 지켰으며, 늦은 과제는 4개입니다.*그때 알고 있던 것.*늦은 과제.*길을 텄습니다", kim.Page);
        Assert.DoesNotContain("<form class=\"account-form\"", kim.Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await kim.Get("/incidents/99")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await kim.Get("/incidents/nonsense/report")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await kim.Get("/scenarios/nonsense")).StatusCode);
    }

    [Theory, BothEngines]
    public async Task A_report_says_what_was_said_of_the_region_and_of_many_sensors_too(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        var id = await sta.OpenIncident(""", "data": "simulated", "longitude": 126.977, "latitude": 37.57 """);
        const string Region = """, "regions": [{ "code": "%", "name": { "ko": "%", "en": "%" }, "districts": ["*"] }]""";
        await sta.PutRule("here", RuleTrialTests.Rule("region", level: AlertScene.High, more: Region.Replace("%", "도심권", StringComparison.Ordinal).Replace("\"code\": \"도심권\"", "\"code\": \"downtown\"", StringComparison.Ordinal).Replace("*", "11110", StringComparison.Ordinal)));
        await sta.PutRule("many", RuleTrialTests.Rule("datastream", """{ "kind": "reading" }""", AlertScene.High));
        for (var number = 0; number < 21; number++)
        {
            await sta.Observe(await sta.CreateDatastream($"종로 {number}"), (10, 80), (65, 80));
        }

        await sta.Until(alerts => alerts.Any(alert => (string)alert["subject"]! == "downtown") && alerts.Any(alert => (bool)alert["isStorm"]!));
        // The incident is still on; the alerts it knows of are those said since.
        var patience = TimeProvider.System.GetTimestamp();
        string page;
        do
        {
            Assert.True(TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(20), "the report names the alert for many");
            page = await sta.City.Client.GetStringAsync($"/incidents/{id}/report", TestContext.Current.CancellationToken);
        }
        while (!page.Contains("여러 곳", StringComparison.Ordinal));

        Assert.Contains("도심권", page, StringComparison.Ordinal);
    }

    [Theory, BothEngines]
    public async Task An_incident_shows_the_sensitive_places_and_cameras_around_it_of_its_own_world(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        await Put(sta, "school?data=simulated", ("S1", "모의 학교 1", 126.978, 37.570), ("S2", "모의 먼 학교", 126.990, 37.570));
        await Put(sta, "school?data=real", ("S1", "진짜 학교", 126.978, 37.570));
        await Put(sta, "camera?data=simulated", ("C1", "모의 카메라 1", 126.977, 37.572));
        await Put(sta, "library?data=simulated", ("L1", "모의 도서관", 126.977, 37.571));
        var id = await sta.OpenIncident(""", "data": "simulated", "longitude": 126.977, "latitude": 37.57 """);

        var story = await sta.Get($"/api/incidents/{id}");
        Assert.Equal([("school", "모의 학교 1", 88)], story["sites"]!.AsArray().Select(site => ((string)site!["kind"]!, (string)site["name"]!, (int)site["metres"]!)));
        Assert.Equal([("camera", "모의 카메라 1", 222)], story["cameras"]!.AsArray().Select(site => ((string)site!["kind"]!, (string)site["name"]!, (int)site["metres"]!)));
        var page = await sta.City.Client.GetStringAsync($"/incidents/{id}", TestContext.Current.CancellationToken);
        Assert.Matches("(?s)class=\"spot around\".*민감한 곳 1곳, 카메라 1대.*<td>1</td>.*학교.*모의 학교 1.*90 m.*카메라\\(CCTV\\).*모의 카메라 1", page);
        Assert.DoesNotContain("진짜 학교", page, StringComparison.Ordinal);
        Assert.Contains("within 500 m", await sta.City.Client.GetStringAsync($"/en/incidents/{id}", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static async Task Put(Sta sta, string address, params (string Code, string Name, double Longitude, double Latitude)[] sites)
    {
        var features = sites.Select(site => FormattableString.Invariant($$"""{ "type": "Feature", "properties": { "code": "{{site.Code}}", "name": "{{site.Name}}" }, "geometry": { "type": "Point", "coordinates": [{{site.Longitude}}, {{site.Latitude}}] } }"""));
        using var body = new StringContent($$"""{ "type": "FeatureCollection", "features": [{{string.Join(',', features)}}] }""", System.Text.Encoding.UTF8, "application/geo+json");
        using var answer = await sta.City.Client.PutAsync(new Uri("/api/places/sites/" + address, UriKind.Relative), body, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory, BothEngines]
    public async Task A_report_says_what_alerts_of_the_district_had_said_by_then(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        var (near, elsewhere) = (await sta.CreateDatastream(), await sta.CreateDatastream("먼 곳", longitude: 127.1));
        await sta.PutRule("dust", RuleTrialTests.Rule("datastream", """{ "kind": "reading" }""", AlertScene.High));
        var id = await sta.OpenIncident(""", "data": "simulated", "longitude": 126.977, "latitude": 37.57 """);
        await sta.Observe(near, (1, 80));
        await sta.Observe(elsewhere, (1, 90));
        await sta.Until(alerts => alerts.Count == 2);
        var patience = TimeProvider.System.GetTimestamp();
        string page;
        do
        {
            // The sensors of the district are known a moment after their readings.
            Assert.True(TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(20), "the report names the alert");
            page = await sta.City.Client.GetStringAsync($"/incidents/{id}/report", TestContext.Current.CancellationToken);
        }
        while (!page.Contains("발령", StringComparison.Ordinal));

        Assert.Matches("(?s)그때 알고 있던 것.*종로 1: .*발령 · high", page);
        Assert.DoesNotContain("먼 곳", page, StringComparison.Ordinal);
    }
}
