using System.Net;
using System.Xml.Linq;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Operations.Rules;
using Madang.Tests.Sensing;
using static Madang.Tests.Operations.Cap.CapScene;

namespace Madang.Tests.Operations.Cap;

/// <summary>What alerts say, others read as CAP.</summary>
public sealed class CapOutTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task An_alert_is_a_chain_of_messages_that_name_those_before_and_never_change(Engine engine)
    {
        await using var sta = await Open(engine);
        var one = await sta.CreateDatastream("종로 <1> & 2");
        await sta.PutRule("dust", Public(RuleTrialTests.Rule("datastream", Reading, AlertScene.High + "," + AlertScene.Higher)));
        await sta.PutRule("secret", RuleTrialTests.Rule("datastream", Reading, AlertScene.High));
        await sta.Observe(one, (1, 80));
        var first = (await sta.Messages(1))[0];
        var path = $"/cap/{first.Say("identifier")}.xml";
        var text = await sta.Message(path);
        foreach (var (minute, number) in new[] { (3, 200.0), (4, 70.0), (5, 10.0) })
        {
            sta.City.Clock!.Advance(TimeSpan.FromMinutes(10));
            await sta.Observe(one, (minute, number));
            await sta.Messages(minute - 1);
        }

        var chain = await sta.Messages(4);
        Assert.All(chain, Lint);
        Assert.Equal(["Alert", "Update", "Update", "Cancel"], chain.Select(message => message.Say("msgType")));
        Assert.Equal(["", .. Enumerable.Range(1, 3).Select(count => string.Join(' ', chain.Take(count).Select(message => message.Name())))], chain.Select(message => string.Join(' ', message.References())));
        Assert.Equal(text, await sta.Message(path));
        Assert.Equal(("Test", "city.example", "2026-07-19T09:00:00+09:00", "2026-07-19T15:00:00+09:00", "2026-07-19T09:01:00+09:00"), (first.Say("status"), first.Say("sender"), first.Say("sent"), first.Tell("expires"), first.Tell("onset")));
        Assert.Equal(["[모의] 종로 <1> & 2 초미세먼지(PM2.5) high 발령", "[모의] 종로 <1> & 2 초미세먼지(PM2.5) higher 발령(단계 올림)", "[모의] 종로 <1> & 2 초미세먼지(PM2.5) high 발령(단계 내림)", "[모의] 종로 <1> & 2 초미세먼지(PM2.5) high 해제"], chain.Select(message => message.Tell("headline")));
        Assert.StartsWith("7월 19일 09:01 자료로 종로 <1> & 2에서 80 ㎍/㎥입니다. 측정기마다", first.Tell("description"), StringComparison.Ordinal);
        Assert.Equal(("Moderate", "Severe", "AllClear", "Past"), (first.Tell("severity"), chain[1].Tell("severity", 1), chain[3].Tell("responseType"), chain[3].Tell("urgency")));
        Assert.Equal(("37.57,126.977 0.5", "02-120 & <a>", "과", "Division"), ((string?)first.Descendants(Caps + "circle").First(), first.Tell("contact"), first.Tell("senderName"), first.Tell("senderName", 1)));
        Assert.StartsWith("https://city.example/alerts/", first.Tell("web"), StringComparison.Ordinal);
        Assert.Contains("환경부", first.Tell("instruction"), StringComparison.Ordinal);
        Assert.Empty((await sta.Feed("")).Elements(Atom + "entry"));
    }

    [Theory, BothEngines]
    public async Task What_goes_on_is_renewed_before_its_message_ends_and_after_a_standstill_only_once(Engine engine)
    {
        await using var sta = await Open(engine);
        var one = await sta.CreateDatastream();
        await sta.PutRule("dust", Public(RuleTrialTests.Rule("datastream", Reading, AlertScene.High)));
        await sta.Observe(one, (1, 80));
        await sta.Messages(1);

        sta.City.Clock!.Advance(TimeSpan.FromHours(3));
        var renewed = (await sta.Messages(2))[1];
        Lint(renewed);
        Assert.Equal(("Update", "2026-07-19T12:00:00+09:00", "2026-07-19T18:00:00+09:00", "2026-07-19T09:01:00+09:00"), (renewed.Say("msgType"), renewed.Say("sent"), renewed.Tell("expires"), renewed.Tell("onset")));

        await sta.City.Stop();
        sta.City.Clock.Advance(TimeSpan.FromHours(7.5));
        await sta.City.Restart();
        var messages = await Until(sta, messages => messages.Any(message => message.Say("sent") == "2026-07-19T18:00:00+09:00"));
        Assert.Equal(2, messages.Count);
        Assert.Equal([renewed.Name()], messages[1].References());
        Assert.All(messages, Lint);
        await sta.Message($"/cap/{renewed.Say("identifier")}.xml");

        await sta.Observe(one, (2, 10));
        var ended = await Until(sta, messages => messages.Any(message => message.Say("msgType") == "Cancel"));
        Assert.Equal(["Alert", "Cancel"], ended.Select(message => message.Say("msgType")));
    }

    [Theory, BothEngines]
    public async Task A_storm_is_one_message_and_those_it_took_in_are_cancelled_for_it(Engine engine)
    {
        await using var sta = await Open(engine);
        await sta.PutRule("dust", Public(RuleTrialTests.Rule("datastream", Reading, AlertScene.High)));
        var all = new List<long>();
        for (var number = 0; number < 25; number++)
        {
            all.Add(await sta.CreateDatastream($"종로 {number}"));
        }

        // Those that were told before the storm are taken back for it; those that come with it are never told.
        await Task.WhenAll(all.Take(20).Select(one => sta.Observe(one, (1, 80))));
        await sta.Messages(20);
        await Task.WhenAll(all.Skip(20).Select(one => sta.Observe(one, (1, 80))));
        var messages = await sta.Messages(41);

        Assert.All(messages, Lint);
        var storm = Assert.Single(messages, message => message.Say("incidents") is not null && message.Say("msgType") == "Alert");
        Assert.Equal(20, messages.Count(message => message.Say("msgType") == "Cancel" && message.Say("incidents") == storm.Say("incidents")));
        Assert.Equal(["1111000000", "1111000000"], storm.Descendants(Caps + "geocode").Select(code => (string?)code.Element(Caps + "value")));
        Assert.Contains("여러 곳(", storm.Tell("headline"), StringComparison.Ordinal);
    }

    [Theory, BothEngines]
    public async Task What_is_worked_on_is_given_out_when_the_work_is_over_and_holds_up_no_other(Engine engine)
    {
        await using var sta = await Open(engine);
        await sta.PutRule("dust", Public(RuleTrialTests.Rule("datastream", Reading, AlertScene.High + "," + AlertScene.Higher)));
        await sta.PutRule("smoke", Public(RuleTrialTests.Rule("datastream", Reading, AlertScene.High)));
        var work = await sta.Post("/api/maintenance", """{ "scope": { "rules": ["dust"] }, "until": "2026-07-19T06:00:00Z", "reason": "점검" }""");
        var one = await sta.CreateDatastream();
        await sta.Observe(one, (1, 80));
        Assert.StartsWith("[모의] 종로 1", Assert.Single(await sta.Messages(1)).Tell("headline"), StringComparison.Ordinal);
        sta.City.Clock!.Advance(TimeSpan.FromMinutes(30));
        await sta.Observe(one, (2, 200));
        await sta.Until(alerts => alerts.Any(alert => (string?)alert["level"] == "higher"));
        sta.City.Clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Single(await sta.Messages(1));

        await sta.Post($"/api/maintenance/{(long)work["id"]!}/end", "{}", HttpStatusCode.NoContent);
        var told = (await sta.Messages(2)).Single(message => message.Tell("headline")!.Contains("higher", StringComparison.Ordinal));
        Lint(told);
        Assert.Equal(("Alert", "2026-07-19T10:00:00+09:00", "2026-07-19T09:02:00+09:00"), (told.Say("msgType"), told.Say("sent"), told.Tell("onset")));

        // What is worked on again is neither changed nor renewed, and its end is told at once.
        await sta.Post("/api/maintenance", """{ "scope": { "rules": ["dust"] }, "until": "2026-07-19T12:00:00Z", "reason": "점검" }""");
        await sta.Observe(one, (3, 70));
        await sta.Until(alerts => alerts.Count(alert => (string?)alert["level"] == "high") == 2);
        sta.City.Clock.Advance(TimeSpan.FromHours(3));
        await sta.Messages(3);
        await sta.Observe(one, (4, 1));
        await Until(sta, messages => messages.Any(message => message.Say("msgType") == "Cancel" && message.References().Any(reference => reference == told.Name())));
    }

    [Theory, BothEngines]
    public async Task What_rises_and_ends_while_it_is_worked_on_is_never_given_out(Engine engine)
    {
        await using var sta = await Open(engine);
        await sta.PutRule("dust", Public(RuleTrialTests.Rule("datastream", Reading, AlertScene.High + "," + AlertScene.Higher)));
        var (one, two) = (await sta.CreateDatastream(), await sta.CreateDatastream("종로 2"));
        await sta.Observe(one, (1, 80));
        await sta.Messages(1);
        var work = await sta.Post("/api/maintenance", """{ "scope": { "rules": ["dust"] }, "until": "2026-07-19T06:00:00Z", "reason": "점검" }""");
        await sta.Observe(one, (2, 200));
        await sta.Observe(two, (2, 200));
        await sta.Until(alerts => alerts.Count(alert => (string?)alert["level"] == "higher") == 2);
        sta.City.Clock!.Advance(TimeSpan.FromMinutes(10));
        await sta.Observe(one, (3, 1));
        await sta.Observe(two, (3, 1));
        await sta.Until(alerts => alerts.All(alert => !AlertScene.IsOpen(alert)));

        // Of the first the end alone, at once; of the second nothing, also when the work is over.
        var end = Assert.Single(await sta.Messages(2), message => message.Say("msgType") == "Cancel");
        Assert.Equal("2026-07-19T09:10:00+09:00", end.Say("sent"));
        await sta.Post($"/api/maintenance/{(long)work["id"]!}/end", "{}", HttpStatusCode.NoContent);
        await sta.PutRule("smoke", Public(RuleTrialTests.Rule("datastream", Reading, AlertScene.High)));
        await sta.Observe(one, (12, 80));
        Assert.All(await sta.Messages(4), message => Assert.DoesNotContain("higher", message.Tell("headline") + message.Tell("event"), StringComparison.Ordinal));
    }

    [Theory, BothEngines]
    public async Task Areas_are_the_outlines_and_codes_of_the_districts_an_alert_speaks_for(Engine engine)
    {
        await using var sta = await Open(engine);
        var one = await sta.CreateDatastream();
        const string level = """{ "name": "advisory", "title": { "ko": "주의보", "en": "Advisory" }, "from": 75, "holdMinutes": 0, "lift": 35 }""";
        await sta.PutRule("a", Public(RuleTrialTests.Rule("district", level: level)));
        await sta.PutRule("b", Public(RuleTrialTests.Rule("region", level: level, more: """, "regions": [{ "code": "downtown", "name": { "ko": "도심권", "en": "Downtown" }, "districts": ["11110", "11140"] }]""")));
        await sta.PutRule("c", Public(RuleTrialTests.Rule("city", level: level)));
        await sta.Observe(one, (10, 80), (65, 80));

        var messages = (await sta.Messages(3)).OrderBy(message => message.Descendants(Caps + "area").Count()).ToList();
        Assert.All(messages, Lint);
        Assert.Equal([1, 2, 25], messages.Select(message => message.Elements(Caps + "info").First().Elements(Caps + "area").Count()));
        Assert.Equal(["종로구", "Jongno-gu"], messages[0].Descendants(Caps + "areaDesc").Select(name => name.Value));
        Assert.All(messages.SelectMany(message => message.Descendants(Caps + "area")), area => Assert.NotEmpty(area.Elements(Caps + "polygon")));
        Assert.Equal(("초미세먼지(PM2.5) 주의보", "PM2.5: Advisory"), (messages[1].Tell("event"), messages[1].Tell("event", 1)));
    }

    [Fact]
    public async Task What_a_city_gives_out_is_valid_by_the_schema_of_the_standard()
    {
        await using var sta = await Open(Engine.Sqlite);
        var one = await sta.CreateDatastream("종로 <1> & 2");
        await sta.PutRule("a", Public(RuleTrialTests.Rule("datastream", Reading, AlertScene.High + "," + AlertScene.Higher)));
        await sta.PutRule("b", Public(RuleTrialTests.Rule("city", level: AlertScene.High)));
        await sta.Observe(one, (1, 80));
        await sta.Messages(1);
        await sta.Observe(one, (2, 200), (3, 10), (65, 10));

        var messages = await sta.Messages(5);
        await Validate([.. messages.Select(message => message.ToString())]);
    }

    [Theory, BothEngines]
    public async Task Real_and_simulated_alerts_are_in_feeds_of_their_own(Engine engine)
    {
        await using var sta = await Open(engine);
        await sta.PutRule("dust", Public(RuleTrialTests.Rule("datastream", Reading, AlertScene.High, data: "real")));
        var thing = await sta.Create("Things", Sta.Thing("종로 진짜").Replace("\"simulated\": true", "\"simulated\": false", StringComparison.Ordinal));
        await sta.Observe((long)(await sta.Get($"Things({thing})/Datastreams"))["value"]![0]!["@iot.id"]!, (0, 80));

        var real = Assert.Single(await sta.Messages(1, ""));
        Lint(real);
        Assert.Equal(("Actual", null, "종로 진짜 초미세먼지(PM2.5) high 발령"), (real.Say("status"), real.Say("note"), real.Tell("headline")));
        Assert.Empty((await sta.Feed()).Elements(Atom + "entry"));
    }

    [Fact]
    public async Task The_feed_is_asked_cheaply_and_what_is_not_there_is_not_found()
    {
        await using var sta = await Open(Engine.Sqlite);
        var client = sta.City.Client;
        var response = await client.GetAsync("/cap/feed", Cancel);
        Assert.Equal("public, max-age=30", response.Headers.CacheControl?.ToString());
        using var again = new HttpRequestMessage(HttpMethod.Get, "/cap/feed") { Headers = { IfNoneMatch = { response.Headers.ETag! } } };
        Assert.Equal(HttpStatusCode.NotModified, (await client.SendAsync(again, Cancel)).StatusCode);
        using var head = new HttpRequestMessage(HttpMethod.Head, "/cap/feed");
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(head, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/cap/20260719T090000-1-1.xml", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("/cap/feed?data=nonsense", Cancel)).StatusCode);
        var feed = await sta.Feed("");
        Assert.Equal(("tag:city.example,2026:cap/feed/real", "https://city.example/cap/feed"), ((string?)feed.Element(Atom + "id"), (string?)feed.Element(Atom + "link")!.Attribute("href")));
    }

    private static async Task<IReadOnlyList<XElement>> Until(Sta sta, Func<IReadOnlyList<XElement>, bool> holds)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        while (true)
        {
            var messages = await sta.Messages(null);
            if (holds(messages))
            {
                return messages;
            }

            Assert.False(patience.IsCancellationRequested, string.Join('\n', messages.Select(message => message.Name() + " " + message.Say("msgType"))));
            await Task.Delay(50, Cancel);
        }
    }
}
