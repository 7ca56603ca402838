using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Operations.Rules;
using Madang.Tests.Trust.Accounts;

namespace Madang.Tests.Web;

/// <summary>What is in force where somebody is, and what to do.</summary>
public sealed class HerePageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task Somebody_in_an_affected_district_is_told_since_when_and_what_to_do(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        var one = await sta.CreateDatastream();
        await sta.PutRule("dust", RuleTrialTests.Rule("district", """{ "kind": "mean", "stepMinutes": 10, "complete": 0 }""", AlertScene.High + ", " + AlertScene.Higher).Replace("\"each\"", "\"isPublic\": true, \"each\"", StringComparison.Ordinal));
        await sta.PutRule("secret", RuleTrialTests.Rule("district", """{ "kind": "mean", "stepMinutes": 10, "complete": 0 }""", AlertScene.High));
        var visitor = new Visitor(sta.City);
        await visitor.Get("/here/11110?data=simulated");
        Assert.Matches("(?s)종로구에는 지금 발령 중인 경보가 없습니다.*들어오는 측정값이 없습니다", visitor.Page);

        await sta.Observe(one, (1, 80), (9, 90), (12, 200), (14, 200), (25, 200));
        await sta.Until(alerts => alerts.Any(alert => (string?)alert["level"] == "higher"));
        await Until(visitor, "/here/11110?data=simulated", "종로구: 초미세먼지 higher 발령 중입니다.");
        Assert.Matches("(?s)모의 데이터.*09:10부터 발령 중.*이렇게 하십시오.*실내에 머무르십시오.*/alerts/", visitor.Page);
        await visitor.Get("/en/here/11140?data=simulated");
        Assert.Matches("(?s)Nothing is in force in Jung-gu now.*Other districts.*Jongno-gu</a>\\s*<span class=\"krds-badge bg-light-danger\">", visitor.Page);
        await visitor.Get("/here?data=simulated");
        Assert.Matches("(?s)25개 구 가운데 1곳에 경보가 발령 중입니다.*어느 구에 계십니까", visitor.Page);
        await visitor.Get("/here/11110?data=real");
        Assert.Contains("종로구에는 지금 발령 중인 경보가 없습니다.", visitor.Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.Get("/here/99999")).StatusCode);
    }

    [Fact]
    public async Task It_is_drawn_once_for_all_who_ask_and_again_when_something_changes()
    {
        await using var sta = await AlertScene.Open(Engine.Sqlite);
        var first = await sta.City.Client.GetAsync("/here/11110", Cancel);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/here/11110");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        Assert.Equal(HttpStatusCode.NotModified, (await sta.City.Client.SendAsync(again, Cancel)).StatusCode);
    }

    [Theory]
    [InlineData("/here", "/here?x=1", "/HERE?data=nonsense")]
    [InlineData("/here/11110?data=real", "/here/11110?utm=a&data=real", "/here/11110/?data=real&x=2")]
    public async Task What_anybody_adds_to_the_address_makes_no_other_page(string address, params string[] more)
    {
        await using var sta = await AlertScene.Open(Engine.Sqlite);
        var first = await sta.City.Client.GetAsync(address, Cancel);
        var page = await first.Content.ReadAsStringAsync(Cancel);
        foreach (var other in more)
        {
            var answer = await sta.City.Client.GetAsync(other, Cancel);
            Assert.Equal(first.Headers.ETag, answer.Headers.ETag);
            Assert.NotNull(answer.Headers.ETag);
            Assert.Equal(page, await answer.Content.ReadAsStringAsync(Cancel));
        }
    }

    /// <summary>A page is at most a second behind the store.</summary>
    private static async Task Until(Visitor visitor, string address, string words)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        while (true)
        {
            await visitor.Get(address);
            if (visitor.Page.Contains(words, StringComparison.Ordinal))
            {
                return;
            }

            Assert.False(patience.IsCancellationRequested, $"'{words}' is not on the page: {visitor.Page}");
            await Task.Delay(50, Cancel);
        }
    }
}
