using System.Net;
using System.Text.Json;
using Madang.Operations;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing;
using Madang.Web;
using Madang.Web.Draw;
using Madang.Web.Text;

namespace Madang.Tests.Web;

public sealed class PageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/", "<html lang=\"ko\">", "자료 없음", "지금 들어오는 초미세먼지 값이 없습니다.")]
    [InlineData("/en/", "<html lang=\"en\">", "No data", "No PM2.5 readings are coming in now.")]
    public async Task An_empty_city_says_so_in_both_languages(string address, string lang, string unknown, string sentence)
    {
        await using var city = await TestCity.Start(Engine.Sqlite);

        var page = await city.Client.GetStringAsync(address, Cancel);

        Assert.Contains(lang, page, StringComparison.Ordinal);
        Assert.Contains(unknown, page, StringComparison.Ordinal);
        Assert.Contains(sentence, page, StringComparison.Ordinal);
        Assert.Contains("./madang demo", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_allow_scripts_of_this_server_only_and_a_place_that_is_not_there_is_404()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);

        var page = await city.Client.GetAsync("/", Cancel);
        var nowhere = await city.Client.GetAsync("/figures/99999/pm25", Cancel);

        Assert.StartsWith("default-src 'self'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("style=\"", await page.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, nowhere.StatusCode);
        Assert.Contains("찾는 페이지가 없습니다", await nowhere.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_show_the_time_of_the_city_s_own_zone()
    {
        await using var sta = await Sta.Start(Engine.Sqlite, settings => settings["Sensing:TimeZone"] = "America/New_York");
        await sta.Observe(await sta.CreateDatastream(), (200, 38));
        var patience = TimeProvider.System.GetTimestamp();
        while ((string?)(await sta.Get("/api/city/now?data=simulated"))["asOf"] is null)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(20), "the reading becomes a figure");
            await Task.Delay(10, Cancel);
        }

        var page = await sta.City.Client.GetStringAsync("/", Cancel);
        var figure = await sta.City.Client.GetStringAsync("/figures/city/pm25?data=simulated", Cancel);

        Assert.Contains("data-zone=\"America/New_York\"", page, StringComparison.Ordinal);
        Assert.Contains("7월 18일(토) 23:20", page, StringComparison.Ordinal);
        Assert.Contains(">23:20</td>", page, StringComparison.Ordinal);
        Assert.Contains("7월 18일(토) 23:20", figure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_says_the_same_as_the_island()
    {
        var cases = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "text.cases.json"), Cancel)).RootElement;

        Assert.All(cases.GetProperty("numbers").EnumerateArray(), one => Assert.Equal(one[2].GetString(), Reading.Number(one[0].GetString()!, one[1].GetDouble())));
        Assert.All(cases.GetProperty("differences").EnumerateArray(), one => Assert.Equal(one[2].GetString(), Reading.Difference(one[0].GetString()!, one[1].GetDouble())));
        Assert.All(cases.GetProperty("moments").EnumerateArray(), one => Assert.Equal(
            one[3].GetString(), Reading.Moment(one[0].GetString() == "ko" ? Language.Korean : Language.English, TimeZoneInfo.FindSystemTimeZoneById(one[1].GetString()!), one[2].GetDateTimeOffset())));
        Assert.All(cases.GetProperty("sentences").EnumerateArray(), one => Assert.Equal(one[2].GetString(), Reading.Sentence(Language.Korean, [.. one[0].EnumerateArray().Select(Grade)], one[1].GetString()!)));
        Assert.All(cases.GetProperty("sparks").EnumerateArray(), one => Assert.Equal(one[1].GetString(), Spark.Path([.. one[0].EnumerateArray().Select(point => (point[0].GetInt64(), point[1].GetDouble()))])));
    }

    private static AirGrade? Grade(JsonElement word) => word.GetString() switch
    {
        "good" => AirGrade.Good,
        "moderate" => AirGrade.Moderate,
        "bad" => AirGrade.Bad,
        "very-bad" => AirGrade.VeryBad,
        _ => null,
    };
}
