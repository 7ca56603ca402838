namespace Madang.EndToEnd;

/// <summary>
/// axe-core goes over every page of the running demo that needs no sign-in: each look, each size of screen and each language
/// at least once, by turns. That nothing is wider than the screen is asked of every page in both languages at every size.
/// </summary>
public sealed class AccessibilityTests(FurnishedCity furnished)
{
    private static readonly string[] Pages =
    [
        "/", "/?measure=temperature", "/sensors", "/sensors?q=nothing-is-called-so", "/sensors?finding=any", "/sensors/1", "/datastreams/1", "/multi-datastreams/{multi}", "/districts/11110", "/figures/11110/pm25", "/figures/city/noise",
        "/lights", "/alerts", "/air", "/wall", "/here", "/here/11110", "/rules", "/rules/pm25", "/scenarios", "/scenarios/flood", "/about", "/data", "/developers", "/developers/query", "/developers/query?q=Datastreams?$top=3", "/developers/query?q=Things?$filter=name%20=%201", "/accessibility", "/privacy", "/nothing", "/signin", "/signin?problem=external-known", "/join", "/reset", "/begin?token=none",
    ];

    private static readonly (int Width, int Height)[] Sizes = [(1366, 900), (683, 450), (320, 800)];

    [Theory]
    [InlineData("light", 1366, 900, 1, "")]
    [InlineData("dark", 320, 800, 1, "/en")]
    [InlineData("contrast", 683, 450, 2, "")]
    public async Task No_page_breaks_a_rule_or_is_wider_than_the_screen(string mode, int width, int height, int zoom, string root)
    {
        await using var browser = await Browser.Start(withMap: mode == "light");
        var city = furnished.City;
        var wrong = new List<string>();

        // The checker is put into the page from outside, which the page's own policy rightly forbids.
        var page = await browser.Open(city.Address, root + Pages[0], width, height, strict: false, look: mode + ".medium", scale: zoom);
        foreach (var path in Pages.Select(each => each.Replace("{multi}", furnished.Multi, StringComparison.Ordinal)))
        {
            await page.GotoAsync(new Uri(city.Address, root + path).ToString());
            wrong.AddRange((await Axe.Check(page)).Select(found => $"{root}{path}: {found}"));
            foreach (var size in Sizes.Where(size => size.Width != width && mode != "contrast"))
            {
                await page.SetViewportSizeAsync(size.Width, size.Height);
                wrong.AddRange((await Axe.Width(page)).Select(found => $"{root}{path} at {size.Width} px: {found}"));
            }

            await page.SetViewportSizeAsync(width, height);
        }

        Assert.Empty(wrong);
    }
}
