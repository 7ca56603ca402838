using System.Text.Json;
using Microsoft.Playwright;

namespace Madang.EndToEnd;

/// <summary>axe-core, which we did not write, goes over every page of the running demo in every look, in both languages where the letters are those of most screens and by turns elsewhere.</summary>
public sealed class AccessibilityTests(FurnishedCity furnished) : IClassFixture<FurnishedCity>
{
    private const string Rules = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']";

    private static readonly string[] Pages =
    [
        "/", "/?measure=temperature", "/sensors", "/sensors?q=nothing-is-called-so", "/sensors?finding=any", "/sensors/1", "/datastreams/1", "/multi-datastreams/{multi}", "/districts/11110", "/figures/11110/pm25", "/figures/city/noise",
        "/lights", "/about", "/data", "/developers", "/developers/query", "/developers/query?q=Datastreams?$top=3", "/developers/query?q=Things?$filter=name%20=%201", "/accessibility", "/privacy", "/nothing", "/signin", "/signin?problem=external-known", "/join", "/reset", "/begin?token=none",
    ];

    private static readonly string[] OwnPages = ["/account", "/account/security", "/account/sessions", "/account/data", "/account/record", "/account/again"];

    private static readonly string[] HousePages =
    [
        "/house", "/house/people", "/house/people?q=nobody-is-called-so", "/house/people/invite", "/house/people/{person}", "/house/people/{person}/act/lock", "/house/departments", "/house/departments?at=2020-01-01", "/house/departments/new",
        "/house/departments/1", "/house/departments/1/close", "/house/providers", "/house/providers/new", "/house/providers/1", "/house/providers/1/close", "/house/keys", "/house/keys?state=ended", "/house/keys/new", "/house/keys/{key}/rotate", "/house/keys/{key}/revoke", "/house/retention", "/house/retention?find=pm", "/house/deletions", "/house/doors/street-light", "/house/webhooks", "/house/limits", "/house/doors", "/record", "/record?result=refused", "/record?from=yesterday", "/record/review",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("light", 1366, 900, 1, "", "/en")]
    [InlineData("dark", 1366, 900, 1, "/en")]
    [InlineData("contrast", 1366, 900, 1, "")]
    [InlineData("light", 320, 800, 1, "")]
    [InlineData("dark", 320, 800, 1, "/en")]
    [InlineData("light", 683, 450, 2, "/en")]
    public async Task No_page_breaks_a_rule_or_is_wider_than_the_screen(string mode, int width, int height, int zoom, params string[] roots)
    {
        await using var browser = await Browser.Start();
        var city = furnished.City;
        var wrong = new List<string>();
        foreach (var root in roots)
        {
            // The checker is put into the page from outside, which the page's own policy rightly forbids.
            var page = await browser.Open(city.Address, root + Pages[0], width, height, strict: false, look: mode + ".medium", scale: zoom);
            foreach (var path in Pages.Select(each => each.Replace("{multi}", furnished.Multi, StringComparison.Ordinal)))
            {
                await page.GotoAsync(new Uri(city.Address, root + path).ToString());
                wrong.AddRange((await Check(page)).Select(found => $"{root}{path}: {found}"));
            }

            await page.Context.CloseAsync();
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
        var city = furnished.City;
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

    [Theory]
    [InlineData("light", 1366, 900, 1, "")]
    [InlineData("dark", 320, 800, 1, "/en")]
    [InlineData("contrast", 683, 450, 2, "")]
    public async Task No_page_of_the_house_does_either(string mode, int width, int height, int zoom, string root)
    {
        await using var browser = await Browser.Start();
        var city = furnished.City;
        var wrong = new List<string>();
        var page = await browser.Open(city.Named, root + "/signin?return=" + root + "/house", width, height, strict: false, look: mode + ".medium", scale: zoom);
        await page.FillAsync("#signin-name", "official");
        await page.FillAsync("#signin-password", city.PasswordOf("official"));
        await page.ClickAsync(".account-form button");
        await page.WaitForURLAsync("**/house");
        foreach (var path in HousePages.Select(each => each.Replace("{person}", furnished.Person, StringComparison.Ordinal).Replace("{key}", furnished.Key, StringComparison.Ordinal)))
        {
            var answer = await page.GotoAsync(new Uri(city.Named, root + path).ToString());
            Assert.True(answer!.Status == (path.Contains("yesterday", StringComparison.Ordinal) ? 400 : 200) && page.Url.EndsWith(path, StringComparison.Ordinal), $"{root}{path}: {answer.Status} {page.Url}");
            wrong.AddRange((await Check(page)).Select(found => $"{root}{path}: {found}"));
        }

        // A form that is sent back tells what is wrong, where, and takes the reader there.
        await page.GotoAsync(new Uri(city.Named, root + "/house/departments/new").ToString());
        await page.EvalOnSelectorAsync("form[action$='/new']", "form => { form.noValidate = true; form.querySelector('button').click(); }");
        await page.WaitForSelectorAsync("[data-notice=wrong]");
        wrong.AddRange((await Check(page)).Select(found => $"{root}/house/departments/new, sent: {found}"));
        Assert.Equal("wrong", await page.EvaluateAsync<string>("() => document.activeElement.dataset.notice"));
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
