using System.Net;
using System.Text.RegularExpressions;
using Madang.Storage;
using Madang.Tests.Sensing;

namespace Madang.Tests.Web;

/// <summary>Every page, in both languages, empty and with readings, can be drawn: words, shapes and figures are put together only then.</summary>
public sealed class EveryPageTests
{
    private static readonly string[] Pages =
    [
        "/", "/?measure=pm10", "/?measure=o3", "/?measure=temperature", "/?measure=humidity", "/?measure=noise", "/?sort=-pm25", "/?data=real", "/sensors", "/sensors?data=real", "/sensors?measure=pm25&sort=-value",
        "/districts/11110", "/districts/11110?measure=noise", "/figures/city/pm25", "/figures/11110/noise", "/about", "/data", "/developers", "/developers/query", "/developers/query?q=Things?$count=true", "/developers/query?q=Nothing", "/accessibility", "/lights", "/alerts", "/alerts?data=real", "/air", "/air?data=real", "/rules", "/rules/pm25", "/wall", "/wall?data=real", "/here", "/here/11110", "/here/11110?data=real", "/incidents", "/incidents?data=simulated", "/scenarios", "/scenarios/pm-emergency", "/scenarios/flood", "/tasks", "/tasks?data=simulated&state=all&department=*", "/automations", "/automations/fire-street-light", "/automations/pm-warning-notice", "/automations/sensor-outage-task", "/sensors?q=zzz&data=real", "/privacy", "/signin", "/signin?problem=external-known", "/reset", "/join",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_page_is_drawn(bool filled)
    {
        await using var sta = await Sta.Start(Engine.Sqlite, settings => settings["Accounts:Join"] = "true");
        var pages = Pages.ToList();
        if (filled)
        {
            var datastream = await sta.CreateDatastream();
            await sta.Observe(datastream, (0, 20), (60, 31), (200, 38));
            var thing = (long)(await sta.Get($"/sta/v1.1/Datastreams({datastream})/Thing"))["@iot.id"]!;
            pages.AddRange(((string[])["", "?span=hour", "?span=week", "?span=month", "?span=year", "?measure=nothing"]).Select(query => $"/sensors/{thing}{query}"));
            pages.AddRange(((string[])["", "?span=hour", "?from=2026-07-19T00:30:00Z&to=2026-07-19T01:30:00Z", "?after=nonsense"]).Select(query => $"/datastreams/{datastream}{query}"));
            var incident = (long)(await sta.Post("/api/incidents", """{ "kind": "fire", "title": "불", "place": "세종로", "longitude": 126.977, "latitude": 37.57, "data": "simulated" }"""))["id"]!;
            await sta.Post($"/api/incidents/{incident}/orders", """{ "to": "구조대", "text": "수색" }""");
            await sta.Post("/api/scenarios/large-fire/start", $$"""{ "stage": "respond", "incident": {{incident}}, "data": "simulated" }""");
            pages.AddRange([$"/incidents/{incident}", $"/incidents/{incident}/report", $"/incidents/{incident}/calls", "/scenarios/large-fire"]);
            var patience = TimeProvider.System.GetTimestamp();
            while ((string?)(await sta.Get("/api/city/now?data=simulated"))["asOf"] is null)
            {
                Assert.True(TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(20), "the reading becomes a figure");
                await Task.Delay(10, Cancel);
            }
        }

        foreach (var address in pages.SelectMany(page => new[] { page, page == "/" ? "/en/" : "/en" + page }))
        {
            var answer = await sta.City.Client.GetAsync(address, Cancel);
            var page = await answer.Content.ReadAsStringAsync(Cancel);

            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{address} is answered with {answer.StatusCode}");
            Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
            Assert.Single(Regex.Matches(page, "<h1[ >]"));
            Assert.DoesNotContain(" style=\"", page, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"\{\d\}", Regex.Replace(page, "<script.*?</script>", "", RegexOptions.Singleline));
        }
    }
}
