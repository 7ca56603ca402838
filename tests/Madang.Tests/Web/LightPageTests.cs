using System.Net;
using System.Text.RegularExpressions;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing;
using Madang.Tests.Trust.Accounts;

namespace Madang.Tests.Web;

/// <summary>The page of street lights: seen by everybody, commanded by who may.</summary>
public sealed class LightPageTests
{
    private const string Root = "/sta/tasking/v1.1";

    [Theory, BothEngines]
    public async Task Everybody_sees_the_lights_and_an_operator_tells_one_or_a_street(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await Visitor.AddPerson(sta.City);
        var kim = new Visitor(sta.City);
        await kim.Get("/lights");
        Assert.Contains("알려진 가로등이 없습니다", kim.Page, StringComparison.Ordinal);
        foreach (var (serial, street) in new[] { ("A-1", "종로"), ("A-2", "종로"), ("B-1", "을지로") })
        {
            await sta.Create($"{Root}/Things", $$"""
                { "name": "등 {{serial}}", "description": "d", "properties": { "kind": "street-light", "street": "{{street}}", "serial": "{{serial}}" },
                  "Locations": [{ "name": "l", "description": "d", "encodingType": "application/geo+json", "location": { "type": "Point", "coordinates": [126.98, 37.57] } }],
                  "TaskingCapabilities": [{ "name": "밝기", "description": "d", "taskingParameters": { "type": "DataRecord", "field": [{ "name": "level", "type": "Quantity" }] },
                    "Actuator": { "name": "a", "description": "d", "encodingType": "text/plain", "metadata": "none" } }] }
                """);
        }

        await kim.Get("/en/lights");
        Assert.Matches("(?s)3 street lights are known. None of them has been heard yet.*– kW", kim.Page);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        await sta.Post("/doors/street-light", $$"""{ "lamps": [{ "pole": "B-1", "at": 1784400000, "dim": 70, "w": 900, "wh": 118250, "state": 1 }] }""");
        await kim.Get("/en/lights");
        Assert.Contains("None was heard in the last 15 minutes, so what they draw now is not known.", kim.Page, StringComparison.Ordinal);
        await sta.Post("/doors/street-light", $$"""{ "lamps": [{ "pole": "A-1", "at": {{now}}, "dim": 70, "w": 56.25, "wh": 118250, "state": 1 }, { "pole": "A-2", "at": {{now}}, "dim": 0, "w": 2, "wh": 1, "state": 2 }] }""");
        foreach (var page in (string[])["/lights", "/en/lights"])
        {
            Assert.Equal(HttpStatusCode.OK, (await kim.Get(page)).StatusCode);
            Assert.DoesNotContain("<form class=\"lights-form\"", kim.Page, StringComparison.Ordinal);
            Assert.DoesNotContain(" style=\"", kim.Page, StringComparison.Ordinal);
        }

        Assert.Matches("(?s)2 of 3 street lights were heard in the last 15 minutes. 1 of them are on, 1 out of order, and together they draw 0.06 kW.*A-1.*70 %.*56.3 W.*118.25 kWh", kim.Page);
        Assert.DoesNotContain("simulated data", kim.Page, StringComparison.Ordinal);
        await kim.SignIn();
        await kim.Get("/lights");
        Assert.DoesNotContain("<form class=\"lights-form\"", kim.Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await kim.Post("/lights", new() { ["act"] = "street", ["street"] = "종로", ["level"] = "20" })).StatusCode);

        await Visitor.GiveRole(sta.City, "operator");
        await kim.Get("/lights");
        var lamp = Regex.Match(kim.Page, "name=\"light\" value=\"(\\d+)\"").Groups[1].Value;
        Assert.Equal("/lights?told=1", (await kim.Post("/lights", new() { ["act"] = "some", ["street"] = "종로", ["light"] = lamp, ["level"] = "20" })).Headers.Location?.ToString());
        await kim.Get("/lights?told=1");
        Assert.Contains("가로등 1개에 밝기를 알렸습니다", kim.Page, StringComparison.Ordinal);

        // A whole street is told only after one has seen how many lamps that are, and asked again when they have become others.
        foreach (var sure in (string?[])[null, "1"])
        {
            Assert.Equal(HttpStatusCode.OK, (await kim.Post("/lights", new() { ["act"] = "street", ["street"] = "종로", ["level"] = "80", ["sure"] = sure ?? "" })).StatusCode);
            Assert.Matches("(?s)가로등 2개의 밝기를 지금 0–70 %에서 80 %로.*name=\"sure\" value=\"2\".*2개를 80 %로 바꾸기", kim.Page);
        }

        Assert.Equal("/lights?told=2", (await kim.Post("/lights", new() { ["act"] = "street", ["street"] = "종로", ["level"] = "80", ["sure"] = "2" })).Headers.Location?.ToString());
        await kim.Get("/lights");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/lights", new() { ["act"] = "some", ["street"] = "종로", ["level"] = "80" })).StatusCode);
        Assert.Contains("하나 이상 골라", kim.Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/lights", new() { ["act"] = "street", ["street"] = "종로", ["level"] = "101" })).StatusCode);

        var tasks = (await sta.Get($"{Root}/Tasks?$orderby=id"))["value"]!.AsArray();
        Assert.Equal([20, 80, 80], tasks.Select(task => (int)task!["taskingParameters"]!["level"]!));
    }

    [Fact]
    public async Task Only_what_is_made_up_says_that_it_is()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        async Task<string> With(string serial, string street, string more)
        {
            await sta.Create($"{Root}/Things", $$"""{ "name": "{{serial}}", "description": "d", "properties": { "kind": "street-light", "street": "{{street}}", "serial": "{{serial}}"{{more}} } }""");
            return await sta.City.Client.GetStringAsync("/lights", TestContext.Current.CancellationToken);
        }

        Assert.DoesNotContain("모의 데이터", await With("R-1", "종로", ""), StringComparison.Ordinal);
        var page = await With("S-1", "종로", """, "simulated": true""");
        Assert.Matches("(?s)R-1</a>\\s*</th>.*S-1</a>\\s*<span class=\"krds-badge bg-light-warning simulated\">모의 데이터", page);
        Assert.Single(Regex.Matches(page, "모의 데이터"));
        Assert.Matches("(?s)<h2[^>]*>\\s*<span>을지로</span>\\s*<span class=\"krds-badge bg-light-warning simulated\">모의 데이터", await With("S-2", "을지로", """, "simulated": true"""));
    }
}
