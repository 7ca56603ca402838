using System.Text.RegularExpressions;
using static Microsoft.Playwright.Assertions;

namespace Madang.EndToEnd;

public sealed class FrontPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/", "나쁨", "실시간", "서울 25개 구 가운데 1곳에서 초미세먼지가 '나쁨'입니다. 24곳은 자료가 없습니다.")]
    [InlineData("/en/", "Unhealthy", "Live", "PM2.5 is unhealthy in 1 of Seoul's 25 districts. No data for 24.")]
    public async Task A_tile_the_map_the_table_and_the_sentence_change_while_one_looks(string path, string bad, string live, string sentence)
    {
        await using var browser = await Browser.Start();
        await using var city = await CityProcess.Start(Cancel);
        var page = await browser.Open(city.Address, path);
        var tile = page.Locator("[data-tile=pm25]");
        await Expect(page.Locator("[data-live]")).ToHaveTextAsync(live);
        await Expect(tile.Locator("[data-value]")).ToHaveTextAsync(new Regex("자료 없음|No data"));

        var datastream = await city.AddSensor("pm25", "㎍/㎥", simulated: false, Cancel);
        await city.Observe(datastream, 12.3, Cancel);
        await Expect(tile.Locator("[data-value]")).ToHaveTextAsync("12", new() { Timeout = 15_000 });
        await city.Observe(datastream, 48.2, Cancel);

        await Expect(tile.Locator("[data-value]")).ToHaveTextAsync("48", new() { Timeout = 15_000 });
        await Expect(tile.Locator("[data-grade-text]")).ToHaveTextAsync("◑ " + bad);
        await Expect(page.Locator("[data-district='11110']")).ToHaveAttributeAsync("data-grade", "bad");
        await Expect(page.Locator("[data-row='11110'] [data-cell=pm25]")).ToHaveTextAsync($"◑ 48 {bad}");
        await Expect(page.Locator("[data-sentence]")).ToHaveTextAsync(sentence);
        await Expect(page.Locator("[data-stations] circle")).ToHaveCountAsync(1);
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task Simulated_data_says_so_and_a_paused_page_stands_still()
    {
        await using var browser = await Browser.Start();
        await using var city = await CityProcess.Start(Cancel);
        var datastream = await city.AddSensor("temperature", "℃", simulated: true, Cancel);
        await city.Observe(datastream, 21.5, Cancel);
        var page = await browser.Open(city.Address, "/");
        var value = page.Locator("[data-tile=temperature] [data-value]");
        await Expect(value).ToHaveTextAsync("21.5", new() { Timeout = 15_000 });
        await Expect(page.Locator(".simulated")).ToHaveTextAsync("모의 데이터");

        await page.Locator("[data-pause]").ClickAsync();
        await Expect(page.Locator("[data-live]")).ToHaveTextAsync("멈췄습니다");
        await city.Observe(datastream, 22.5, Cancel);
        var other = await browser.Open(city.Address, "/");
        await Expect(other.Locator("[data-tile=temperature] [data-value]")).ToHaveTextAsync("22.5", new() { Timeout = 15_000 });
        await Expect(value).ToHaveTextAsync("21.5");

        await page.Locator("[data-pause]").ClickAsync();
        await Expect(value).ToHaveTextAsync("22.5", new() { Timeout = 15_000 });
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task Without_scripts_the_figures_of_the_request_are_there_and_lead_to_their_sources()
    {
        await using var browser = await Browser.Start();
        await using var city = await CityProcess.Start(Cancel);
        var datastream = await city.AddSensor("pm25", "㎍/㎥", simulated: false, Cancel);
        await city.Observe(datastream, 80, Cancel);
        var watching = await browser.Open(city.Address, "/");
        await Expect(watching.Locator("[data-tile=pm25] [data-value]")).ToHaveTextAsync("80", new() { Timeout = 15_000 });

        var page = await browser.Open(city.Address, "/", script: false);
        await Expect(page.Locator("[data-tile=pm25] [data-value]")).ToHaveTextAsync("80");
        await page.Locator("[data-tile=pm25] [data-count]").ClickAsync();

        await Expect(page.Locator("h1")).ToHaveTextAsync("서울 · 초미세먼지 PM2.5 80\u00A0㎍\u2060/\u2060㎥ · ● 매우나쁨");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await page.Locator("tbody a[href^='/sta']").ClickAsync();
        Assert.Contains("\"@iot.selfLink\"", await page.ContentAsync(), StringComparison.Ordinal);
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task On_the_drawing_arrow_keys_go_from_district_to_district_and_Enter_opens_one()
    {
        await using var browser = await Browser.Start();
        await using var city = await CityProcess.Start(Cancel);
        // A phone keeps the drawing until its reader asks for more.
        var page = await browser.Open(city.Address, "/", 900);
        await Expect(page.Locator("[data-live]")).ToHaveTextAsync("실시간");

        await page.Locator("[data-district='11110']").FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.Locator("[data-district='11110']")).Not.ToBeFocusedAsync();
        var there = await page.EvaluateAsync<string>("() => document.activeElement.getAttribute('href')");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page).ToHaveURLAsync(new Regex(Regex.Escape(there)));
        Assert.Matches("/districts/11\\d{3}\\?data=", there);
    }
}
