using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Operations.Incidents;
using Madang.Tests.Operations.Rules;
using Madang.Tests.Trust;
using Madang.Tests.Trust.Accounts;

namespace Madang.Tests.Web;

/// <summary>The wall of a control room: everybody sees the city, incidents only who may read them.</summary>
public sealed class WallPageTests
{
    [Theory, BothEngines]
    public async Task The_wall_shows_what_is_in_force_what_is_worked_on_and_what_is_late(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        var stream = await sta.CreateDatastream();
        await sta.PutRule("dust", RuleTrialTests.Rule("datastream", """{ "kind": "reading" }""", AlertScene.High));
        var quiet = await sta.City.Client.GetStringAsync("/wall?data=simulated", TestContext.Current.CancellationToken);
        Assert.Matches("(?s)http-equiv=\"refresh\".*<h1>.*data-clock.*data-refresh.*30초마다.*발령 중인 경보.*발령 중인 경보가 없습니다.*늦은 과제가 없습니다.*svg class=\"city\".*진행 중인 사건이 없습니다", quiet);
        await sta.Observe(stream, (1, 80));
        await sta.Until(alerts => alerts.Count == 1);
        var id = await sta.OpenIncident(""", "data": "simulated", "longitude": 126.977, "latitude": 37.57 """);
        await sta.OpenIncident(""", "data": "real" """, kind: "flood");
        await sta.Post("/api/scenarios/large-fire/start", $$"""{ "stage": "respond", "incident": {{id}}, "data": "simulated" }""");
        sta.Advance(60);

        var page = await sta.City.Client.GetStringAsync("/wall?data=simulated", TestContext.Current.CancellationToken);
        Assert.Matches("(?s)모의 데이터.*늦은 과제 <span class=\"count\">[1-9].*진행 중인 사건 <span class=\"count\">1</span>.*시장 골목 화재.*목표 시간 넘김", page);
        Assert.Matches("(?s)Open incidents <span class=\"count\">1</span>.*past its target", await sta.City.Client.GetStringAsync("/en/wall?data=simulated", TestContext.Current.CancellationToken));

        // Who may not read incidents does not learn that there are any.
        await Visitor.AddPerson(sta.City);
        var kim = new Visitor(sta.City);
        await kim.SignIn();
        await kim.Get("/wall?data=simulated");
        Assert.Contains("발령 중인 경보", kim.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("사건", kim.Page.Replace("경보, 사건, 공기", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("과제", kim.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_anybody_adds_to_the_address_makes_no_other_wall()
    {
        await using var city = await ClosedCity.Start(Engine.Sqlite);
        using var client = city.With(null);
        var first = await client.GetAsync(new Uri("/wall?data=real", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.NotNull(first.Headers.ETag);
        foreach (var other in (string[])["/wall?x=1&data=real", "/Wall?data=real&x=2"])
        {
            var answer = await client.GetAsync(new Uri(other, UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(first.Headers.ETag, answer.Headers.ETag);
            Assert.Equal(await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }
}
