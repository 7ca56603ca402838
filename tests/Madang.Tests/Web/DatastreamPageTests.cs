using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing;

namespace Madang.Tests.Web;

/// <summary>The page of one Datastream, and the query that made it.</summary>
public sealed class DatastreamPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task It_shows_every_value_newest_first_a_page_at_a_time_and_the_query_that_made_it(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();
        await sta.Observe(datastream, [.. Enumerable.Range(0, 120).Select(minute => (minute, minute + 0.125))]);
        var seen = new List<double>();
        var address = $"/datastreams/{datastream}";
        for (var pages = 1; ; pages++)
        {
            var page = await sta.City.Client.GetStringAsync(address, Cancel);
            var values = Regex.Matches(page, @"<td(?: data-grade=""[\w-]+"")?>([\d.]+)</td>\s*<td>").Select(match => double.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)).ToList();
            seen.AddRange(values);
            await TheQueryMadeIt(sta, page, values);
            if (Regex.Match(page, "id=\"observations-older\" href=\"([^\"]+)\"") is not { Success: true } older)
            {
                Assert.Equal(3, pages);
                break;
            }

            address = WebUtility.HtmlDecode(older.Groups[1].Value);
        }

        Assert.Equal(Enumerable.Range(0, 120).Select(minute => minute + 0.125).Reverse(), seen);
    }

    [Fact]
    public async Task It_tells_what_the_datastream_is_and_leads_to_it_from_its_sensor_and_the_catalogue()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        var datastream = await sta.CreateDatastream();
        await sta.Observe(datastream, (60, 38));
        var patience = TimeProvider.System.GetTimestamp();
        while ((int)(await sta.Get("/api/city/sensors?data=simulated"))["count"]! < 1)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(20), "the reading becomes a figure");
            await Task.Delay(10, Cancel);
        }

        var page = WebUtility.HtmlDecode(await sta.City.Client.GetStringAsync($"/en/datastreams/{datastream}", Cancel));
        Assert.Matches("(?s)Measure</dt><dd>.*Unit</dt><dd>㎍/㎥.*Last value</dt><dd>\\s*38 ㎍/㎥.*href=\"/en/sensors/\\d+\"><bdi>종로 1.*href=\"/en/districts/11110\\?data=simulated\">Jongno-gu.*세종로", page);
        Assert.Contains("Nothing wrong was found.", page, StringComparison.Ordinal);
        Assert.Contains($"/api/series/{datastream}.csv?", page, StringComparison.Ordinal);
        var thing = Regex.Match(page, "href=\"/en/sensors/(\\d+)\"").Groups[1].Value;
        Assert.Contains($"href=\"/datastreams/{datastream}\"", await sta.City.Client.GetStringAsync($"/sensors/{thing}", Cancel), StringComparison.Ordinal);
        Assert.Contains($"href=\"/datastreams/{datastream}\"", await sta.City.Client.GetStringAsync("/sensors?data=simulated", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chosen_window_is_the_window_of_the_table_too_and_what_is_told_is_only_shown()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        var datastream = await sta.CreateDatastream();
        await sta.Observe(datastream, (0, 11), (60, 22), (120, 33));
        await sta.Post($"Datastreams({datastream})/Observations", """{ "phenomenonTime": "2026-07-19T01:05:00Z", "result": "<script>alert(1)</script>" }""");
        var page = await sta.City.Client.GetStringAsync($"/datastreams/{datastream}?from=2026-07-19T00:30:00Z&to=2026-07-19T01:30:00Z", Cancel);
        Assert.Contains(">22</td>", page, StringComparison.Ordinal);
        Assert.DoesNotContain(">33</td>", page, StringComparison.Ordinal);
        Assert.DoesNotContain(">11</td>", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.Contains("phenomenonTime ge 2026-07-19T00:30:00", page, StringComparison.Ordinal);

        var lost = await sta.City.Client.GetAsync($"/datastreams/{datastream}?after=nonsense", Cancel);
        Assert.Equal(HttpStatusCode.OK, lost.StatusCode);
        Assert.Contains("400 Bad Request", await lost.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Theory, BothEngines]
    public async Task A_multidatastream_has_a_chart_for_each_part_and_its_thing_leads_to_it(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        var multi = await sta.Create("Things(1)/MultiDatastreams", MultiDatastreamTests.Wind.Replace("\"바람\"", "\"바람 <b>\"", StringComparison.Ordinal));
        var empty = await sta.City.Client.GetStringAsync($"/multi-datastreams/{multi}", Cancel);
        Assert.Contains("한 번에 2가지를 알리는", empty, StringComparison.Ordinal);
        Assert.Contains("아직 받은 값이 없습니다", empty, StringComparison.Ordinal);
        foreach (var (minute, result) in new[] { (0, "[270, 3.5]"), (10, "[280, null]"), (20, "[290, 4.25]") })
        {
            await sta.Post($"MultiDatastreams({multi})/Observations", $$"""{ "phenomenonTime": "2026-07-19T00:{{minute:00}}:00Z", "result": {{result}} }""");
        }

        var page = await sta.City.Client.GetStringAsync($"/en/multi-datastreams/{multi}", Cancel);
        Assert.Equal(2, Regex.Count(page, "<figure class=\"chart\""));
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        Assert.Matches("(?s)290</td>\\s*<td>4.25</td>.*280</td>\\s*<td>[Nn]o data</td>.*270</td>\\s*<td>3.5</td>", page);
        Assert.Contains($"<code>MultiDatastreams({multi})/Observations?$select=id,phenomenonTime,resultTime,result", page, StringComparison.Ordinal);
        Assert.Contains("curl -sG", page, StringComparison.Ordinal);
        Assert.Contains($"href=\"/multi-datastreams/{multi}\"><bdi>바람 &lt;b&gt;", WebUtility.HtmlDecode(await sta.City.Client.GetStringAsync("/sensors/1", Cancel)).Replace("<b>", "&lt;b&gt;", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/multi-datastreams/999")]
    [InlineData("/en/multi-datastreams/one")]
    [InlineData("/datastreams/999")]
    [InlineData("/en/datastreams/one")]
    [InlineData("/datastreams/-1")]
    public async Task What_is_not_there_is_404(string address)
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        Assert.Equal(HttpStatusCode.NotFound, (await city.Client.GetAsync(address, Cancel)).StatusCode);
    }

    private static async Task TheQueryMadeIt(Sta sta, string page, List<double> values)
    {
        var query = WebUtility.HtmlDecode(Regex.Match(page, "<code>(Datastreams[^<]+)</code>").Groups[1].Value);
        var told = (JsonArray)(await sta.Get(query))["value"]!;
        Assert.Equal(values, told.Select(one => (double)one!["result"]!));
        Assert.Contains("--data-urlencode '$orderby=phenomenonTime desc'", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
    }
}
