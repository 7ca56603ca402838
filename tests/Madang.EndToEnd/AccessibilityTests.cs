namespace Madang.EndToEnd;

/// <summary>axe-core goes over every page of the running demo that needs no sign-in, in every look, in both languages where the letters are those of most screens and by turns elsewhere.</summary>
public sealed class AccessibilityTests(FurnishedCity furnished)
{
    private static readonly string[] Pages =
    [
        "/", "/?measure=temperature", "/sensors", "/sensors?q=nothing-is-called-so", "/sensors?finding=any", "/sensors/1", "/datastreams/1", "/multi-datastreams/{multi}", "/districts/11110", "/figures/11110/pm25", "/figures/city/noise",
        "/lights", "/alerts", "/air", "/wall", "/here", "/here/11110", "/rules", "/rules/pm25", "/scenarios", "/scenarios/flood", "/about", "/data", "/developers", "/developers/query", "/developers/query?q=Datastreams?$top=3", "/developers/query?q=Things?$filter=name%20=%201", "/accessibility", "/privacy", "/nothing", "/signin", "/signin?problem=external-known", "/join", "/reset", "/begin?token=none",
    ];

    [Theory]
    [InlineData("light", 1366, 900, 1, "", "/en")]
    [InlineData("dark", 1366, 900, 1, "/en")]
    [InlineData("contrast", 1366, 900, 1, "")]
    [InlineData("light", 320, 800, 1, "")]
    [InlineData("dark", 320, 800, 1, "/en")]
    [InlineData("light", 683, 450, 2, "/en")]
    public async Task No_page_breaks_a_rule_or_is_wider_than_the_screen(string mode, int width, int height, int zoom, params string[] roots)
    {
        await using var browser = await Browser.Start(withMap: mode == "light" && width > 1000);
        var city = furnished.City;
        var wrong = new List<string>();
        foreach (var root in roots)
        {
            // The checker is put into the page from outside, which the page's own policy rightly forbids.
            var page = await browser.Open(city.Address, root + Pages[0], width, height, strict: false, look: mode + ".medium", scale: zoom);
            foreach (var path in Pages.Select(each => each.Replace("{multi}", furnished.Multi, StringComparison.Ordinal)))
            {
                await page.GotoAsync(new Uri(city.Address, root + path).ToString());
                wrong.AddRange((await Axe.Check(page)).Select(found => $"{root}{path}: {found}"));
            }

            await page.Context.CloseAsync();
        }

        Assert.Empty(wrong);
    }
}
