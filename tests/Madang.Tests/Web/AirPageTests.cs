using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Operations.Air;
using Madang.Tests.Sensing;
using Madang.Tests.Trust.Accounts;

namespace Madang.Tests.Web;

/// <summary>The page of the air: everybody reads it in both languages, and an official decides.</summary>
public sealed class AirPageTests
{
    private static readonly DateTimeOffset Midnight = new(2026, 3, 3, 15, 0, 0, TimeSpan.Zero);

    [Theory, BothEngines]
    public async Task The_air_is_read_by_everybody_and_decided_on_by_an_official(Engine engine)
    {
        await using var sta = await Sta.Start(engine, clock: AirScene.ClockAt("2026-03-04T08:20:00Z"));
        await Visitor.AddPerson(sta.City);
        var station = await sta.AddStation("종로구 측정소", AirScene.Jongno, ["pm10", "pm25", "o3", "no2"]);
        await sta.Tell(station["pm25"], Midnight.AddHours(17), 61.0.Times(17));
        await sta.Tell(station["pm10"], Midnight.AddHours(17), 69.0.Times(17));
        await sta.Tell(station["o3"], Midnight.AddHours(17), 0.021);
        await sta.Tell(station["no2"], Midnight.AddHours(17), 0.045);

        // PM2.5 sinks: 61 × 0.75 = 45.75; (61 + 45.75) / 2 = 53.4, published 53: (250 - 101) / (75 - 36) × (53 - 36) + 101 = 166.
        var kim = new Visitor(sta.City);
        await kim.Get("/air?data=real");
        Assert.Matches("(?s)지금 서울의 통합대기환경지수는 166 &#x27;나쁨&#x27;입니다 · 3월 4일\\(수\\) 17:00 기준.*종로구.*◑ 166 나쁨.*초미세먼지.*◑ 53.*3월 5일\\(목\\) 비상저감조치의 조건이 충족됩니다.*오늘 평균 61 ㎍/㎥ \\(기준 50 초과\\).*미세먼지 계절관리제.*지금 시행 중", kim.Page);
        Assert.DoesNotContain("<form class=\"account-form\"", kim.Page, StringComparison.Ordinal);
        await kim.Get("/en/air?data=real");
        Assert.Matches("(?s)The air-quality index of Seoul is 166, .* · as of Wed 4 Mar, 17:00.*A condition for emergency measures on Thu 5 Mar is met.*High-PM season.*in force", kim.Page);
        await kim.Get("/air?data=simulated");
        Assert.Contains("도시대기 측정소가 없습니다", kim.Page, StringComparison.Ordinal);

        var issue = new Dictionary<string, string> { ["act"] = "issue", ["data"] = "real", ["day"] = "2026-03-04", ["note"] = "<b>첫</b>" };
        await kim.SignIn();
        await kim.Get("/air?data=real");
        Assert.Equal(HttpStatusCode.Forbidden, (await kim.Post("/air", issue)).StatusCode);
        await Visitor.GiveRole(sta.City, "official");
        await kim.Get("/air?data=real");
        Assert.Equal("/air?data=real&done=issue", (await kim.Post("/air", issue)).Headers.Location?.ToString());
        await kim.Get("/air?data=real&done=issue");
        Assert.Matches("(?s)시행하기로 결정했습니다.*비상저감조치 시행.*&lt;b&gt;첫&lt;/b&gt;.*10개 가운데 0개를 마쳤습니다.*지하역사", kim.Page);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/air", issue)).StatusCode);
        Assert.Contains("이미 다른 결정이 있습니다.", kim.Page, StringComparison.Ordinal);
        await kim.Post("/air", new() { ["act"] = "done", ["data"] = "real", ["day"] = "2026-03-04", ["item"] = "subway" });
        await kim.Get("/air?data=real");
        Assert.Contains("10개 가운데 1개를 마쳤습니다.", kim.Page, StringComparison.Ordinal);

        var forecast = new Dictionary<string, string> { ["act"] = "forecast", ["data"] = "real", ["target"] = "2026-03-05", ["place"] = "city", ["measure"] = "pm25", ["value"] = "20", ["source"] = "국립환경과학원", ["issued"] = "2026-03-04T17:00" };
        await kim.Post("/air", forecast);
        await kim.Get("/air?data=real");
        Assert.Matches("(?s)◔ 20 ㎍/㎥ 보통.*공식 예보: 국립환경과학원 \\(3월 4일\\(수\\) 17:00 발표\\).*조건이 충족되지 않습니다", kim.Page);
        forecast["value"] = "";
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/air", forecast)).StatusCode);
        Assert.Contains("값이나 등급 가운데 하나는 있어야 합니다.", kim.Page, StringComparison.Ordinal);
    }
}
