using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing;
using Madang.Tests.Trust;
using Madang.Tests.Trust.Accounts;
using static Madang.Tests.Operations.Cap.CapScene;

namespace Madang.Tests.Operations.Cap;

/// <summary>Warnings of other agencies come in as CAP, and nothing in them is trusted.</summary>
public sealed class CapInTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task A_warning_is_kept_once_and_the_same_name_never_says_something_else(Engine engine)
    {
        await using var sta = await Open(engine);

        var kept = await Send(sta.City.Client, Letter(), HttpStatusCode.Created);
        Assert.Equal((true, "kma.example", "w1", "호우주의보 발표", "서울 <전역> & 한강"), ((bool)kept["isInForce"]!, (string)kept["sender"]!, (string)kept["identifier"]!, (string)kept["says"]![0]!["headline"]!, (string)kept["says"]![0]!["areas"]![0]!));
        Assert.Equal((long)kept["id"]!, (long)(await Send(sta.City.Client, Letter(), HttpStatusCode.OK))["id"]!);
        Assert.Equal("warning-differs", (string)(await Send(sta.City.Client, Letter(more: "<web>https://kma.example</web>"), HttpStatusCode.Conflict))["code"]!);

        Assert.Equal([(long)kept["id"]!], (await sta.Get("/api/cap/received"))["value"]!.AsArray().Select(each => (long)each!["id"]!));
        Assert.Equal("w1", (string)(await sta.Get($"/api/cap/received/{(long)kept["id"]!}"))["identifier"]!);
        var original = await sta.City.Client.GetAsync($"/api/cap/received/{(long)kept["id"]!}/xml", Cancel);
        Assert.Equal((Letter(), "attachment", "default-src 'none'; sandbox"), (await original.Content.ReadAsStringAsync(Cancel), original.Content.Headers.ContentDisposition?.DispositionType, original.Headers.GetValues("Content-Security-Policy").Last()));
        await sta.Get("/api/cap/received/99", HttpStatusCode.NotFound);
        Assert.Equal("top", (string)(await sta.Get("/api/cap/received?top=0", HttpStatusCode.BadRequest))["field"]!);
        Assert.Empty((await sta.Get($"/api/cap/received?before={(long)kept["id"]!}"))["value"]!.AsArray());

        sta.City.Clock!.Advance(TimeSpan.FromHours(3));
        Assert.False((bool)(await sta.Get($"/api/cap/received/{(long)kept["id"]!}"))["isInForce"]!);
    }

    [Theory, BothEngines]
    public async Task An_update_and_a_cancel_end_what_they_name_whichever_comes_first(Engine engine)
    {
        await using var sta = await Open(engine);
        const string one = "kma.example,w1,2026-07-19T08:55:00+09:00", two = "kma.example,w2,2026-07-19T08:55:00+09:00", three = "kma.example,w3,2026-07-19T08:55:00+09:00";

        await Send(sta.City.Client, Letter("w1"), HttpStatusCode.Created);
        await Send(sta.City.Client, Letter("x1", "Cancel", references: one, status: "Exercise"), HttpStatusCode.Created);
        Assert.Equal(["w1"], await InForce(sta));
        await Send(sta.City.Client, Letter("w2", "Update", references: one), HttpStatusCode.Created);
        Assert.Equal(["w2"], await InForce(sta));
        await Send(sta.City.Client, Letter("c1", "Cancel", references: two + " " + three, info: false), HttpStatusCode.Created);
        Assert.Empty(await InForce(sta));
        await Send(sta.City.Client, Letter("w3"), HttpStatusCode.Created);
        Assert.Empty(await InForce(sta));
    }

    [Theory, BothEngines]
    public async Task A_key_of_an_agency_hands_in_warnings_does_nothing_else_and_ends_only_its_own(Engine engine)
    {
        await using var city = await ClosedCity.Start(engine, new TestClock(new DateTimeOffset(2026, 7, 19, 0, 0, 0, TimeSpan.Zero)));
        var department = await city.Department("d");
        var (kma, fire) = (city.With((await city.Key(await city.Provider("kma", department), ["warn"])).Secret), city.With((await city.Key(await city.Provider("fire", department), ["warn"])).Secret));
        var sensors = city.With((await city.Key(null)).Secret);

        var kept = await Send(kma, Letter(), HttpStatusCode.Created);
        await Send(sensors, Letter("w9"), HttpStatusCode.Forbidden);
        await ClosedCity.Send(kma, HttpMethod.Post, "/sta/v1.1/Things", Sta.Thing(), HttpStatusCode.Forbidden);
        await ClosedCity.Send(kma, HttpMethod.Post, "/api/alerts/1/acknowledge", null, HttpStatusCode.Forbidden);
        await Send(fire, Letter("c1", "Cancel", references: "kma.example,w1,2026-07-19T08:55:00+09:00", info: false), HttpStatusCode.Created);
        Assert.True((bool)(await ClosedCity.Send(city.With(null), HttpMethod.Get, $"/api/cap/received/{(long)kept["id"]!}", null, HttpStatusCode.OK))!["isInForce"]!);
        await Send(kma, Letter("c2", "Cancel", references: "kma.example,w1,2026-07-19T08:55:00+09:00", info: false), HttpStatusCode.Created);
        Assert.False((bool)(await ClosedCity.Send(city.With(null), HttpMethod.Get, $"/api/cap/received/{(long)kept["id"]!}", null, HttpStatusCode.OK))!["isInForce"]!);

        // What is not for everybody, and what is no real warning, officials alone see.
        var secret = await Send(kma, Letter("s1", scope: "<scope>Restricted</scope><restriction>경찰</restriction>"), HttpStatusCode.Created);
        var test = await Send(kma, Letter("t1", status: "Test"), HttpStatusCode.Created);
        await city.Give("kim", "official", null);
        foreach (var each in new[] { secret, test })
        {
            var address = $"/api/cap/received/{(long)each["id"]!}";
            await ClosedCity.Send(city.With(null), HttpMethod.Get, address, null, HttpStatusCode.NotFound);
            await ClosedCity.Send(city.With(null), HttpMethod.Get, address + "/xml", null, HttpStatusCode.NotFound);
            await ClosedCity.Send(city.As("kim"), HttpMethod.Get, address, null, HttpStatusCode.OK);
        }

        Assert.False((bool)test["isInForce"]!);
    }

    [Theory]
    [InlineData("<alert", "<alarm", "body")]
    [InlineData("urn:oasis:names:tc:emergency:cap:1.2", "urn:oasis:names:tc:emergency:cap:1.1", "alert")]
    [InlineData("<sender>kma.example</sender>", "", "alert.sender")]
    [InlineData("<sender>kma.example</sender>", "<sender>kma example</sender>", "alert.sender")]
    [InlineData("<identifier>w1</identifier>", "<identifier>w,1</identifier>", "alert.identifier")]
    [InlineData("08:55:00+09:00</sent>", "00:00:00Z</sent>", "alert.sent")]
    [InlineData("08:55:00+09:00</sent>", "08:55:00.5+09:00</sent>", "alert.sent")]
    [InlineData("2026-07-19T08:55:00+09:00</sent>", "2026-07-20T08:55:00+09:00</sent>", "alert.info[0].expires")]
    [InlineData("2026-07-19T08:55:00+09:00</sent>", "2026-07-19T09:55:00+09:00</sent>", "alert.sent")]
    [InlineData("<status>Actual</status>", "<status>Real</status>", "alert.status")]
    [InlineData("<msgType>Alert</msgType>", "<msgType>Ack</msgType>", "alert.msgType")]
    [InlineData("<msgType>Alert</msgType>", "<msgType>Update</msgType>", "alert.references")]
    [InlineData("<scope>Public</scope>", "<scope>Public</scope><references>w1</references>", "alert.references")]
    [InlineData("<scope>Public</scope>", "<scope>Public</scope><scope>Public</scope>", "alert.scope")]
    [InlineData("<scope>Public</scope>", "<scope>Restricted</scope>", "alert.restriction")]
    [InlineData("<scope>Public</scope>", "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>1</x:script><scope>Public</scope>", "alert.script")]
    [InlineData("<urgency>Expected</urgency>", "<urgency>Soon</urgency>", "alert.info[0].urgency")]
    [InlineData("<urgency>Expected</urgency>", "", "alert.info[0].urgency")]
    [InlineData("<urgency>Expected</urgency>", "<severity>Minor</severity><urgency>Expected</urgency>", "alert.info[0].urgency")]
    [InlineData("<expires>2026-07-19T11:00:00+09:00</expires>", "", "alert.info[0].expires")]
    [InlineData("<expires>2026-07-19T11:00:00+09:00</expires>", "<expires>2026-07-19T08:59:00+09:00</expires>", "alert.info.expires")]
    [InlineData("<areaDesc>", "<polygon>37,127 38,127 38,128 37,127</polygon><areaDesc>", "alert.info[0].area[0].areaDesc")]
    [InlineData("</areaDesc>", "</areaDesc><polygon>37,127 38,127 38,128 37,128</polygon>", "alert.info[0].area[0].polygon[0]")]
    [InlineData("</areaDesc>", "</areaDesc><circle>37,127 -1</circle>", "alert.info[0].area[0].circle[0]")]
    [InlineData("</areaDesc>", "</areaDesc><geocode><valueName>x</valueName></geocode>", "alert.info[0].area[0].geocode[0].value")]
    [InlineData("<event>", "<event><b/>", "alert.info[0].event")]
    [InlineData("<?xml version=\"1.0\"?>", "<!DOCTYPE alert [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>", "body")]
    [InlineData("<?xml version=\"1.0\"?>", "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>", "body")]
    [InlineData("<?xml version=\"1.0\"?>", "<?xml-stylesheet href='x.xsl' type='text/xsl'?>", "body")]
    [InlineData("<scope>Public</scope>", "<scope>&other;</scope>", "body")]
    public async Task What_is_no_message_is_refused_by_the_element_that_is_wrong_and_that_is_on_record(string from, string to, string field)
    {
        await using var sta = await Open(Engine.Sqlite);
        var wrong = Letter().Replace(from, to, StringComparison.Ordinal);

        Assert.Equal(field, (string)(await Send(sta.City.Client, wrong, HttpStatusCode.BadRequest))["field"]!);
        Assert.Empty((await sta.Get("/api/cap/received"))["value"]!.AsArray());
        Assert.Contains(field, (await sta.Get("/api/audit?action=warning.refuse")).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_too_large_too_deep_or_of_another_type_is_refused()
    {
        await using var sta = await Open(Engine.Sqlite);

        await Send(sta.City.Client, Letter(more: $"<web>{new string('x', 1 << 20)}</web>"), HttpStatusCode.RequestEntityTooLarge);
        Assert.Equal("body", (string)(await Send(sta.City.Client, string.Concat(Enumerable.Repeat("<a>", 50_000)), HttpStatusCode.BadRequest))["field"]!);
        Assert.Equal("body", (string)(await Send(sta.City.Client, Letter(more: string.Concat(Enumerable.Repeat("<parameter><valueName>a</valueName><value>b</value></parameter>", 8_000))), HttpStatusCode.BadRequest))["field"]!);
        await Send(sta.City.Client, Letter(), HttpStatusCode.UnsupportedMediaType, "application/json");
        await Send(sta.City.Client, "", HttpStatusCode.BadRequest);
        await Send(sta.City.Client, Letter(more: "<web>https://a.example/?a=1&amp;b=2</web><contact>131</contact>"), HttpStatusCode.Created, "application/xml");
    }

    [Theory, BothEngines]
    public async Task The_page_of_alerts_shows_what_others_warn_of_as_text(Engine engine)
    {
        await using var sta = await Open(engine);
        await Send(sta.City.Client, Letter().Replace("호우주의보 발표", "호우 &lt;script&gt;alert(1)&lt;/script&gt;", StringComparison.Ordinal), HttpStatusCode.Created);
        await Send(sta.City.Client, Letter("t1", status: "Exercise").Replace("호우주의보 발표", "연습입니다", StringComparison.Ordinal), HttpStatusCode.Created);
        var reader = new Visitor(sta.City);

        await reader.Get("/alerts?data=real");
        Assert.Matches("(?s)다른 기관의 알림.*lang=\"ko-KR\">호우 &lt;script&gt;.*서울 &lt;전역&gt; &amp; 한강.*기상청.*까지", reader.Page);
        Assert.DoesNotContain("연습입니다", reader.Page, StringComparison.Ordinal);
        await reader.Get("/en/alerts?data=real");
        Assert.Matches("(?s)Warnings of other agencies.*lang=\"en-US\">Heavy rain", reader.Page);
        await reader.Get("/alerts?data=simulated");
        Assert.DoesNotContain("다른 기관의 알림", reader.Page, StringComparison.Ordinal);
        Assert.Contains("실측 데이터의 경보 1건 보기", reader.Page, StringComparison.Ordinal);
    }

    private static async Task<string[]> InForce(Sta sta) => [.. (await sta.Get("/api/cap/received"))["value"]!.AsArray().Where(each => (bool)each!["isInForce"]!).Select(each => (string)each!["identifier"]!)];

    private static string Letter(string identifier = "w1", string kind = "Alert", string? references = null, string status = "Actual", string scope = "<scope>Public</scope>", bool info = true, string more = "") => string.Create(CultureInfo.InvariantCulture, $"""
        <?xml version="1.0"?>
        <alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
          <identifier>{identifier}</identifier><sender>kma.example</sender><sent>2026-07-19T08:55:00+09:00</sent><status>{status}</status><msgType>{kind}</msgType>{scope}
          {(references is null ? "" : $"<references>{references}</references>")}
          {(info ? Info("ko-KR", "호우주의보 발표", "기상청", more) + Info("en-US", "Heavy rain", "KMA", "") : "")}
        </alert>
        """);

    private static string Info(string language, string headline, string sender, string more) => $"""
        <info><language>{language}</language><category>Met</category><event>호우주의보</event><urgency>Expected</urgency><severity>Moderate</severity><certainty>Possible</certainty>
        <expires>2026-07-19T11:00:00+09:00</expires><senderName>{sender}</senderName><headline>{headline}</headline>{more}<area><areaDesc>서울 &lt;전역&gt; &amp; 한강</areaDesc></area></info>
        """;

    private static async Task<JsonNode> Send(HttpClient client, string letter, HttpStatusCode expected, string type = "application/cap+xml")
    {
        using var body = new StringContent(letter, Encoding.UTF8, new MediaTypeHeaderValue(type));
        using var response = await client.PostAsync("/cap/in", body, Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.StatusCode == expected, $"{(int)response.StatusCode}, not {(int)expected}: {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }
}
