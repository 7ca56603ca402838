using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Madang.EndToEnd;

/// <summary>What stays on the screen of a machine on which somebody was signed in.</summary>
public sealed class SessionEndTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_open_page_goes_when_its_session_was_ended_elsewhere()
    {
        await using var browser = await Browser.Start();
        await using var city = await CityProcess.Start(Cancel, "demo");
        var left = await SignIn(browser, city, "/account");
        var open = await left.Context.NewPageAsync();
        await open.GotoAsync(new Uri(city.Named, "/about#sources").ToString());
        await Expect(open.Locator(".me")).ToBeVisibleAsync();

        // While the session lives, looking at the page again changes nothing.
        var asked = left.WaitForResponseAsync(answer => answer.Url.Contains("/account/alive", StringComparison.Ordinal));
        await LookAgain(left);
        Assert.Equal(204, (await asked).Status);
        await Expect(left.Locator(".account-menu")).ToBeVisibleAsync();

        var elsewhere = await SignIn(browser, city, "/account/sessions");
        await elsewhere.ClickAsync("form[action='/account/sessions/others'] button");
        await Expect(elsewhere.Locator(".panel.session")).ToHaveCountAsync(1);

        await LookAgain(left);
        await Expect(left).ToHaveURLAsync(new Uri(city.Named, "/signin?return=%2Faccount").ToString());
        await LookAgain(open);
        await Expect(open.Locator(".utility a[href^='/signin']")).ToBeVisibleAsync();
        await Expect(open.Locator(".me")).ToHaveCountAsync(0);
        await LookAgain(elsewhere);
        await Expect(elsewhere.Locator(".account-menu")).ToBeVisibleAsync();
        Assert.All(browser.Complaints, complaint => Assert.Contains("401", complaint, StringComparison.Ordinal));
    }

    private static async Task<IPage> SignIn(Browser browser, CityProcess city, string to)
    {
        var page = await browser.Open(city.Named, "/signin?return=" + to);
        await page.FillAsync("#signin-name", "citizen");
        await page.FillAsync("#signin-password", city.PasswordOf("citizen"));
        await page.ClickAsync(".account-form button");
        await Expect(page).ToHaveURLAsync(new Uri(city.Named, to).ToString());
        return page;
    }

    /// <summary>As when somebody comes back to the page; a page without a window is always in sight.</summary>
    private static Task LookAgain(IPage page) => page.EvaluateAsync("document.dispatchEvent(new Event('visibilitychange'))");
}
