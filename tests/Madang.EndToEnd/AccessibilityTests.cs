using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;

namespace Madang.EndToEnd;

/// <summary>axe-core, which we did not write, goes over every page of the running demo in every look, in both languages where the letters are those of most screens and by turns elsewhere.</summary>
public sealed class AccessibilityTests
{
    private const string Rules = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']";

    private static readonly string[] Pages =
    [
        "/", "/?measure=temperature", "/sensors", "/sensors?q=nothing-is-called-so", "/sensors?finding=any", "/sensors/1", "/datastreams/1", "/districts/11110", "/figures/11110/pm25", "/figures/city/noise",
        "/about", "/data", "/developers", "/developers/query", "/developers/query?q=Datastreams?$top=3", "/developers/query?q=Things?$filter=name%20=%201", "/accessibility", "/privacy", "/nothing", "/signin", "/signin?problem=external-known", "/join", "/reset", "/begin?token=none",
    ];

    private static readonly string[] OwnPages = ["/account", "/account/security", "/account/sessions", "/account/data", "/account/record", "/account/again"];

    private static readonly string[] HousePages =
    [
        "/house", "/house/people", "/house/people?q=nobody-is-called-so", "/house/people/invite", "/house/people/{person}", "/house/people/{person}/act/lock", "/house/departments", "/house/departments?at=2020-01-01", "/house/departments/new",
        "/house/departments/1", "/house/departments/1/close", "/house/providers", "/house/providers/new", "/house/providers/1", "/house/providers/1/close", "/house/keys", "/house/keys?state=ended", "/house/keys/new", "/house/keys/{key}/rotate", "/house/keys/{key}/revoke", "/house/retention", "/house/webhooks", "/house/limits", "/record", "/record?result=refused", "/record?from=yesterday", "/record/review",
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
        await using var city = await CityProcess.StartDemo(Cancel);
        var wrong = new List<string>();
        foreach (var root in roots)
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

    [Theory]
    [InlineData("light", 1366, 900, 1, "")]
    [InlineData("dark", 320, 800, 1, "/en")]
    [InlineData("contrast", 683, 450, 2, "")]
    public async Task No_page_of_the_house_does_either(string mode, int width, int height, int zoom, string root)
    {
        await using var browser = await Browser.Start();
        await using var city = await CityProcess.Start(Cancel, "demo");
        var (person, key) = await Furnish(city);
        var wrong = new List<string>();
        var page = await browser.Open(city.Named, root + "/signin?return=" + root + "/house", width, height, strict: false, look: mode + ".medium", scale: zoom);
        await page.FillAsync("#signin-name", "official");
        await page.FillAsync("#signin-password", city.PasswordOf("official"));
        await page.ClickAsync(".account-form button");
        await page.WaitForURLAsync("**/house");
        foreach (var path in HousePages.Select(each => each.Replace("{person}", person, StringComparison.Ordinal).Replace("{key}", key, StringComparison.Ordinal)))
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

    /// <summary>A department, a provider, a key, and the demo's official with every role that opens a page; answers another person and the key.</summary>
    private static async Task<(string Person, string Key)> Furnish(CityProcess city)
    {
        await Post("/api/departments", new { code = "digital", nameKo = "디지털도시국", nameEn = "Digital City Bureau" });
        await Post("/api/providers", new { code = "sdot", name = "S-DoT 운영사", department = 1 });
        var key = await Post("/api/keys", new { name = "관문 1호", provider = 1, scopes = new[] { "write" }, perSecond = 50 });
        foreach (var role in (string[])["administrator", "operator", "auditor"])
        {
            await Post("/api/grants", new { person = await Find("official"), role, purpose = "시험" });
        }

        return (await Find("citizen"), key.GetProperty("key").GetProperty("id").GetString()!);

        async Task<JsonElement> Post(string address, object body)
        {
            using var answer = await city.Client.PostAsJsonAsync(address, body, Cancel);
            Assert.True(answer.IsSuccessStatusCode, $"{address}: {answer.StatusCode}");
            return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        }

        async Task<string> Find(string name) =>
            (await city.Client.GetFromJsonAsync<JsonElement>("/api/people?q=" + name, Cancel)).GetProperty("people")[0].GetProperty("id").GetString()!;
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
