using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Madang.EndToEnd;

/// <summary>Passkeys with Chromium's own authenticator, made virtual by the DevTools protocol (WebAuthn domain).</summary>
public sealed class PasskeyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("/en")]
    public async Task A_passkey_is_made_lets_in_proves_again_and_is_removed(string root)
    {
        await using var browser = await Browser.Start();
        await using var city = await CityProcess.Start(Cancel, "demo");
        var page = await browser.Open(city.Named, root + "/signin");
        var devices = await page.Context.NewCDPSessionAsync(page);
        await devices.SendAsync("WebAuthn.enable");
        await AddAuthenticator(devices, verifies: true);

        await page.FillAsync("#signin-name", "mayor");
        await page.FillAsync("#signin-password", city.PasswordOf("mayor"));
        await page.ClickAsync(".account-form button");
        await Expect(page).ToHaveURLAsync(new Uri(city.Named, root + "/account").ToString());
        await page.GotoAsync(new Uri(city.Named, root + "/account/security").ToString());
        await page.FillAsync("#passkey-name", "시험 열쇠");
        await page.ClickAsync("[data-passkey=create] button");
        await Expect(page.Locator(".held strong")).ToHaveTextAsync("시험 열쇠");

        // The same device is not asked twice.
        await page.ClickAsync("[data-passkey=create] button");
        await Expect(page.Locator("[data-passkey=create] [data-said]")).Not.ToBeEmptyAsync();

        await page.GotoAsync(new Uri(city.Named, root + "/account/again").ToString());
        await page.ClickAsync("[data-passkey=get] button");
        await Expect(page).ToHaveURLAsync(new Uri(city.Named, root + "/account").ToString());

        await page.ClickAsync("form[action$='/signout'] button");
        // The page itself asks while one types: the browser shows the passkey, and this authenticator takes it at once.
        await page.GotoAsync(new Uri(city.Named, root + "/signin?return=" + root + "/account/security").ToString());
        await Expect(page).ToHaveURLAsync(new Uri(city.Named, root + "/account/security").ToString(), new() { Timeout = 15_000 });

        await page.ClickAsync("form[action$='/passkey/remove'] button");
        await Expect(page.Locator(".held")).ToHaveCountAsync(0);
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task Without_script_one_signs_in_and_out_with_a_password()
    {
        await using var browser = await Browser.Start();
        await using var city = await CityProcess.Start(Cancel, "demo");
        var page = await browser.Open(city.Named, "/signin", script: false);
        await Expect(page.Locator("[data-passkey]")).ToBeHiddenAsync();
        await page.FillAsync("#signin-name", "citizen");
        await page.FillAsync("#signin-password", city.PasswordOf("citizen"));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".me")).ToHaveTextAsync("시민 (모의)");
        await page.ClickAsync("form[action='/signout'] button");
        await Expect(page.Locator(".utility a[href^='/signin']")).ToBeVisibleAsync();
        Assert.Empty(browser.Complaints);
    }

    private static Task AddAuthenticator(ICDPSession devices, bool verifies) => devices.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
    {
        ["options"] = new Dictionary<string, object>
        {
            ["protocol"] = "ctap2", ["transport"] = "internal", ["hasResidentKey"] = true, ["hasUserVerification"] = true, ["isUserVerified"] = verifies, ["automaticPresenceSimulation"] = true,
        },
    });
}
