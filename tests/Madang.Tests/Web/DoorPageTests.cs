using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing;
using Madang.Tests.Trust.Accounts;

namespace Madang.Tests.Web;

/// <summary>The pages of device doors, as an operator without JavaScript walks through them.</summary>
public sealed class DoorPageTests
{
    private const string Mapping = "name: lamp\nformat: json\nrecords: $[*]\ndevice: { from: pole }\nmeasures:\n  - { from: pm, measure: pm25, range: [0, 500] }\n";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task An_operator_writes_rules_sees_what_they_do_and_sends_again_what_did_not_fit(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var kim = await Operator(sta.City);
        await sta.Create("Things", Sta.Thing("L").Replace("\"simulated\": true", "\"serial\": \"L-1\"", StringComparison.Ordinal));
        await kim.Get("/house/doors/new");
        Assert.Contains("name: my-device", kim.Page, StringComparison.Ordinal);

        var wrong = await kim.Post("/house/doors/new", new() { ["act"] = "save", ["mapping"] = Mapping.Replace("[0, 500]", "[500, 0]", StringComparison.Ordinal).ReplaceLineEndings("\r\n") });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.Contains("6행, measures[0].range", kim.Page, StringComparison.Ordinal);
        Assert.Contains("[500, 0]", kim.Page, StringComparison.Ordinal);

        const string payload = """[{ "pole": "L-1", "pm": 35 }, { "pole": "L-1", "pm": 900 }, { "pole": "<b>" , "pm": 1 }]""";
        await kim.Post("/house/doors/new", new() { ["act"] = "preview", ["mapping"] = Mapping, ["payload"] = payload });
        Assert.Matches("(?s)id=\"door-preview\".*기록 3개에서 값 1개를 저장하고, 기록 2개는.*2번째 기록 · L-1.*900\\(원래 값 900\\)은\\(는\\).*&lt;b&gt;.*Datastream 1", kim.Page);
        Assert.Empty((await sta.Get("Observations"))["value"]!.AsArray());

        var saved = await kim.Post("/house/doors/new", new() { ["act"] = "save", ["mapping"] = Mapping });
        Assert.Equal("/house/doors/lamp?done=saved", saved.Headers.Location?.ToString());
        await sta.Post("/doors/lamp", payload);
        await kim.Get("/en/house/doors/lamp?done=saved");
        Assert.Matches("(?s)The rules were saved.*2 waiting.*1 · .*900 \\(raw 900\\)", kim.Page);

        await kim.Post("/en/house/doors/lamp", new() { ["act"] = "save", ["mapping"] = Mapping.Replace("500", "1500", StringComparison.Ordinal) });
        await kim.Get("/en/house/doors/lamp");
        Assert.Equal("/en/house/doors/lamp?done=still-kept", (await kim.Post("/en/house/doors/lamp/kept/replay")).Headers.Location?.ToString());
        Assert.Equal(2, (await sta.Get("Observations"))["value"]!.AsArray().Count);
        await kim.Get("/en/house/doors/lamp");
        var id = Regex.Match(kim.Page, "kept/(\\d+)/delete").Groups[1].Value;
        Assert.Equal("/en/house/doors/lamp?done=still-kept", (await kim.Post($"/en/house/doors/lamp/kept/{id}/replay")).Headers.Location?.ToString());
        await kim.Get("/en/house/doors/lamp");
        id = Regex.Match(kim.Page, "kept/(\\d+)/delete").Groups[1].Value;
        Assert.Equal("/en/house/doors/lamp?done=removed", (await kim.Post($"/en/house/doors/lamp/kept/{id}/delete")).Headers.Location?.ToString());
        await kim.Get("/en/house/doors/lamp");
        Assert.Contains("Nothing waits here.", kim.Page, StringComparison.Ordinal);
        Assert.Equal("/en/house/doors?done=deleted", (await kim.Post("/en/house/doors/lamp/delete")).Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.NotFound, (await kim.Get("/en/house/doors/lamp")).StatusCode);
    }

    [Fact]
    public async Task Every_page_is_drawn_in_both_languages()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        var kim = await Operator(sta.City);
        using var csv = new StringContent("시리얼,기온,측정시간\nV1,1234,202607191430\nV2,9999,202607191430\n", Encoding.UTF8, "text/csv");
        Assert.Equal(HttpStatusCode.Created, (await sta.City.Client.PostAsync("/doors/s-dot", csv, Cancel)).StatusCode);
        foreach (var path in (string[])["/house", "/house/doors", "/house/doors/new", "/house/doors/s-dot", "/house/doors/street-light", "/house/doors/s-dot?before=1&done=replayed"])
        {
            foreach (var root in (string[])["", "/en"])
            {
                Assert.Equal(HttpStatusCode.OK, (await kim.Get(root + path)).StatusCode);
                Assert.Single(Regex.Matches(kim.Page, "<h1[ >]"));
                Assert.DoesNotContain(" style=\"", kim.Page, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Who_runs_only_a_part_of_the_city_does_not_see_them()
    {
        await using var city = await TestCity.Start(Engine.Sqlite, settings => settings["Trust:Open"] = "false");
        await Visitor.AddPerson(city);
        await Visitor.GiveRole(city, "administrator");
        var kim = new Visitor(city);
        await kim.SignIn();
        await kim.Get("/house");
        Assert.DoesNotContain("/house/doors", kim.Page, StringComparison.Ordinal);
        foreach (var page in (string[])["/house/doors", "/house/doors/new", "/house/doors/s-dot"])
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await kim.Get(page)).StatusCode);
        }
    }

    private static async Task<Visitor> Operator(TestCity city)
    {
        await Visitor.AddPerson(city);
        await Visitor.GiveRole(city, "operator");
        var kim = new Visitor(city);
        await kim.SignIn();
        return kim;
    }
}
