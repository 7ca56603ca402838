using System.Net;
using System.Text.RegularExpressions;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing;
using Madang.Web;
using Madang.Web.Pages.District;
using Madang.Web.Pages.Frame;
using Madang.Web.Text;

namespace Madang.Tests.Web;

/// <summary>The catalogue of sensors and the pages of districts, as a browser without JavaScript gets them.</summary>
public sealed class CatalogueTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/sensors", "아직 등록된 센서가 없습니다.")]
    [InlineData("/en/sensors", "No sensors are registered yet.")]
    [InlineData("/districts/11110", "종로구의 초미세먼지는 지금 들어오는 값이 없습니다.")]
    [InlineData("/en/districts/11110?measure=noise", "No readings of noise are coming in from Jongno-gu now.")]
    public async Task An_empty_city_says_so(string address, string sentence)
    {
        await using var city = await TestCity.Start(Engine.Sqlite);

        var page = await city.Client.GetStringAsync(address, Cancel);

        Assert.Contains(sentence, page, StringComparison.Ordinal);
        Assert.DoesNotContain("style=\"", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/sensors?data=simulated&measure=pm25", "찾은 센서 2개", "◑ 38 ㎍/㎥ 나쁨", "모의 데이터")]
    [InlineData("/en/sensors?data=simulated&measure=pm25", "Sensors found: 2", "◑ 38 ㎍/㎥ Unhealthy", "Simulated data")]
    public async Task Sensors_are_listed_with_state_and_value(string address, string found, string value, string world)
    {
        await using var sta = await City();

        var page = await sta.City.Client.GetStringAsync(address, Cancel);

        Assert.Contains(found, page, StringComparison.Ordinal);
        Assert.Contains(value, page, StringComparison.Ordinal);
        Assert.Contains(world, page, StringComparison.Ordinal);
        Assert.Contains("data-health=\"reporting\"", page, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(page, "<circle "));
    }

    [Fact]
    public async Task Conditions_stand_in_the_form_and_each_can_be_taken_out()
    {
        await using var sta = await City();

        var page = await sta.City.Client.GetStringAsync("/sensors?data=simulated&q=%EC%A2%85%EB%A1%9C+2&measure=pm25&district=11110&state=reporting", Cancel);

        Assert.Contains("찾은 센서 1개", page, StringComparison.Ordinal);
        Assert.Contains("value=\"종로 2\"", page, StringComparison.Ordinal);
        Assert.Contains("<option value=\"11110\" selected", page, StringComparison.Ordinal);
        Assert.Equal(4, Regex.Count(page, "class=\"krds-btn-tag\""));
        Assert.Contains("href=\"/api/city/sensors.csv?data=simulated&amp;q=%EC%A2%85%EB%A1%9C%202&amp;measure=pm25&amp;district=11110&amp;state=reporting\"", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "\"zzz\" 항목을 재는 센서가 없습니다.")]
    [InlineData("/en", "No sensor measures \"zzz\".")]
    public async Task A_measure_that_nobody_measures_is_told_with_the_ways_out(string root, string sentence)
    {
        await using var sta = await City();

        var page = WebUtility.HtmlDecode(await sta.City.Client.GetStringAsync(root + "/sensors?data=simulated&measure=zzz&sort=-value", Cancel));

        Assert.Contains(sentence, page, StringComparison.Ordinal);
        Assert.Contains($"href=\"{root}/sensors?data=simulated\"", page, StringComparison.Ordinal);
        Assert.Contains($"href=\"{root}/sensors?data=simulated&measure=pm25\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_found_says_what_to_do_and_nonsense_is_no_condition()
    {
        await using var sta = await City();

        var nothing = await sta.City.Client.GetStringAsync("/sensors?data=simulated&q=zzz", Cancel);
        var nonsense = await sta.City.Client.GetStringAsync("/sensors?data=simulated&state=broken&district=1&sort=size&page=99999999999", Cancel);

        Assert.Contains("조건에 맞는 센서가 없습니다.", nothing, StringComparison.Ordinal);
        Assert.Contains("찾은 센서 3개", nonsense, StringComparison.Ordinal);
        Assert.DoesNotContain("모의 데이터 가운데 맞는", nothing, StringComparison.Ordinal);

        // What is not in this world may be in the other.
        var other = await sta.City.Client.GetStringAsync("/sensors?data=real&q=%EC%A2%85%EB%A1%9C&page=2", Cancel);
        Assert.Matches("(?s)href=\"/sensors\\?[^\"]*data=simulated[^\"]*\">모의 데이터 가운데 맞는 \\d+개 보기", other);
    }

    [Fact]
    public async Task A_district_tells_its_value_its_rank_and_its_sensors()
    {
        await using var sta = await City();

        var korean = await sta.City.Client.GetStringAsync("/districts/11110?data=simulated", Cancel);
        var english = await sta.City.Client.GetStringAsync("/en/districts/11110?data=simulated&measure=noise", Cancel);

        Assert.Contains("종로구의 초미세먼지는 29\u00A0㎍\u2060/\u2060㎥, '보통'입니다.", System.Net.WebUtility.HtmlDecode(korean), StringComparison.Ordinal);
        Assert.Contains("이 구의 센서 3개", korean, StringComparison.Ordinal);
        Assert.Contains("자료가 없어 순위가 없는 구", korean, StringComparison.Ordinal);
        Assert.Contains("href=\"/figures/11110/pm25?data=simulated\"", korean, StringComparison.Ordinal);
        Assert.Contains("Noise in Jongno-gu is 61.0\u00A0㎍\u2060/\u2060㎥.", System.Net.WebUtility.HtmlDecode(english), StringComparison.Ordinal);
        Assert.DoesNotContain("style=\"", korean, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/districts/11010")]
    [InlineData("/en/districts/jongno")]
    public async Task A_district_that_is_not_there_is_404(string address)
    {
        await using var city = await TestCity.Start(Engine.Sqlite);

        Assert.Equal(HttpStatusCode.NotFound, (await city.Client.GetAsync(address, Cancel)).StatusCode);
    }

    [Theory]
    [InlineData(1, 1, "1")]
    [InlineData(1, 3, "1 2 3")]
    [InlineData(1, 20, "1 2 3 … 20")]
    [InlineData(10, 20, "1 … 8 9 10 11 12 … 20")]
    [InlineData(20, 20, "1 … 18 19 20")]
    public void Pages_about_the_one_shown_are_offered(int page, int pages, string numbers) =>
        Assert.Equal(numbers, string.Join(' ', Pagination.Numbers(page, pages).Select(number => number?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "…")));

    [Theory]
    [InlineData(0, "방금", "just now")]
    [InlineData(59, "59초 전", "59 seconds ago")]
    [InlineData(60, "1분 전", "1 minute ago")]
    [InlineData(7200, "2시간 전", "2 hours ago")]
    [InlineData(86400, "하루 전", "1 day ago")]
    [InlineData(86400 * 800, "2년 전", "2 years ago")]
    public void Times_are_said_as_people_say_them(int seconds, string korean, string english)
    {
        var clock = new DateTimeOffset(2026, 7, 19, 0, 0, 0, TimeSpan.Zero);

        Assert.Equal(korean, Since.Ago(Language.Korean, clock, clock.AddSeconds(-seconds)));
        Assert.Equal(english, Since.Ago(Language.English, clock, clock.AddSeconds(-seconds)));
    }

    [Theory]
    [InlineData(1, "1st")]
    [InlineData(2, "2nd")]
    [InlineData(3, "3rd")]
    [InlineData(11, "11th")]
    [InlineData(13, "13th")]
    [InlineData(23, "23rd")]
    public void Ordinals_are_english(int number, string words) => Assert.Equal(words, DistrictWords.Ordinal(Language.English, number));

    private static async Task<Sta> City()
    {
        var sta = await Sta.Start(Engine.Sqlite);
        await sta.Observe(await sta.CreateDatastream("종로 10"), (60, 38));
        await sta.Observe(await sta.CreateDatastream("종로 2"), (58, 20));
        await sta.Observe(await sta.CreateDatastream("소리", "noise"), (59, 61));
        var patience = TimeProvider.System.GetTimestamp();
        while ((int)(await sta.Get("/api/city/sensors?data=simulated"))["states"]!["reporting"]! < 3)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(20), "the readings become figures");
            await Task.Delay(20, Cancel);
        }

        return sta;
    }
}
