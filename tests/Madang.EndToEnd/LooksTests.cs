using System.Globalization;
using static Microsoft.Playwright.Assertions;

namespace Madang.EndToEnd;

/// <summary>What only a screen shows: sizes, what fits, and what stays when the line is lost.</summary>
public sealed class LooksTests(FurnishedCity furnished)
{
    [Theory]
    [InlineData(390, 844)]
    [InlineData(1366, 850)]
    [InlineData(3840, 2160)]
    public async Task Larger_letters_are_larger_and_the_page_is_no_wider_than_the_screen(int width, int height)
    {
        await using var browser = await Browser.Start();
        var city = furnished.City;
        var sizes = new List<double>();
        foreach (var size in (string[])["small", "medium", "large", "larger", "largest"])
        {
            var page = await browser.Open(city.Address, "/", width, height, look: "light." + size);
            sizes.Add(await page.EvaluateAsync<double>("() => parseFloat(getComputedStyle(document.body).fontSize)"));
            Assert.True(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth") <= 0, size);
            await page.Context.CloseAsync();
        }

        Assert.Equal(sizes.Distinct().Order(), sizes);
    }

    [Theory]
    [InlineData("/", "light")]
    [InlineData("/en/", "dark")]
    public async Task On_a_wall_the_front_page_is_seen_at_once(string path, string mode)
    {
        await using var browser = await Browser.Start();
        var city = furnished.City;
        var page = await browser.Open(city.Address, path, 3840, 2160, look: mode + ".medium");

        Assert.Equal(0, await page.EvaluateAsync<int>("() => Math.max(0, document.documentElement.scrollHeight - innerHeight)"));
        var cut = await page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('.tile, .tile :is(p, dl, h2), #table table, .legend, footer p')].filter(e => { const r = e.getBoundingClientRect(), panel = e.closest('.panel, footer').getBoundingClientRect(); return r.bottom > panel.bottom + 1 || r.right > panel.right + 1 || r.bottom > innerHeight + 1; }).map(e => e.outerHTML.slice(0, 80))");
        Assert.Empty(cut);
    }

    [Theory]
    [InlineData(1366, 850)]
    [InlineData(1280, 800)]
    [InlineData(1024, 768)]
    public async Task On_a_laptop_map_and_slider_are_seen_together(int width, int height)
    {
        await using var browser = await Browser.Start(withMap: true);
        var city = furnished.City;
        var page = await browser.Open(city.Address, "/", width, height);

        await Expect(page.Locator("[data-sheet][data-mapped]")).ToHaveCountAsync(1, new() { Timeout = 60_000 });
        var tall = await page.EvaluateAsync<double>("() => document.querySelector('[data-time] input[type=range]').getBoundingClientRect().bottom - document.querySelector('[data-sheet]').getBoundingClientRect().top");
        Assert.True(tall <= height, string.Create(CultureInfo.InvariantCulture, $"{tall} of {height}"));
    }

    [Theory]
    [InlineData("/", "연결이 끊겨")]
    [InlineData("/en/", "There is no connection")]
    public async Task Without_a_line_a_choice_leaves_the_page_as_it_is_and_the_next_one_works(string path, string words)
    {
        await using var browser = await Browser.Start();
        var city = furnished.City;
        var page = await browser.Open(city.Address, path);
        var said = await page.Locator("#map-title").TextContentAsync();

        await page.Context.SetOfflineAsync(true);
        await page.Locator("#choose-pm10").ClickAsync();
        await Expect(page.Locator("[data-toast]")).ToContainTextAsync(words);
        await Expect(page.Locator("#map-title")).ToHaveTextAsync(said!);

        await page.Context.SetOfflineAsync(false);
        await page.Locator("#choose-pm10").ClickAsync();
        await Expect(page.Locator("#choose-pm10")).ToHaveAttributeAsync("aria-current", "true");
        await Expect(page.Locator("[data-toast]")).ToBeEmptyAsync();
    }
}
