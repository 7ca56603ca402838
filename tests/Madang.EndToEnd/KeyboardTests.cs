using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Madang.EndToEnd;

/// <summary>A walk through the house without a mouse: every stop can be seen, and every function of a page is reached.</summary>
public sealed class KeyboardTests(FurnishedCity furnished)
{
    private const int MostStops = 400;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_stop_leads_past_the_menu_and_the_look_is_chosen_by_arrow_keys()
    {
        await using var browser = await Browser.Start();
        await using var city = await CityProcess.Start(Cancel);
        var page = await browser.Open(city.Address, "/about");

        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator("#krds-skip-link a")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#main")).ToBeFocusedAsync();

        await page.Locator("[data-look] summary").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-look-mode", "dark");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-look-size", "large");
        // Each choice is sent on its own, and the next page is asked for with what the last one kept.
        await Kept(page, "dark.large");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("[data-look] summary")).ToBeFocusedAsync();

        await page.GotoAsync(new Uri(city.Address, "/en/data").ToString());
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-look-mode", "dark");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-look-size", "large");
    }

    private static async Task Kept(IPage page, string look)
    {
        for (var tries = 0; tries < 100 && !(await page.Context.CookiesAsync()).Any(cookie => cookie.Value.Contains(look, StringComparison.Ordinal)); tries++)
        {
            await Task.Delay(50, Cancel);
        }
    }

    [Theory]
    [InlineData("/", "[data-choose=o3]", "#time-at", "[data-pause]", "[data-row] a", "a[href^='/api/city/now.csv']")]
    [InlineData("/sensors", "input[name=q]", "select[name=measure]", "select[name=district]", "button[type=submit]", "a[href^='/sensors/']")]
    [InlineData("/sensors/1", "a[href*='span=week']", "[data-stage]", "a[download]", "[data-copy=curl]", "a[href='/sta/v1.1/Things(1)']")]
    [InlineData("/districts/11110", "a[href*='measure=noise']", "[data-stage]", "a[href^='/sensors/']", "a[href^='/districts/']", "a[href*='.csv']")]
    [InlineData("/figures/11110/pm25", "a[href^='/districts/11110']", "a[href^='/sensors/']", "a[href^='/sta/v1.1/Datastreams']", "a[href^='/api/city/now/11110/pm25']", "footer a")]
    public async Task Tab_reaches_every_function_of_a_page_and_every_stop_can_be_seen(string path, params string[] functions)
    {
        await using var browser = await Browser.Start();
        var city = furnished.City;
        var page = await browser.Open(city.Address, path);
        await Expect(page.Locator("[data-pause]").Or(page.Locator("h1")).First).ToBeVisibleAsync();
        var reached = new HashSet<string>();
        var unseen = new List<string>();
        var ends = 0;

        for (var stop = 0; stop < MostStops; stop++)
        {
            await page.Keyboard.PressAsync("Tab");
            var here = await page.EvaluateAsync<string[]>(Look, functions);
            if (here.Length == 0)
            {
                // The end of the page; or what had the focus was drawn anew by the live line that very moment, and Tab goes on from there.
                if (functions.All(reached.Contains) || ++ends > 2)
                {
                    break;
                }

                continue;
            }

            reached.UnionWith(here[2..]);
            if (here[1] != "seen")
            {
                unseen.Add($"{here[0]}: {here[1]}");
            }
        }

        Assert.Empty(functions.Except(reached));
        Assert.Empty(unseen);
        Assert.Empty(browser.Complaints);
    }

    /// <summary>What has the focus, whether it can be seen with a mark around it, and which of the functions it is.</summary>
    private const string Look = """
        (functions) => {
          const at = document.activeElement;
          if (!at || at === document.body) return [];
          const box = at.getBoundingClientRect();
          const marked = [at, ...at.querySelectorAll('*')].some((one) => { const style = getComputedStyle(one); return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none' || parseFloat(style.strokeWidth) >= 5; });
          const shown = box.width > 0 && box.height > 0 && getComputedStyle(at).visibility !== 'hidden';
          return [at.outerHTML.slice(0, 120), !shown ? 'has no size' : !marked ? 'has no mark' : 'seen', ...functions.filter((one) => at.matches(one))];
        }
        """;
}
