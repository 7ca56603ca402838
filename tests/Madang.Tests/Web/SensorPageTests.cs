using System.Net;
using System.Text.RegularExpressions;
using Madang.Kernel;
using Madang.Operations;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Web;

public sealed partial class SensorPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sensor_says_first_what_is_so_in_both_languages()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        var (thing, stream) = await Sensor(sta, "종로 1");
        await sta.Observe(stream, (0, 30), (2, 38));
        await Heard(sta, thing, 38);

        var korean = WebUtility.HtmlDecode(await Page(sta, $"/sensors/{thing}"));
        var english = WebUtility.HtmlDecode(await Page(sta, $"/en/sensors/{thing}"));

        Assert.Contains("종로 1: 초미세먼지 PM2.5 38 ㎍/㎥, '나쁨'입니다 · 0초 전", korean, StringComparison.Ordinal);
        Assert.Contains("종로 1: Ultrafine dust PM2.5 is 38 ㎍/㎥, 'Unhealthy' · 0 s ago", english, StringComparison.Ordinal);
        Assert.Contains("모의 데이터", korean, StringComparison.Ordinal);
        Assert.Contains("● 정상", korean, StringComparison.Ordinal);
        Assert.Contains($"/sta/v1.1/Things({thing})", korean, StringComparison.Ordinal);
        Assert.Contains("스마트도시과", korean, StringComparison.Ordinal);
        Assert.DoesNotContain("style=\"", korean, StringComparison.Ordinal);
        Assert.Contains("data-refresh", korean, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_turns_letters_round_is_shut_in_wherever_it_stands()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        var (thing, stream) = await Sensor(sta, "abc\u202Edef");
        await sta.Observe(stream, (0, 30), (2, 38));
        await Heard(sta, thing, 38);

        var page = WebUtility.HtmlDecode(await Page(sta, $"/sensors/{thing}"));
        var list = WebUtility.HtmlDecode(await Page(sta, "/sensors"));

        Assert.Contains("<h1 id=\"sentence\">\u2068abc\u202Edef\u2069: ", page, StringComparison.Ordinal);
        Assert.Contains("<title>\u2068abc\u202Edef\u2069", page, StringComparison.Ordinal);
        Assert.Contains("<bdi>abc\u202Edef</bdi>", list, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?<![>\u2068])abc\u202Edef", page + list);
    }

    [Fact]
    public async Task An_archive_shows_its_own_last_day_and_not_an_empty_now()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        var (thing, stream) = await Sensor(sta, "중구 측정소", real: true);
        await sta.Observe(stream, [.. Enumerable.Range(0, 12).Select(i => (i * 60, 20.0 + i))]);
        await Heard(sta, thing, 31);

        var page = await Page(sta, $"/sensors/{thing}");

        Assert.Contains("▣ 보관 자료", page, StringComparison.Ordinal);
        Assert.Contains("마지막 초미세먼지 PM2.5 값은 31 ㎍/㎥입니다 · 2026년 7월 19일(일) 20:00", page, StringComparison.Ordinal);
        Assert.Equal([.. Enumerable.Range(0, 12).Select(i => $"{20 + i}")], Values(page));
        Assert.Contains("실측 데이터", page, StringComparison.Ordinal);
        Assert.DoesNotContain("data-refresh", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_station_that_speaks_once_a_day_first_shows_a_span_in_which_it_says_something()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        var (thing, stream) = await Sensor(sta, "일평균", real: true);
        await sta.Observe(stream, [.. Enumerable.Range(0, 20).Select(i => (i * 1440, 10.0 + i))]);
        await Heard(sta, thing, 29);

        var page = await Page(sta, $"/sensors/{thing}");

        Assert.Matches("id=\"span-week\"[^>]*aria-current=\"true\"", page);
        Assert.Equal(["23", "24", "25", "26", "27", "28", "29"], Values(page));
    }

    [Fact]
    public async Task A_zoom_shows_what_the_api_answers_for_the_same_address_and_links_to_it()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        var (thing, stream) = await Sensor(sta, "종로 1");
        await sta.Observe(stream, (0, 30), (2, 38), (4, 41.4), (6, 12), (200, 5));
        await Heard(sta, thing, 5);

        var page = await Page(sta, $"/sensors/{thing}?span=week&from=2026-07-19T00:01:00Z&to=2026-07-19T00:05:00Z");
        var json = WebUtility.HtmlDecode(JsonLink().Match(page).Groups[1].Value);
        var points = (await sta.Get(json))["points"]!.AsArray();

        Assert.Equal(["38", "41"], Values(page));
        Assert.Equal([38, 41.4], points.Select(point => (double)point!["value"]!));
        Assert.Contains("확대 해제", page, StringComparison.Ordinal);
        Assert.Contains($"/api/series/{stream}.csv?from=2026-07-19T00:01:00.000Z&amp;to=2026-07-19T00:05:00.000Z&amp;step=raw", page, StringComparison.Ordinal);
        Assert.DoesNotContain("data-newest", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?span=fortnight")]
    [InlineData("?from=yesterday&to=today")]
    [InlineData("?from=2026-07-19T01:00:00Z&to=2026-07-19T00:00:00Z")]
    [InlineData("?measure=%3Cscript%3E&span=day")]
    [InlineData("?from=1800-01-01T00:00:00Z&to=2199-12-31T23:59:59Z")]
    public async Task Nonsense_in_an_address_is_not_there(string query)
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        var (thing, stream) = await Sensor(sta, "종로 1");
        await sta.Observe(stream, (0, 30), (2, 38));

        var page = await Page(sta, $"/sensors/{thing}{query}");

        Assert.Contains("<h1", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gap_is_shaded_listed_and_never_zero()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        var (thing, _) = await Sensor(sta, "종로 1");
        var stream = await sta.Create($"Things({thing})/Datastreams", Sta.Datastream("noise", ", \"properties\": { \"cadenceSeconds\": 600 }"));
        await sta.Observe(stream, [.. Enumerable.Range(0, 30).Where(i => i is < 10 or > 20).Select(i => (i * 10, 60.0))]);
        await Heard(sta, thing, 60, "noise");

        var page = await Page(sta, $"/sensors/{thing}?measure=noise&from=2026-07-19T00:00:00Z&to=2026-07-19T05:00:00Z&span=day");

        Assert.Single(Regex.Matches(page, "<rect class=\"gap\""));
        Assert.Contains("1곳, 모두 1시간 50분", page, StringComparison.Ordinal);
        Assert.Contains("<tr class=\"none\">", page, StringComparison.Ordinal);
        Assert.Equal(19, Values(page).Length);
        Assert.DoesNotContain("data-value=\"0\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_and_truths_do_not_break_the_page_and_are_said()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        var thing = await sta.Create("Things", Sta.Thing("문", "door"));
        var stream = await StreamOf(sta, thing);
        await sta.Post($"Datastreams({stream})/Observations", $$"""{ "phenomenonTime": "{{Sta.At(0)}}", "result": true }""");
        var words = await sta.Create($"Things({thing})/Datastreams", Sta.Datastream("state"));
        await sta.Post($"Datastreams({words})/Observations", $$"""{ "phenomenonTime": "{{Sta.At(0)}}", "result": "<b>점검</b>" }""");

        var truth = await Page(sta, $"/sensors/{thing}?measure=door");
        var word = await Page(sta, $"/sensors/{thing}?measure=state");

        Assert.Contains("마지막 값: 예", truth, StringComparison.Ordinal);
        Assert.Contains("마지막 값: &lt;b&gt;점검&lt;/b&gt;", word, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thing_without_anything_and_one_without_a_place_have_a_page_that_says_so()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        var bare = await sta.Create("Things", """{ "name": "빈 것", "description": "d" }""");
        var placeless = await sta.Create("Things", $$"""{ "name": "떠돌이", "description": "d", "Datastreams": [{{Sta.Datastream()}}] }""");
        await sta.Post($"Datastreams({await StreamOf(sta, placeless)})/Observations", $$"""
            { "phenomenonTime": "{{Sta.At(0)}}", "result": 5, "FeatureOfInterest": { "name": "n", "description": "d", "encodingType": "application/geo+json", "feature": { "type": "Point", "coordinates": [127, 37.5] } } }
            """);
        await Heard(sta, placeless, 5);

        Assert.Contains("빈 것: 등록된 측정 항목이 없습니다.", await Page(sta, $"/sensors/{bare}"), StringComparison.Ordinal);
        var page = await Page(sta, $"/sensors/{placeless}");
        Assert.Contains("이 센서는 위치를 밝히지 않았습니다.", page, StringComparison.Ordinal);
        Assert.Contains("이 센서는 위치를 알 수 없거나 어림한 위치뿐이어서 가까운 센서를 찾지 않습니다.", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/sensors/404")]
    [InlineData("/sensors/99999999999999999999")]
    [InlineData("/en/sensors/-1")]
    [InlineData("/sensors/abc")]
    public async Task What_is_no_sensor_is_a_404_in_the_page_s_voice(string address)
    {
        await using var city = await TestCity.Start(Engine.Sqlite);

        var answer = await city.Client.GetAsync(address, Cancel);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("<h1>", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_five_nearest_of_the_same_world_are_compared_in_the_same_hour()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        var (thing, stream) = await Sensor(sta, "가운데", longitude: 127.0);
        await sta.Observe(stream, (0, 10), (100, 20));
        for (var i = 1; i <= 7; i++)
        {
            var (_, other) = await Sensor(sta, $"이웃 {i}", longitude: 127.0 + (0.01 * i));
            await sta.Observe(other, i == 2 ? [(0, 77.0)] : [(95, 30.0 + i), (101, 99.0)]);
        }

        var (real, realStream) = await Sensor(sta, "실측", longitude: 127.0001, real: true);
        await sta.Observe(realStream, (99, 55));
        await Heard(sta, thing, 20);
        await Heard(sta, real, 55);

        var page = await Page(sta, $"/sensors/{thing}?from=2026-07-19T00:00:00Z&to=2026-07-19T03:00:00Z");
        var near = page[page.IndexOf("near-title", StringComparison.Ordinal)..page.IndexOf("health-title", StringComparison.Ordinal)];

        Assert.Equal(["이웃 1", "이웃 2", "이웃 3", "이웃 4", "이웃 5"], Regex.Matches(near, "이웃 \\d").Select(match => match.Value));
        Assert.Contains("880 m", near, StringComparison.Ordinal);
        Assert.Contains("◔ 31 보통", near, StringComparison.Ordinal);
        Assert.DoesNotContain("77", near, StringComparison.Ordinal);
        Assert.DoesNotContain("99", near, StringComparison.Ordinal);
        Assert.DoesNotContain("실측", near.Replace("실측 데이터", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void No_window_reaches_beyond_now()
    {
        var (zone, now) = (TimeZoneInfo.FindSystemTimeZoneById("Asia/Seoul"), DateTimeOffset.Parse("2026-07-19T05:23:12Z", null));

        var zoomed = Madang.Web.Pages.Sensors.Windows.Choose("day", "2026-07-18T17:00:00Z", "2026-07-19T17:00:00Z", now, zone, latest: now);
        var past = Madang.Web.Pages.Sensors.Windows.Choose("day", "2026-07-17T00:00:00Z", "2026-07-18T00:00:00Z", now, zone, latest: now);

        // The newest window of a day ends with the ten minutes that are not over.
        var end = DateTimeOffset.Parse("2026-07-19T05:30:00Z", null);
        Assert.Equal((end.AddDays(-1), end), (zoomed.From, zoomed.To));
        Assert.Equal(DateTimeOffset.Parse("2026-07-18T00:00:00Z", null), past.To);
    }

    [Theory]
    [InlineData("hour", "2026-07-19T04:24:00Z", "2026-07-19T05:24:00Z", "raw")]
    [InlineData("day", "2026-07-18T05:30:00Z", "2026-07-19T05:30:00Z", "10m")]
    [InlineData("week", "2026-07-12T06:00:00Z", "2026-07-19T06:00:00Z", "1h")]
    [InlineData("month", "2026-06-18T06:00:00Z", "2026-07-19T06:00:00Z", "1h")]
    [InlineData("year", "2025-07-19T15:00:00Z", "2026-07-19T15:00:00Z", "1d")]
    public void A_span_ends_after_now_at_a_round_time_and_a_year_at_the_city_s_midnight(string span, string from, string to, string step)
    {
        var seoul = TimeZoneInfo.FindSystemTimeZoneById("Asia/Seoul");

        var window = Madang.Web.Pages.Sensors.Windows.Choose(span, null, null, DateTimeOffset.Parse("2026-07-19T05:23:12Z", null), seoul);

        Assert.Equal((DateTimeOffset.Parse(from, null), DateTimeOffset.Parse(to, null), step), (window.From, window.To, window.Step));
    }

    [Fact]
    public void Distances_are_those_of_the_earth()
    {
        // Seoul City Hall to Busan City Hall: 325 km (great circle).
        Assert.InRange(Globe.Metres(126.9780, 37.5665, 129.0750, 35.1798), 323_000, 327_000);
        Assert.Equal(0, Globe.Metres(127, 37, 127, 37));
    }

    private static async Task<(long Thing, long Stream)> Sensor(Sta sta, string name, double longitude = 126.977, bool real = false)
    {
        var body = Sta.Thing(name, longitude: longitude);
        var thing = await sta.Create("Things", real ? body.Replace("\"simulated\": true", "\"simulated\": false", StringComparison.Ordinal) : body);
        return (thing, await StreamOf(sta, thing));
    }

    private static async Task<long> StreamOf(Sta sta, long thing) => (long)(await sta.Get($"Things({thing})/Datastreams"))["value"]![0]!["@iot.id"]!;

    private static async Task<string> Page(Sta sta, string address)
    {
        var answer = await sta.City.Client.GetAsync(address, Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{address}: {answer.StatusCode} {text}");
        return text;
    }

    /// <summary>Waits until the city has heard a reading; it is told of it after it is stored.</summary>
    private static async Task Heard(Sta sta, long thing, double value, string measure = "pm25")
    {
        var city = sta.City.Services.GetRequiredService<CityNow>();
        var patience = TimeProvider.System.GetTimestamp();
        while ((await city.FindSensor(thing, Cancel))?.Sensor.Find(measure)?.Value != value)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(20), "the city hears the reading");
            await Task.Delay(10, Cancel);
        }
    }

    /// <summary>The first number of each row of the chart's table.</summary>
    private static string[] Values(string page) => [.. Row().Matches(page).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("<tr data-at=\"\\d+\"><th scope=\"row\">[^<]*</th>\\s*<td data-value=\"[^\"]*\">([^<]*)</td>")]
    private static partial Regex Row();

    [GeneratedRegex("<a href=\"(/api/series/\\d+\\?[^\"]*)\"")]
    private static partial Regex JsonLink();
}
