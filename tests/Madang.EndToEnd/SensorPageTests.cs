using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Madang.EndToEnd;

/// <summary>The page of a sensor by hand: another span, a closer look, the way back, and what one takes away.</summary>
public sealed class SensorPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stretch_of_the_chart_is_chosen_by_dragging_and_left_again()
    {
        await using var browser = await Browser.Start();
        await using var city = await CityProcess.Start(Cancel);
        var thing = await Filled(city);
        var page = await browser.Open(city.Address, $"/sensors/{thing}?span=day");
        var stage = page.Locator("[data-stage]");
        await Expect(page.Locator("[data-chart][data-watched]")).ToHaveCountAsync(1);
        var points = await Points(page);
        var box = (await stage.BoundingBoxAsync())!;

        await page.Mouse.MoveAsync(box.X + (box.Width * 0.6f), box.Y + (box.Height / 2));
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + (box.Width * 0.95f), box.Y + (box.Height / 2), new() { Steps = 5 });
        await page.Mouse.UpAsync();

        await Expect(page).ToHaveURLAsync(new Regex("from=.*to="));
        await Expect(page.Locator("[data-stage]")).ToBeVisibleAsync();
        Assert.NotEqual(points, await Points(page));
        await page.Locator(".unzoom a").ClickAsync();
        await Expect(page).Not.ToHaveURLAsync(new Regex("from="));
        await page.GoBackAsync();
        await Expect(page).ToHaveURLAsync(new Regex("from=.*to="));
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task By_keyboard_the_chart_is_read_out_and_zoomed()
    {
        await using var browser = await Browser.Start();
        await using var city = await CityProcess.Start(Cancel);
        var thing = await Filled(city);
        var page = await browser.Open(city.Address, $"/sensors/{thing}?span=day");
        await Expect(page.Locator("[data-chart][data-watched]")).ToHaveCountAsync(1);

        await page.Locator("[data-stage]").FocusAsync();
        await page.Keyboard.PressAsync("End");
        await Expect(page.Locator("[data-readout]")).ToContainTextAsync("60");
        await page.Keyboard.PressAsync("Home");
        await Expect(page.Locator("[data-readout]")).ToContainTextAsync("20");
        await page.Keyboard.PressAsync("+");

        await Expect(page).ToHaveURLAsync(new Regex("from=.*to="));
        await Expect(page.Locator("[data-stage]")).ToBeFocusedAsync();
        await Expect(page.Locator("[data-chart][data-watched]")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Escape");
        await Expect(page).Not.ToHaveURLAsync(new Regex("from="));
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task What_one_takes_away_is_what_the_interface_says_and_the_page_shows()
    {
        await using var browser = await Browser.Start();
        await using var city = await CityProcess.Start(Cancel);
        var thing = await Filled(city);
        var page = await browser.Open(city.Address, $"/sensors/{thing}?span=day");
        var link = page.Locator("a[download][href*='.csv']");
        var json = (await page.Locator("a[href^='/api/series/']:not([download])").First.GetAttributeAsync("href"))!;

        var download = await page.RunAndWaitForDownloadAsync(() => link.ClickAsync());
        var file = await File.ReadAllTextAsync((await download.PathAsync())!, Cancel);

        var api = (await city.Client.GetFromJsonAsync<JsonElement>(json, Cancel)).GetProperty("points").EnumerateArray().ToList();
        var rows = file.Trim().Split("\r\n")[1..];
        Assert.Equal(api.Count, rows.Length);
        Assert.All(api.Zip(rows), pair => Assert.Contains(pair.First.GetProperty("mean").GetDouble().ToString("R", CultureInfo.InvariantCulture), pair.Second.Split(',')));
        Assert.Equal(api.Count, await Points(page));
    }

    [Fact]
    public async Task The_other_language_is_the_same_page_and_a_copied_call_runs()
    {
        await using var browser = await Browser.Start();
        await using var city = await CityProcess.Start(Cancel);
        var thing = await Filled(city);
        var page = await browser.Open(city.Address, $"/sensors/{thing}?span=week");

        await page.Locator("[data-language]").ClickAsync();

        await Expect(page).ToHaveURLAsync(new Regex($"/en/sensors/{thing}\\?span=week"));
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        var call = Regex.Match(await page.Locator("#curl").InnerTextAsync(), "^curl '([^']+)'$").Groups[1].Value;
        Assert.True((await city.Client.GetAsync(call, Cancel)).IsSuccessStatusCode, call);
        Assert.Empty(browser.Complaints);
    }

    /// <summary>A sensor with a reading every half hour of the last ten hours, from 20 to 60; answers its Thing's id.</summary>
    private static async Task<long> Filled(CityProcess city)
    {
        var datastream = await city.AddSensor("pm25", "㎍/㎥", simulated: false, Cancel);
        for (var step = 20; step >= 0; step--)
        {
            await city.Observe(datastream, 60 - (2 * step), Cancel, TimeSpan.FromMinutes(-30 * step));
        }

        await city.Settle(Cancel);
        return (await city.Client.GetFromJsonAsync<JsonElement>($"/sta/v1.1/Datastreams({datastream})/Thing", Cancel)).GetProperty("@iot.id").GetInt64();
    }

    private static Task<int> Points(IPage page) => page.Locator("[data-chart] tr[data-at]").CountAsync();
}
