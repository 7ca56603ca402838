using System.Text.Json;
using Microsoft.Playwright;

namespace Madang.EndToEnd;

/// <summary>axe-core, which we did not write, goes over every page of the running demo in both languages and in every look.</summary>
public sealed class AccessibilityTests
{
    private const string Rules = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']";

    private static readonly string[] Pages =
    [
        "/", "/?measure=temperature", "/sensors", "/sensors?q=nothing-is-called-so", "/sensors/1", "/districts/11110", "/figures/11110/pm25", "/figures/city/noise",
        "/about", "/data", "/developers", "/accessibility", "/privacy", "/nothing", "/signin", "/signin?problem=external-known", "/join", "/reset", "/begin?token=none",
    ];

    private static readonly string[] OwnPages = ["/account", "/account/security", "/account/sessions", "/account/data", "/account/again"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("light", 1366, 900, 1)]
    [InlineData("dark", 1366, 900, 1)]
    [InlineData("contrast", 1366, 900, 1)]
    [InlineData("light", 320, 800, 1)]
    [InlineData("dark", 320, 800, 1)]
    [InlineData("light", 683, 450, 2)]
    public async Task No_page_breaks_a_rule_or_is_wider_than_the_screen(string mode, int width, int height, int zoom)
    {
        await using var browser = await Browser.Start();
        await using var city = await CityProcess.StartDemo(Cancel);
        var wrong = new List<string>();
        foreach (var root in (string[])["", "/en"])
        {
            foreach (var path in Pages)
            {
                // The checker is put into the page from outside, which the page's own policy rightly forbids.
                var page = await browser.Open(city.Address, root + path, width, height, strict: false, look: mode + ".medium", scale: zoom);
                wrong.AddRange((await Check(page)).Select(found => $"{root}{path}: {found}"));
                await page.Context.CloseAsync();
            }
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("light", 1366, 900, 1)]
    [InlineData("dark", 320, 800, 1)]
    [InlineData("contrast", 683, 450, 2)]
    public async Task No_page_of_ones_own_account_does_either(string mode, int width, int height, int zoom)
    {
        await using var browser = await Browser.Start();
        await using var city = await CityProcess.Start(Cancel, "demo");
        var wrong = new List<string>();
        foreach (var root in (string[])["", "/en"])
        {
            var page = await browser.Open(city.Named, root + "/signin?return=" + root + "/account", width, height, strict: false, look: mode + ".medium", scale: zoom);
            await page.FillAsync("#signin-name", "official");
            await page.FillAsync("#signin-password", city.PasswordOf("official"));
            await page.ClickAsync(".account-form button");
            await page.WaitForURLAsync("**/account");
            foreach (var path in OwnPages)
            {
                await page.GotoAsync(new Uri(city.Named, root + path).ToString());
                wrong.AddRange((await Check(page)).Select(found => $"{root}{path}: {found}"));
            }

            await page.GotoAsync(new Uri(city.Named, root + "/account/security").ToString());
            await page.ClickAsync("form[action$='/security/totp'] button");
            await page.WaitForURLAsync("**/security/totp");
            wrong.AddRange((await Check(page)).Select(found => $"{root}/account/security/totp: {found}"));
            await page.Context.CloseAsync();
        }

        Assert.Empty(wrong);
    }

    private static async Task<List<string>> Check(IPage page)
    {
        await page.AddScriptTagAsync(new() { Path = Checker() });
        var found = await page.EvaluateAsync<JsonElement>(
            $"async () => (await axe.run(document, {{ runOnly: {Rules} }})).violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + ' ' + n.failureSummary).join(' | '))");
        var wrong = found.EnumerateArray().Select(violation => violation.GetString()!).ToList();
        if (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth") is > 0 and var over)
        {
            wrong.Add($"{over} px wider than the screen");
        }

        return wrong;
    }

    private static string Checker()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Madang.slnx")))
        {
            folder = folder.Parent;
        }

        var file = Path.Combine(folder!.FullName, "src/Web/node_modules/axe-core/axe.min.js");
        return File.Exists(file) ? file : throw new FileNotFoundException("Run `npm ci` in src/Web first.", file);
    }
}
