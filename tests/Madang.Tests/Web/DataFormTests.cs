using System.Net;
using System.Text.Json.Nodes;
using Dapper;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Operations.Rules;
using Madang.Tests.Trust.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Web;

/// <summary>Rules and automations are written on a page, with all their fields and without JavaScript.</summary>
public sealed class DataFormTests
{
    [Theory, BothEngines]
    public async Task A_rule_is_written_tried_and_changed_with_all_its_fields(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        await Visitor.AddPerson(sta.City);
        var one = await sta.CreateDatastream();
        await sta.Observe(one, (10, 80), (20, 160), (30, 30));
        sta.City.Clock!.Advance(TimeSpan.FromHours(1));
        var kim = new Visitor(sta.City);
        await kim.SignIn();
        Assert.Equal(HttpStatusCode.Forbidden, (await kim.Get("/rules/new")).StatusCode);
        await Visitor.GiveRole(sta.City, "operator");
        await kim.Get("/rules");
        Assert.Contains("href=\"/rules/new\"", kim.Page, StringComparison.Ordinal);
        await kim.Get("/rules/new");
        Assert.Matches("(?s)name=\"signal.pauseMinutes\"[^>]*value=\"30\".*name=\"levels\\[0\\].from\"[^>]*required", kim.Page);

        var form = Rule("reading", ("scope.measure", "pm25"), ("scope.unit", "㎍/㎥"), ("signal.pauseMinutes", "30"), ("side", "above"), ("data", "simulated"), ("each", "datastream"));
        Assert.Equal(HttpStatusCode.OK, (await kim.Post("/rules/new", With(form, ("act", "try")))).StatusCode);
        Assert.Matches("(?s)id=\"trial\".*1곳에서 모두 1번 발령되어.*75㎍/㎥ 이상", kim.Page);

        // What is wrong is told beside its field.
        foreach (var (field, value, says) in ((string, string, string)[])[("levels[0].lift", "90", "발령 기준보다 크지 않은"), ("levels[0].from", "many", "숫자여야 합니다"), ("from", "tomorrow", "2026-12-31처럼"), ("name.en", "", "적어야 합니다"), ("id", "new", "이미 쓰고 있는")])
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/rules/new", With(form, ("act", "write"), (field, value)))).StatusCode);
            Assert.Matches($"(?s)name=\"{System.Text.RegularExpressions.Regex.Escape(field)}\"[^>]*aria-invalid=\"true\".*class=\"form-wrong\"[^>]*>[^<]*{says}", kim.Page);
        }

        Assert.Equal("/rules/dust?done=written", (await kim.Post("/rules/new", With(form, ("act", "write"), ("on", "on")))).Headers.Location?.ToString());
        var rule = await sta.Get("/api/rules/dust");
        Assert.Equal(("reading", "pm25", 75.0, true, 1), ((string)rule["rule"]!["signal"]!["kind"]!, (string)rule["rule"]!["scope"]!["measure"]!, (double)rule["rule"]!["levels"]![0]!["from"]!, (bool)rule["isOn"]!, rule["rule"]!["levels"]!.AsArray().Count));

        // Another level, and what another person changed meanwhile is not written over.
        await kim.Get("/en/rules/dust/change");
        Assert.Matches("(?s)name=\"seen\" value=\"1\".*name=\"levels\\[0\\].from\"[^>]*value=\"75\".*Level 3", kim.Page);
        var two = With(form, ("seen", "1"), ("act", "write"), ("on", "on"), ("levels[1].name", "higher"), ("levels[1].title.ko", "매우 높음"), ("levels[1].title.en", "Very high"), ("levels[1].from", "150"), ("levels[1].holdMinutes", "0"), ("levels[1].lift", "75"));
        Assert.Equal("/en/rules/dust?done=written", (await kim.Post("/en/rules/dust/change", two)).Headers.Location?.ToString());
        Assert.Equal("Very high", (string)(await sta.Get("/api/rules/dust"))["rule"]!["levels"]![1]!["title"]!["en"]!);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/en/rules/dust/change", two)).StatusCode);
        Assert.Contains("Somebody else changed it meanwhile", kim.Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await kim.Get("/rules/nothing/change")).StatusCode);
    }

    [Theory, BothEngines]
    public async Task What_no_field_can_choose_any_more_stays_and_what_another_kind_cannot_have_goes(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        await Visitor.AddPerson(sta.City);
        await Visitor.GiveRole(sta.City, "operator");
        var rule = JsonNode.Parse(RuleTrialTests.Rule("datastream", """{ "kind": "reading" }""", AlertScene.High))!;
        rule["scope"]!["districts"] = new JsonArray("99999");
        rule["side"] = "above";
        await sta.PutRule("old", rule.ToJsonString());
        var kim = new Visitor(sta.City);
        await kim.SignIn();
        await kim.Get("/rules/old/change");
        Assert.Matches("name=\"scope.districts\" value=\"99999\" checked", kim.Page);
        var form = Rule("reading", ("seen", "1"), ("act", "write"), ("scope.measure", "pm25"), ("scope.unit", "㎍/㎥"), ("signal.pauseMinutes", "20"), ("side", "above"), ("data", "simulated"), ("each", "datastream"), ("scope.districts", "99999"));
        Assert.Equal("/rules/old?done=written", (await kim.Post("/rules/old/change", form)).Headers.Location?.ToString());
        Assert.Equal("99999", (string)(await sta.Get("/api/rules/old"))["rule"]!["scope"]!["districts"]![0]!);

        // Whoever was told that another was quicker is told again: the form still says what he has seen.
        foreach (var _ in (int[])[1, 2])
        {
            await kim.Post("/rules/old/change", form);
            Assert.Matches("(?s)그사이 다른 사람이 바꾸었습니다.*name=\"seen\" value=\"1\"", kim.Page);
        }

        // A rule of a measure becomes one of incidents; without what was seen nothing is written.
        var facts = Rule("facts", ("act", "write"), ("data", "simulated"), ("each", "city"), ("signal.kinds", "fire"), ("signal.withinMinutes", "60"), ("scope.districts", "99999"));
        facts.Remove("seen");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/rules/old/change", facts)).StatusCode);
        Assert.Equal("/rules/old?done=written", (await kim.Post("/rules/old/change", With(facts, ("seen", "2")))).Headers.Location?.ToString());
    }

    [Theory, BothEngines]
    public async Task A_new_rule_that_was_refused_is_not_there_and_can_be_written_anew(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        await sta.PutRule("once", RuleTrialTests.Rule("datastream", """{ "kind": "reading" }""", AlertScene.High));
        await sta.City.Services.GetRequiredService<IDatabase>().Write(scope => scope.Connection.ExecuteAsync("UPDATE rule_revisions SET state = 3 WHERE rule_id = 'once'", transaction: scope.Transaction), TestContext.Current.CancellationToken);
        await Visitor.AddPerson(sta.City);
        await Visitor.GiveRole(sta.City, "operator");
        var kim = new Visitor(sta.City);
        await kim.SignIn();
        Assert.Equal(HttpStatusCode.NotFound, (await kim.Get("/rules/once")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await kim.Get("/rules/once/change")).StatusCode);
        await kim.Get("/rules/new");
        var form = Rule("reading", ("id", "once"), ("act", "write"), ("scope.measure", "pm25"), ("scope.unit", "㎍/㎥"), ("signal.pauseMinutes", "30"), ("side", "above"), ("data", "simulated"), ("each", "datastream"));
        Assert.Equal("/rules/once?done=written", (await kim.Post("/rules/new", form)).Headers.Location?.ToString());
        Assert.Equal(2, (int)(await sta.Get("/api/rules/once"))["revision"]!);
    }

    [Theory, BothEngines]
    public async Task Each_kind_of_signal_has_its_fields_and_is_written_with_them(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        await Visitor.AddPerson(sta.City);
        await Visitor.GiveRole(sta.City, "operator");
        await sta.PutRule("dust", RuleTrialTests.Rule("datastream", """{ "kind": "reading" }""", AlertScene.High));
        await sta.PutRule("smoke", RuleTrialTests.Rule("datastream", """{ "kind": "reading" }""", AlertScene.High));
        var kim = new Visitor(sta.City);
        await kim.SignIn();
        (string Field, string Value)[] measured = [("scope.measure", "pm25"), ("scope.unit", "㎍/㎥"), ("side", "above")];
        foreach (var (kind, fields) in (Dictionary<string, (string, string)[]>)new()
        {
            ["mean"] = [.. measured, ("each", "district"), ("signal.stepMinutes", "60"), ("signal.of", "mean"), ("signal.across", "max"), ("signal.complete", "0.5"), ("scope.districts", "11110")],
            ["change"] = [.. measured, ("each", "datastream"), ("signal.overMinutes", "30")],
            ["usual"] = [.. measured, ("each", "datastream"), ("signal.days", "7")],
            ["neighbours"] = [.. measured, ("each", "datastream"), ("signal.stepMinutes", "10"), ("signal.count", "4"), ("signal.withinMetres", "2000")],
            ["silence"] = [("each", "datastream"), ("scope.tag", "bridge")],
            ["unchanged"] = [("each", "datastream"), ("scope.measure", "pm25")],
            ["count"] = [("each", "city"), ("signal.rule", "dust"), ("signal.level", "high"), ("signal.withinMinutes", "20"), ("signal.of", "things"), ("signal.as", "number")],
            ["combination"] = [("each", "datastream"), ("signal.rules[0].rule", "dust"), ("signal.rules[0].level", "high"), ("signal.rules[1].rule", "smoke"), ("levels[0].from", "2"), ("levels[0].lift", "1")],
            ["facts"] = [("each", "district"), ("signal.kinds", "fire"), ("signal.withinMinutes", "60")],
            ["schedule"] = [("signal.days", "monday"), ("signal.months", "7"), ("signal.fromTime", "06:00"), ("signal.untilTime", "21:30"), ("levels[0].from", "1"), ("levels[0].lift", "1")],
        })
        {
            await kim.Get("/rules/new?signal=" + kind);
            Assert.All(fields, field => Assert.Contains($"name=\"{field.Item1}\"", kim.Page, StringComparison.Ordinal));
            var answer = await kim.Post("/rules/new", With(Rule(kind, ("data", "simulated"), ("id", "of-" + kind), ("act", "write")), fields));
            Assert.True(answer.Headers.Location?.ToString() == $"/rules/of-{kind}?done=written", kind + ": " + System.Text.RegularExpressions.Regex.Match(kim.Page, "data-notice=\"wrong\"[^<]*").Value);
            var signal = (await sta.Get("/api/rules/of-" + kind))["rule"]!["signal"]!;
            Assert.Equal(kind, (string)signal["kind"]!);
            Assert.All(fields.Where(field => field.Item1 is "signal.stepMinutes" or "signal.count" or "signal.rule" or "signal.of"), field => Assert.Equal(field.Item2, signal[field.Item1[7..]]!.ToString()));
        }

        Assert.Equal(2, (await sta.Get("/api/rules/of-combination"))["rule"]!["signal"]!["rules"]!.AsArray().Count);
        await kim.Get("/rules/of-schedule/change");
        Assert.Matches("(?s)value=\"monday\" checked.*name=\"signal.fromTime\"[^>]*value=\"06:00\"", kim.Page);
    }

    [Theory, BothEngines]
    public async Task An_automation_is_written_previewed_and_changed(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        await Visitor.AddPerson(sta.City);
        await Visitor.GiveRole(sta.City, "official");
        await sta.Put("/api/duty/rosters/night", """{ "name": { "ko": "야간", "en": "Night" }, "rules": ["*"], "steps": [{ "waitMinutes": 10 }] }""");
        var kim = new Visitor(sta.City);
        await kim.SignIn();
        await kim.Get("/automations");
        Assert.Contains("href=\"/automations/new\"", kim.Page, StringComparison.Ordinal);
        await kim.Get("/automations/new?when=incident&do=task");
        var form = new Dictionary<string, string>
        {
            ["when"] = "incident", ["do"] = "task", ["seen"] = "0", ["id"] = "look", ["name.ko"] = "살피기", ["name.en"] = "Look", ["owner.ko"] = "안전", ["owner.en"] = "Safety", ["data"] = "real", ["mostPerHour"] = "20", ["on"] = "on",
            ["when.incident"] = "fire", ["do.text.ko"] = "{where}을 살핍니다", ["do.text.en"] = "Look at {where}", ["do.department.ko"] = "안전", ["do.department.en"] = "Safety", ["do.dueMinutes"] = "30",
        };
        Assert.Equal(HttpStatusCode.OK, (await kim.Post("/automations/new", With(form, ("act", "preview")))).StatusCode);
        Assert.Matches("(?s)이렇게 합니다.*화재 사건이 열릴 때", kim.Page);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/automations/new", With(form, ("act", "write"), ("do.dueMinutes", "0")))).StatusCode);
        Assert.Matches("(?s)name=\"do.dueMinutes\"[^>]*aria-invalid=\"true\".*1에서 44640 사이의 숫자여야 합니다", kim.Page);
        Assert.Equal("/automations/look?done=written", (await kim.Post("/automations/new", With(form, ("act", "write")))).Headers.Location?.ToString());
        var written = await sta.Get("/api/automations/look");
        Assert.Equal((true, true, "fire"), ((bool)written["automation"]!["isDry"]!, (bool)written["isOn"]!, (string)written["automation"]!["when"]!["incident"]!));

        // Other kinds, one after the other; what the city tells everybody waits for another person.
        await kim.Get("/automations/look/change?when=clock&do=publish");
        Assert.Contains("다른 사람이 승인해야 합니다", kim.Page, StringComparison.Ordinal);
        (string, string)[] clock = [("when", "clock"), ("when.time", "08:30"), ("when.days", "monday"), ("act", "write")];
        var send = With(form, [.. clock, ("seen", "1"), ("do", "send"), ("do.rosters", "night"), ("do.isUrgent", "yes")]);
        Assert.Equal("/automations/look?done=written", (await kim.Post("/automations/look/change", send)).Headers.Location?.ToString());
        Assert.Equal("night", (string)(await sta.Get("/api/automations/look"))["automation"]!["do"]!["rosters"]![0]!);
        await kim.Get("/automations/look/change");
        Assert.Matches("(?s)name=\"when.time\" type=\"time\" value=\"08:30\".*name=\"do.rosters\" value=\"night\" checked", kim.Page);
        Assert.Equal("/automations/look?done=proposed", (await kim.Post("/automations/look/change", With(form, [.. clock, ("seen", "2"), ("do", "publish"), ("do.hours", "3"), ("do.district", "city")]))).Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/automations/new", With(form, ("act", "write")))).StatusCode);
        Assert.Contains("이미 쓰고 있는 이름입니다", kim.Page, StringComparison.Ordinal);

        foreach (var (kind, fields) in (Dictionary<string, (string, string)[]>)new()
        {
            ["every"] = [("when.minutes", "60"), ("do", "report"), ("do.of", "day")], ["alert"] = [("when.rule", "pm25"), ("when.on", "raised"), ("do", "report"), ("do.of", "day")],
        })
        {
            await kim.Get($"/automations/new?when={kind}&do=report");
            Assert.Equal($"/automations/of-{kind}?done=written", (await kim.Post("/automations/new", With(form, [("when", kind), ("id", "of-" + kind), ("act", "write"), .. fields]))).Headers.Location?.ToString());
        }

        await kim.Get("/en/automations/new?when=every&do=lamp");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/en/automations/new", With(form, ("when", "every"), ("when.minutes", "60"), ("do", "lamp"), ("do.level", "50"), ("do.minutes", "10"), ("id", "lamps"), ("act", "write")))).StatusCode);
        Assert.Matches("(?s)name=\"do.street\"[^>]*aria-invalid=\"true\"", kim.Page);
    }

    private static Dictionary<string, string> Rule(string kind, params (string, string)[] more) => With(
        new()
        {
            ["signal"] = kind, ["seen"] = "0", ["id"] = "dust", ["name.ko"] = "시험", ["name.en"] = "Test", ["owner.ko"] = "시험 부서", ["owner.en"] = "Test department", ["source.title"] = "시험", ["from"] = "2020-01-01", ["days"] = "7",
            ["levels[0].name"] = "high", ["levels[0].from"] = "75", ["levels[0].holdMinutes"] = "0", ["levels[0].lift"] = "35",
        },
        more);

    private static Dictionary<string, string> With(Dictionary<string, string> form, params (string Name, string Value)[] more)
    {
        var all = new Dictionary<string, string>(form);
        foreach (var (name, value) in more)
        {
            all[name] = value;
        }

        return all;
    }
}
