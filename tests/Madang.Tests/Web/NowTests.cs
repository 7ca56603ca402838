using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Madang.Operations;
using Madang.Storage;
using Madang.Tests.Sensing;
using Madang.Web;
using Madang.Web.Text;

namespace Madang.Tests.Web;

/// <summary>The front page: another measure, another moment, another order; and what it says when there is no now.</summary>
public sealed class NowTests
{
    private const string World = "data=simulated";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Another_measure_colours_the_map_and_is_told_by_the_sentence()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        await sta.Observe(await sta.CreateDatastream(measure: "temperature"), (200, 21.46));
        await WaitFor(sta, $"/api/city/now?{World}", now => now["figures"]!.AsArray().Count > 0);

        var page = await Read(sta, $"/?{World}&measure=temperature");
        var english = await Read(sta, $"/en/?{World}&measure=temperature");
        var usual = await Read(sta, $"/?{World}");

        Assert.Contains("서울의 기온은 평균 21.5", page, StringComparison.Ordinal);
        Assert.Contains("The mean temperature in Seoul is 21.5", english, StringComparison.Ordinal);
        Assert.Contains("data-district=\"11110\" data-grade=\"band-4\"", page, StringComparison.Ordinal);
        Assert.Contains("data-choose=\"temperature\" href=\"/?data=simulated&amp;measure=temperature\" aria-current=\"true\"", page, StringComparison.Ordinal);
        Assert.Contains("기상청", page, StringComparison.Ordinal);
        Assert.Contains("지금 들어오는 초미세먼지 값이 없습니다.", usual, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_moment_of_the_last_day_is_drawn_on_map_and_table_and_marked_as_past()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        await sta.Observe(await sta.CreateDatastream(), (5, 20), (200, 88));
        await WaitFor(sta, $"/api/city/day?{World}", day => day["measures"]!["pm25"]!["city"]!.AsArray().Any(value => (double?)value == 20));

        // The same ten minutes: in UTC, with an offset, and as the number that a form without scripts sends.
        foreach (var at in (string[])["2026-07-19T00:00:00Z", "2026-07-19T09:09:00%2B09:00", "1784419200"])
        {
            var page = await Read(sta, $"/?{World}&at={at}");

            Assert.Contains("오늘 09:00의 값을 보고 있습니다.", page, StringComparison.Ordinal);
            Assert.Contains("data-district=\"11110\" data-grade=\"moderate\" data-value=\"20\"", page, StringComparison.Ordinal);
            Assert.Contains("data-cell=\"pm25\" data-value=\"20\"", page, StringComparison.Ordinal);
            Assert.Contains("data-state=\"reporting\" data-grade=\"moderate\"", page, StringComparison.Ordinal);
            // Sentence and tile stay with now.
            Assert.Contains("1곳에서 초미세먼지가 &#x27;매우나쁨&#x27;입니다", page, StringComparison.Ordinal);
            Assert.Contains(" data-value>88</span>", page, StringComparison.Ordinal);
            Assert.DoesNotContain("style=\"", page, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("at=abc")]
    [InlineData("at=1")]
    [InlineData("at=99999999999999999999")]
    [InlineData("at=999999999999999")]
    [InlineData("at=2026-07-19T03:20:00Z")]
    [InlineData("measure=nothing&sort=-nothing")]
    public async Task Words_that_mean_nothing_show_what_is_so_now(string query)
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        await sta.Observe(await sta.CreateDatastream(), (200, 20));
        await WaitFor(sta, $"/api/city/now?{World}", now => now["figures"]!.AsArray().Count > 0);

        var page = await Read(sta, $"/?{World}&{query}");

        Assert.Contains("data-past=\"no\"", page, StringComparison.Ordinal);
        Assert.Contains("data-measure=\"pm25\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("aria-sort", page, StringComparison.Ordinal);
        Assert.Contains("data-district=\"11110\" data-grade=\"moderate\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_table_is_sorted_by_a_column_with_the_unknown_below_and_leads_to_districts_and_a_download()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        await sta.Observe(await sta.CreateDatastream("용산", longitude: 126.98), (200, 20));
        await WaitFor(sta, $"/api/city/now?{World}", now => now["figures"]!.AsArray().Count > 0);

        var up = await Read(sta, $"/?{World}&sort=pm25");
        var named = await Read(sta, $"/?{World}&sort=name");

        Assert.Contains("data-column=\"pm25\" aria-sort=\"ascending\"", up, StringComparison.Ordinal);
        Assert.StartsWith("<tr data-row=\"11110\">", up[up.IndexOf("<tr data-row", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.StartsWith("<tr data-row=\"11680\">", named[named.IndexOf("<tr data-row", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.Contains("<a href=\"/districts/11110?data=simulated\">종로구</a>", up, StringComparison.Ordinal);
        Assert.Contains("href=\"/api/city/now.csv?data=simulated\"", up, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_without_a_now_are_announced_and_drawn_as_silent()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        var thing = await sta.Create("Things", Sta.Thing().Replace("\"simulated\": true", "\"simulated\": false", StringComparison.Ordinal));
        var datastream = (long)(await sta.Get($"Things({thing})/Datastreams"))["value"]![0]!["@iot.id"]!;
        await sta.Post($"Datastreams({datastream})/Observations", """{ "phenomenonTime": "2019-04-01T03:20:00Z", "result": 12 }""");
        var patience = TimeProvider.System.GetTimestamp();
        string page;
        do
        {
            Assert.True(TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(20), "the archive is announced");
            page = await Read(sta, "/?data=real");
        }
        while (!page.Contains("data-archive", StringComparison.Ordinal));

        Assert.Contains("센서 1개, 가장 새로운 값은 2019년 4월 1일 12:20입니다.", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/sensors?data=real\"", page, StringComparison.Ordinal);
        Assert.Contains($"<circle data-thing=\"{thing}\" data-state=\"silent\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("./madang demo", page, StringComparison.Ordinal);
        Assert.Contains("newest reading 1 Apr 2019, 12:20", await Read(sta, "/en/?data=real"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_says_the_same_as_the_island()
    {
        var cases = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "text.cases.json"), Cancel)).RootElement;

        Assert.All(cases.GetProperty("days").EnumerateArray(), one => Assert.Equal(
            one[4].GetString(), Reading.Day(Speak(one[0]), TimeZoneInfo.FindSystemTimeZoneById(one[1].GetString()!), one[2].GetDateTimeOffset(), one[3].GetDateTimeOffset())));
        Assert.All(cases.GetProperty("means").EnumerateArray(), one => Assert.Equal(one[5].GetString(), Reading.Means(
            Speak(one[0]), one[1].GetString()!, one[2].GetString()!, Number(one[3]), [.. one[4].EnumerateArray().Select(district => (district[0].GetString()!, Number(district[1])))])));
        Assert.All(cases.GetProperty("classes").EnumerateArray(), one => Assert.Equal(one[2].GetString(), Number(one[1]) is { } value ? Scale.Of(one[0].GetString()!)!.ClassOf(value) : "unknown"));
        var scales = cases.GetProperty("scales");
        Assert.Equal(Measures.Main, scales.EnumerateObject().Select(scale => scale.Name));
        Assert.All(scales.EnumerateObject(), scale =>
        {
            Assert.Equal(Scale.Of(scale.Name)!.Limits, scale.Value.GetProperty("limits").EnumerateArray().Select(limit => limit.GetDouble()));
            Assert.Equal(Scale.Of(scale.Name)!.Classes, scale.Value.GetProperty("classes").EnumerateArray().Select(word => word.GetString()!));
        });
    }

    private static Language Speak(JsonElement code) => code.GetString() == "ko" ? Language.Korean : Language.English;

    private static double? Number(JsonElement number) => number.ValueKind == JsonValueKind.Null ? null : number.GetDouble();

    private static async Task<string> Read(Sta sta, string address)
    {
        var response = await sta.City.Client.GetAsync(address, Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Cancel);
    }

    private static async Task WaitFor(Sta sta, string address, Func<JsonNode, bool> ready)
    {
        var patience = TimeProvider.System.GetTimestamp();
        while (!ready(await sta.Get(address)))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(45), address);
            await Task.Delay(20, Cancel);
        }
    }
}
