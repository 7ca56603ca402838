using static Microsoft.Playwright.Assertions;

namespace Madang.EndToEnd;

/// <summary>A page that is being looked at when the server goes and comes back.</summary>
public sealed class RestartTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_says_that_the_line_is_lost_keeps_its_figures_and_goes_on_by_itself()
    {
        await using var browser = await Browser.Start();
        await using var city = await CityProcess.Start(Cancel);
        var datastream = await city.AddSensor("pm25", "㎍/㎥", simulated: false, Cancel);
        await city.Observe(datastream, 12, Cancel);
        await city.Settle(Cancel);
        var page = await browser.Open(city.Address, "/");
        var value = page.Locator("[data-tile=pm25] [data-value]");
        await Expect(page.Locator("[data-live]")).ToHaveAttributeAsync("data-state", "on");

        await city.Stop(Cancel);
        await Expect(page.Locator("[data-live]")).ToHaveAttributeAsync("data-state", "lost", new() { Timeout = 15_000 });
        await Expect(value).ToHaveTextAsync("12");
        await city.Restart(Cancel);
        await Expect(page.Locator("[data-live]")).ToHaveAttributeAsync("data-state", "on", new() { Timeout = 30_000 });
        await city.Observe(datastream, 48, Cancel);

        await Expect(value).ToHaveTextAsync("48", new() { Timeout = 15_000 });
    }
}
