using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Operations.Rules;
using Madang.Tests.Trust.Accounts;

namespace Madang.Tests.Web;

/// <summary>The page of a rule: everybody reads it; who may change rules tries other numbers, writes them, and reviews.</summary>
public sealed class RulePageTests
{
    [Theory, BothEngines]
    public async Task Other_numbers_are_tried_on_what_was_and_written(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        await Visitor.AddPerson(sta.City);
        await Visitor.GiveRole(sta.City, "operator");
        var one = await sta.CreateDatastream();
        await sta.PutRule("dust", RuleTrialTests.Rule("datastream", """{ "kind": "reading" }""", AlertScene.High + ", " + AlertScene.Higher));
        await sta.Observe(one, (10, 80), (20, 160), (30, 100), (40, 30));
        sta.City.Clock!.Advance(TimeSpan.FromHours(1));
        var kim = new Visitor(sta.City);
        await kim.Get("/rules/dust");
        Assert.Matches("(?s)시험.*켜짐.*75.*35.*150", kim.Page);
        Assert.DoesNotContain("<form class=\"account-form\"", kim.Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await kim.Get("/rules/nothing")).StatusCode);

        await kim.SignIn();
        await kim.Get("/rules/dust");
        var form = Form("90", "0", "40", "150", "0", "90");
        Assert.Equal(HttpStatusCode.OK, (await kim.Post("/rules/dust", With(form, "act", "try"))).StatusCode);
        Assert.Matches("(?s)1곳에서 모두 1번 발령되어.*<rect x=\"[0-9.]+\" width=\"0.2\".*종로 1", kim.Page);
        Assert.Matches("(?s)name=\"levels\\[0\\].from\"[^>]*value=\"90\"", kim.Page);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/rules/dust", With(Form("90", "0", "95", "150", "0", "90"), "act", "write"))).StatusCode);
        Assert.Matches("(?s)aria-invalid=\"true\".*발령 기준보다 크지 않은 숫자여야 합니다", kim.Page);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/rules/dust", With(Form("many", "0", "95", "150", "0", "90"), "act", "write"))).StatusCode);
        Assert.Equal("/rules/dust?done=written", (await kim.Post("/rules/dust", With(form, "act", "write"))).Headers.Location?.ToString());
        var rule = await sta.Get("/api/rules/dust");
        Assert.Equal((2, 90.0, true), ((int)rule["revision"]!, (double)rule["rule"]!["levels"]![0]!["from"]!, (bool)rule["isOn"]!));
        await kim.Get("/rules/dust?done=written");
        Assert.Matches("(?s)지금부터 이 규칙으로 판단합니다.*2판.*1판", kim.Page);
    }

    [Theory, BothEngines]
    public async Task What_gives_orders_waits_for_another_person(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        await Visitor.AddPerson(sta.City);
        await Visitor.AddPerson(sta.City, "lee@city.example");
        await Visitor.GiveRole(sta.City, "operator");
        await Visitor.GiveRole(sta.City, "operator", name: "lee@city.example");
        var (kim, lee) = (new Visitor(sta.City), new Visitor(sta.City));
        await kim.SignIn();
        await lee.SignIn("lee@city.example");
        await kim.Get("/rules/pm25");
        var form = Form("75", "120", "35", "160", "120", "75");
        Assert.Equal("/rules/pm25?done=proposed", (await kim.Post("/rules/pm25", With(form, "act", "write"))).Headers.Location?.ToString());
        await kim.Get("/rules/pm25");
        Assert.Contains("자기가 쓴 변경은 다른 사람이 검토합니다.", kim.Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/rules/pm25", new() { ["act"] = "approve", ["revision"] = "2" })).StatusCode);
        Assert.Equal(150, (double)(await sta.Get("/api/rules/pm25"))["rule"]!["levels"]![1]!["from"]!);

        await lee.Get("/en/rules/pm25");
        Assert.Matches("(?s)A change to review.*160", lee.Page);
        Assert.Equal("/en/rules/pm25?done=approve", (await lee.Post("/en/rules/pm25", new() { ["act"] = "approve", ["revision"] = "2", ["note"] = "<b>맞음</b>" })).Headers.Location?.ToString());
        Assert.Equal(160, (double)(await sta.Get("/api/rules/pm25"))["rule"]!["levels"]![1]!["from"]!);
        await lee.Get("/rules/pm25");
        Assert.Contains("&lt;b&gt;맞음&lt;/b&gt;", lee.Page, StringComparison.Ordinal);
    }

    [Theory, BothEngines]
    public async Task A_rule_that_goes_by_another_says_by_which_and_the_other_stays_on(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        await Visitor.AddPerson(sta.City);
        await Visitor.GiveRole(sta.City, "operator");
        var one = await sta.CreateDatastream();
        await sta.PutRule("dust", RuleTrialTests.Rule("datastream", """{ "kind": "reading" }""", AlertScene.High + ", " + AlertScene.Higher));
        await sta.PutRule("many", RuleTrialTests.Rule("district", """{ "kind": "count", "rule": "dust", "level": "high", "as": "share" }""", """{ "name": "many", "from": 30, "holdMinutes": 0, "lift": 20 }"""));
        await sta.Observe(one, (10, 80), (20, 160), (40, 30));
        await sta.Until(alerts => alerts.Count == 2);
        sta.City.Clock!.Advance(TimeSpan.FromHours(2));
        var kim = new Visitor(sta.City);
        await kim.Get("/rules/many");
        Assert.Matches("(?s)최근 10분 안에 규칙 ‘dust’의 ‘high’ 단계에 걸린 데이터스트림의 비율이 30% 이상이면.*<caption>단계, %.*따르는 규칙.*href=\"/rules/dust\"", kim.Page);

        await kim.SignIn();
        await kim.Get("/rules/many");
        var numbers = new Dictionary<string, string> { ["levels[0].from"] = "50", ["levels[0].holdMinutes"] = "0", ["levels[0].lift"] = "40", ["on"] = "on", ["days"] = "7" };
        await kim.Post("/rules/many", With(numbers, "act", "try"));
        Assert.Contains("1곳에서 모두 1번 발령되어", kim.Page, StringComparison.Ordinal);
        await kim.Get("/rules/dust");
        var rests = With(Form("75", "0", "35", "150", "0", "75"), "act", "write");
        rests.Remove("on");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/rules/dust", rests)).StatusCode);
        Assert.Contains("다른 규칙이 이 규칙을 따르고 있어", kim.Page, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Form(params string[] numbers) => new()
    {
        ["levels[0].from"] = numbers[0], ["levels[0].holdMinutes"] = numbers[1], ["levels[0].lift"] = numbers[2],
        ["levels[1].from"] = numbers[3], ["levels[1].holdMinutes"] = numbers[4], ["levels[1].lift"] = numbers[5], ["on"] = "on", ["days"] = "7",
    };

    private static Dictionary<string, string> With(Dictionary<string, string> form, string name, string value) => new(form) { [name] = value };
}
