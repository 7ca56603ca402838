using System.Text.RegularExpressions;
using static Microsoft.Playwright.Assertions;

namespace Madang.EndToEnd;

/// <summary>The front page by hand: another measure, another moment, and the map that moves, without errors and without another host.</summary>
public sealed class MapTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_measure_is_chosen_in_place_keeps_its_address_and_the_back_button_brings_the_other_back()
    {
        await using var browser = await Browser.Start(withMap: true);
        await using var city = await CityProcess.Start(Cancel);
        await city.Observe(await city.AddSensor("pm25", "㎍/㎥", simulated: false, Cancel), 48, Cancel);
        var temperature = await city.AddSensor("temperature", "℃", simulated: false, Cancel);
        await city.Observe(temperature, 21.5, Cancel);
        await city.Settle(Cancel);
        var page = await browser.Open(city.Address, "/");
        await Expect(page.Locator("[data-district='11110']")).ToHaveAttributeAsync("data-grade", "bad", new() { Timeout = 15_000 });
        await page.EvaluateAsync("() => { window.same = true; }");

        await page.Locator("[data-choose=temperature]").ClickAsync();

        await Expect(page.Locator("#map-title")).ToHaveTextAsync("구별 기온");
        await Expect(page).ToHaveURLAsync(new Regex("measure=temperature"));
        await Expect(page.Locator("[data-district='11110']")).ToHaveAttributeAsync("data-grade", "band-4");
        await Expect(page.Locator("[data-sentence]")).ToHaveTextAsync("서울의 기온은 평균 21.5 ℃입니다.");
        await city.Observe(temperature, 34, Cancel);
        await Expect(page.Locator("[data-district='11110']")).ToHaveAttributeAsync("data-grade", "band-7", new() { Timeout = 15_000 });
        await Expect(page.Locator("[data-sentence]")).ToHaveTextAsync("서울의 기온은 평균 34.0 ℃입니다.");
        await page.GoBackAsync();
        await Expect(page.Locator("#map-title")).ToHaveTextAsync("구별 초미세먼지");
        await Expect(page.Locator("[data-district='11110']")).ToHaveAttributeAsync("data-grade", "bad");
        Assert.True(await page.EvaluateAsync<bool>("() => window.same === true"), "the page was opened anew");
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task The_slider_shows_the_past_on_map_and_table_stands_still_there_and_survives_the_back_button()
    {
        await using var browser = await Browser.Start(withMap: true);
        await using var city = await CityProcess.Start(Cancel);
        var datastream = await city.AddSensor("pm25", "㎍/㎥", simulated: true, Cancel);
        await city.Observe(datastream, 20, Cancel, TimeSpan.FromHours(-2));
        await city.Observe(datastream, 48, Cancel);
        await city.Settle(Cancel);
        var page = await browser.Open(city.Address, "/?data=simulated");
        await Expect(page.Locator("[data-live]")).ToHaveTextAsync("실시간");
        var slider = page.Locator("#time-at");
        var area = page.Locator("[data-district='11110']");
        await Expect(area).ToHaveAttributeAsync("data-grade", "bad", new() { Timeout = 15_000 });
        await WaitForPast(city);

        await slider.FocusAsync();
        await page.Keyboard.PressAsync("PageDown");
        await page.Keyboard.PressAsync("PageDown");

        await Expect(area).ToHaveAttributeAsync("data-grade", "moderate");
        await Expect(page.Locator("[data-row='11110'] [data-cell=pm25]")).ToHaveTextAsync("◔ 20 보통");
        await Expect(page.Locator("[data-stations] circle")).ToHaveAttributeAsync("data-grade", "moderate");
        await Expect(slider).ToHaveAttributeAsync("aria-valuetext", new Regex("^(오늘|어제) \\d\\d:\\d0$"));
        await Expect(page.Locator("[data-tile=pm25] [data-value]")).ToHaveTextAsync("48");
        await city.Observe(datastream, 88, Cancel);
        await Expect(page.Locator("[data-tile=pm25] [data-value]")).ToHaveTextAsync("88", new() { Timeout = 15_000 });
        await Expect(page.Locator("[data-sentence]")).ToContainTextAsync("매우나쁨");
        await Expect(area).ToHaveAttributeAsync("data-grade", "moderate");

        await page.Locator("[data-tile=pm25] [data-count]").ClickAsync();
        await page.GoBackAsync();
        await Expect(page.Locator("[data-time-note]")).ToHaveAttributeAsync("data-past", "yes");
        await Expect(area).ToHaveAttributeAsync("data-grade", "moderate");
        await page.Locator("[data-now-link]").ClickAsync();
        await Expect(area).ToHaveAttributeAsync("data-grade", "very-bad");
        await Expect(page).Not.ToHaveURLAsync(new Regex("at="));
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task By_keyboard_the_map_tells_a_sensor_and_opens_it()
    {
        await using var browser = await Browser.Start(withMap: true);
        await using var city = await CityProcess.Start(Cancel);
        await city.Observe(await city.AddSensor("pm25", "㎍/㎥", simulated: false, Cancel), 48, Cancel);
        await city.Settle(Cancel);
        var page = await browser.Open(city.Address, "/");
        var earth = page.Locator("[data-sheet][data-mapped] [data-earth]");
        await Expect(earth).ToBeVisibleAsync(new() { Timeout = 60_000 });

        await earth.FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.Locator("[data-said]")).ToHaveTextAsync("시험 센서 pm25, 48 ㎍/㎥, 나쁨, 보내는 중");
        await Expect(page.Locator("[data-card]")).ToContainTextAsync("◑ 48 ㎍/㎥");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("[data-card]")).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("#map-help")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(earth).ToBeFocusedAsync();
        Assert.Empty(browser.Complaints);

        await page.Keyboard.PressAsync("ArrowRight");
        await page.RunAndWaitForRequestAsync(() => page.Keyboard.PressAsync("Enter"), new Regex("/sensors/\\d+$"));
    }

    [Fact]
    public async Task Without_scripts_a_moment_is_chosen_by_the_form()
    {
        await using var browser = await Browser.Start(withMap: true);
        await using var city = await CityProcess.Start(Cancel);
        var datastream = await city.AddSensor("pm25", "㎍/㎥", simulated: true, Cancel);
        await city.Observe(datastream, 48, Cancel);
        await city.Settle(Cancel);
        var page = await browser.Open(city.Address, "/?data=simulated&measure=pm10", script: false);

        await page.Locator("#time-at").FocusAsync();
        await page.Keyboard.PressAsync("Home");
        await page.Locator("[data-time-go]").ClickAsync();

        await Expect(page.Locator("[data-time-note]")).ToHaveAttributeAsync("data-past", "yes");
        await Expect(page).ToHaveURLAsync(new Regex("measure=pm10"));
        await Expect(page.Locator("[data-district='11110']")).ToHaveAttributeAsync("data-grade", "unknown");
        Assert.Empty(browser.Complaints);
    }

    /// <summary>The past is read from the store a while after it came in.</summary>
    private static async Task WaitForPast(CityProcess city)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        while (!(await city.Client.GetStringAsync("/api/city/day?data=simulated", patience.Token)).Contains(",20,", StringComparison.Ordinal))
        {
            await tick.WaitForNextTickAsync(patience.Token);
        }
    }
}
