namespace Madang.EndToEnd;

/// <summary>axe-core goes over every page behind the sign-in: one's own, and those of who runs the house.</summary>
public sealed class HouseAccessibilityTests(FurnishedCity furnished)
{
    private static readonly string[] OwnPages = ["/account", "/account/security", "/account/sessions", "/account/data", "/account/record", "/account/again"];

    private static readonly string[] HousePages =
    [
        "/house", "/house/people", "/house/people?q=nobody-is-called-so", "/house/people/invite", "/house/people/{person}", "/house/people/{person}/act/lock", "/house/departments", "/house/departments?at=2020-01-01", "/house/departments/new",
        "/house/departments/1", "/house/departments/1/close", "/house/providers", "/house/providers/new", "/house/providers/1", "/house/providers/1/close", "/house/keys", "/house/keys?state=ended", "/house/keys/new", "/house/keys/{key}/rotate", "/house/keys/{key}/revoke", "/house/retention", "/house/retention?find=pm", "/house/deletions", "/house/doors/street-light", "/house/webhooks", "/house/limits", "/house/doors", "/record", "/record?result=refused", "/record?from=yesterday", "/record/review",
        "/incidents?data=simulated", "/incidents/1", "/incidents/1/report", "/incidents/1/calls", "/tasks", "/tasks?data=simulated", "/rules/new", "/rules/new?signal=schedule", "/rules/pm25/change", "/automations", "/automations/new?when=alert&do=send", "/automations/fire-street-light", "/automations/fire-street-light/change", "/scenarios/large-fire", "/duty", "/duty/messages", "/duty/messages?state=failed",
    ];

    [Theory]
    [InlineData("light", 1366, 900, 1, "")]
    [InlineData("dark", 320, 800, 1, "/en")]
    [InlineData("contrast", 683, 450, 2, "")]
    public async Task No_page_of_ones_own_account_breaks_a_rule_or_is_wider_than_the_screen(string mode, int width, int height, int zoom, string root)
    {
        await using var browser = await Browser.Start();
        var city = furnished.City;
        var wrong = new List<string>();
        var page = await browser.Open(city.Named, root + "/signin?return=" + root + "/account", width, height, strict: false, look: mode + ".medium", scale: zoom);
        await page.FillAsync("#signin-name", "official");
        await page.FillAsync("#signin-password", city.PasswordOf("official"));
        await page.ClickAsync(".account-form button");
        await page.WaitForURLAsync("**/account");
        foreach (var path in OwnPages)
        {
            await page.GotoAsync(new Uri(city.Named, root + path).ToString());
            wrong.AddRange((await Axe.Check(page)).Select(found => $"{root}{path}: {found}"));
        }

        await page.GotoAsync(new Uri(city.Named, root + "/account/security").ToString());
        await page.ClickAsync("form[action$='/security/totp'] button");
        await page.WaitForURLAsync("**/security/totp");
        wrong.AddRange((await Axe.Check(page)).Select(found => $"{root}/account/security/totp: {found}"));
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("light", 1366, 900, 1, "")]
    [InlineData("dark", 320, 800, 1, "/en")]
    [InlineData("contrast", 683, 450, 2, "")]
    public async Task No_page_of_the_house_breaks_a_rule_or_is_wider_than_the_screen(string mode, int width, int height, int zoom, string root)
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
            wrong.AddRange((await Axe.Check(page)).Select(found => $"{root}{path}: {found}"));
        }

        // A form that is sent back tells what is wrong, where, and takes the reader there.
        await page.GotoAsync(new Uri(city.Named, root + "/house/departments/new").ToString());
        await page.EvalOnSelectorAsync("form[action$='/new']", "form => { form.noValidate = true; form.querySelector('button').click(); }");
        await page.WaitForSelectorAsync("[data-notice=wrong]");
        wrong.AddRange((await Axe.Check(page)).Select(found => $"{root}/house/departments/new, sent: {found}"));
        Assert.Equal("wrong", await page.EvaluateAsync<string>("() => document.activeElement.dataset.notice"));
        Assert.Empty(wrong);
    }
}
