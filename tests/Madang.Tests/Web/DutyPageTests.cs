using System.Net;
using System.Text.RegularExpressions;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Operations.Duty;
using Madang.Tests.Operations.Rules;
using Madang.Tests.Trust.Accounts;

namespace Madang.Tests.Web;

/// <summary>The pages of duty, maintenance and messages: officials plan, see who was told, and try again.</summary>
public sealed class DutyPageTests
{
    [Theory, BothEngines]
    public async Task An_official_plans_duty_and_maintenance_and_sees_who_was_told(Engine engine)
    {
        await using var sta = await DutyScene.Open(engine);
        await Visitor.AddPerson(sta.City);
        var kim = new Visitor(sta.City);
        Assert.NotEqual(HttpStatusCode.OK, (await kim.Get("/duty")).StatusCode);
        await kim.SignIn();
        Assert.Equal(HttpStatusCode.Forbidden, (await kim.Get("/duty")).StatusCode);
        await Visitor.GiveRole(sta.City, "official");
        await kim.Get("/duty");
        Assert.Contains("아직 당직표가 없습니다", kim.Page, StringComparison.Ordinal);

        Assert.Equal("/duty?done=roster", await Sent(kim, "/duty", new() { ["act"] = "roster", ["id"] = "air", ["ko"] = "대기 당직", ["en"] = "Air duty", ["rules"] = "*", ["waits"] = "10 15" }));
        Assert.Equal("/duty?done=shift", await Sent(kim, "/duty", new() { ["act"] = "shift", ["roster"] = "air", ["step"] = "1", ["from"] = "2026-07-19T09:00", ["until"] = "2026-07-20T09:00" }));
        await kim.Get("/duty?done=shift");
        Assert.Matches("(?s)자리 2곳 가운데 1곳이 비어 있습니다.*대기 당직.*1차.*나</bdi>.*비어 있음.*2차.*비어 있음", kim.Page);
        await kim.Get("/en/duty");
        Assert.Matches("(?s)Of 2 steps of duty, 1 are held by nobody.*Air duty.*Step 1.*Nobody", kim.Page);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/duty", new() { ["act"] = "shift", ["roster"] = "air", ["step"] = "1", ["from"] = "2026-07-19T10:00", ["until"] = "2026-07-19T11:00" })).StatusCode);
        Assert.Contains("겹칠 수 없습니다", kim.Page, StringComparison.Ordinal);

        Assert.Equal("/duty?done=begin", await Sent(kim, "/duty", new() { ["act"] = "begin", ["what"] = "districts", ["which"] = "11110", ["until"] = "2026-07-19T18:00", ["reason"] = "측정기 <b>교체</b>" }));
        await kim.Get("/duty");
        Assert.Matches("(?s)자치구 11110.*점검 중.*측정기 &lt;b&gt;교체", kim.Page);
        await sta.PutRule("dust", RuleTrialTests.Rule("datastream", DutyScene.Reading, AlertScene.High));
        var alert = (long)(await sta.Raise())["id"]!;
        await kim.Get("/alerts?data=simulated");
        Assert.Contains("점검 중", kim.Page, StringComparison.Ordinal);
        await kim.Get($"/en/alerts/{alert}");
        Assert.Contains("Under maintenance", kim.Page, StringComparison.Ordinal);
        await kim.Get("/duty");
        Assert.Equal("/duty?done=end", await Sent(kim, "/duty", new() { ["act"] = "end", ["window"] = "1" }));
        await sta.UntilMessages(messages => messages.Count == 1 && (string)messages[0]["state"]! == "sent");
        Assert.Equal("/duty?done=shift", await Sent(kim, "/duty", new() { ["act"] = "shift", ["roster"] = "air", ["step"] = "2", ["from"] = "2026-07-19T09:00", ["until"] = "2026-07-20T09:00" }));
        await sta.Pass(10);
        await kim.Get($"/alerts/{alert}");
        Assert.Contains("2차 당직으로 넘어감", kim.Page, StringComparison.Ordinal);

        await kim.Get("/duty/messages?state=sent");
        Assert.Matches("(?s)보내지 못한 알림이 없습니다.*\\[마당·모의\\] 종로 1: high 발령.*나</bdi> · 이메일.*보냄", kim.Page);
        await kim.Get("/en/duty/messages");
        Assert.Matches(@"(?s)\[Madang, simulated\] 종로 1: high.*e-mail", kim.Page);
        Assert.StartsWith("/account/again", (await kim.Post("/duty/messages", new() { ["act"] = "contact" })).Headers.Location?.ToString(), StringComparison.Ordinal);
        await kim.Get("/account/again");
        await kim.Post("/account/again", new() { ["password"] = Visitor.Password });
        await kim.Get("/duty/messages");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/duty/messages", new() { ["act"] = "contact", ["name"] = "나", ["phone"] = "없음", ["mine"] = "true" })).StatusCode);
        Assert.Equal("/duty/messages?done=contact", await Sent(kim, "/duty/messages", new() { ["act"] = "contact", ["name"] = "당직폰", ["phone"] = "010-0000-0000", ["mine"] = "true", ["quietFrom"] = "22:00", ["quietUntil"] = "07:00" }));
        await sta.Raise("종로 2", 30);
        await sta.UntilMessages(messages => messages.Any(message => (string)message["state"]! == "failed"));
        await kim.Get("/duty/messages?state=failed");
        Assert.Matches("(?s)알림 1건을 보내지 못했습니다.*문자를 보낼 곳이 설정되지 않았습니다.*조용한 시간 22:00–07:00", kim.Page);
        var message = Regex.Match(kim.Page, "name=\"message\" value=\"(\\d+)\"").Groups[1].Value;
        Assert.Equal("/duty/messages?done=retry", await Sent(kim, "/duty/messages", new() { ["act"] = "retry", ["message"] = message }));
        Assert.Equal("/duty/messages?done=uncontact", await Sent(kim, "/duty/messages", new() { ["act"] = "uncontact", ["contact"] = "1" }));

        await kim.Get("/duty");
        Assert.Equal("/duty?done=unshift", await Sent(kim, "/duty", new() { ["act"] = "unshift", ["roster"] = "air", ["step"] = "1", ["from"] = "2026-07-19T00:00:00.000Z" }));
        Assert.Null((string?)(await sta.Get("/api/duty"))[0]!["holders"]![0]!["person"]);

        // What another changed meanwhile is not written over; and a roster is deleted as it was seen.
        await kim.Get("/duty");
        var version = Regex.Match(kim.Page, "name=\"version\" value=\"(\\d+)\"").Groups[1].Value;
        var other = (await sta.AddPeople("lee"))[0];
        await sta.Put("/api/duty/rosters/air", $$"""{ "name": { "ko": "대기 당직", "en": "Air duty" }, "rules": ["*"], "steps": [{}], "shifts": [{{DutyScene.Shift(1, other, "2026-07-19T01:00:00Z")}}] }""");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/duty", new() { ["act"] = "unroster", ["roster"] = "air", ["version"] = version })).StatusCode);
        Assert.Contains("그사이 다른 사람이 이 당직표를 바꾸었습니다", kim.Page, StringComparison.Ordinal);
        Assert.Matches("(?s)1차.*김마당</bdi>", kim.Page);
        await sta.Send(HttpMethod.Post, $"/api/people/{other}/lock", "{}", HttpStatusCode.NoContent);
        await kim.Get("/duty");
        Assert.Matches("(?s)1곳이 비어 있습니다.*김마당</bdi>.*담당 자격이 없어", kim.Page);
        version = Regex.Match(kim.Page, "name=\"version\" value=\"(\\d+)\"").Groups[1].Value;
        Assert.Equal("/duty?done=unroster", await Sent(kim, "/duty", new() { ["act"] = "unroster", ["roster"] = "air", ["version"] = version }));
        await kim.Get("/duty");
        Assert.Contains("아직 당직표가 없습니다", kim.Page, StringComparison.Ordinal);
    }

    private static async Task<string?> Sent(Visitor visitor, string path, Dictionary<string, string> fields)
    {
        var answer = await visitor.Post(path, fields);
        Assert.True(answer.StatusCode is HttpStatusCode.Found or HttpStatusCode.SeeOther, $"{answer.StatusCode} {Regex.Match(visitor.Page, "data-notice=\"wrong\"[^>]*>([^<]*)").Groups[1].Value}");
        return answer.Headers.Location?.ToString();
    }
}
