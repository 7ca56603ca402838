using Microsoft.Playwright;

namespace Madang.EndToEnd;

/// <summary>Debian's Chromium, driven by Playwright, which brings no browser of its own here. Watches what a page does wrong.</summary>
public sealed class Browser : IAsyncDisposable
{
    private readonly IPlaywright playwright;
    private readonly IBrowser browser;

    private Browser(IPlaywright playwright, IBrowser browser) => (this.playwright, this.browser) = (playwright, browser);

    /// <summary>Errors on the console, exceptions, failed requests and requests to other hosts, in words.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>Where Chromium is: MADANG_CHROMIUM, or where Debian puts it. Without one these tests are skipped, with the reason.</summary>
    public static string Chromium
    {
        get
        {
            var path = Environment.GetEnvironmentVariable("MADANG_CHROMIUM") is { Length: > 0 } named ? named : "/usr/bin/chromium";
            Assert.SkipUnless(File.Exists(path), $"There is no Chromium at {path}; on Debian: apt-get install chromium");
            return path;
        }
    }

    /// <param name="withMap">True for a browser that draws the map, by the processor where there is no graphics card, which takes most of a small machine's time. Others see the drawing of the server, as browsers without WebGL do.</param>
    public static async Task<Browser> Start(bool withMap = false)
    {
        var path = Chromium;
        var playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(20_000);
        string[] drawing = withMap ? ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"] : ["--disable-gpu", "--disable-3d-apis"];
        string[] arguments = Environment.UserName == "root" ? [.. drawing, "--no-sandbox"] : drawing;
        return new(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = arguments }));
    }

    public async Task<IPage> Open(Uri address, string path, int width = 1366, int height = 900, bool script = true, bool strict = true, string? look = null, int scale = 1)
    {
        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, DeviceScaleFactor = scale, JavaScriptEnabled = script, ReducedMotion = ReducedMotion.Reduce, BypassCSP = !strict });
        if (look is not null)
        {
            await context.AddCookiesAsync([new Cookie { Name = "madang-look", Value = look, Url = address.ToString() }]);
        }

        var page = await context.NewPageAsync();
        page.Console += (_, message) => Complain(message.Type is "error" or "warning", $"console: {message.Text}");
        page.PageError += (_, error) => Complain(true, $"exception: {error}");
        page.Request += (_, request) => Complain(new Uri(request.Url).Authority != address.Authority, $"asked another host: {request.Url}");
        page.Response += (_, response) => Complain(response.Status >= 400, $"{response.Status} {response.Url}");
        await page.GotoAsync(new Uri(address, path).ToString());
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }

    private void Complain(bool wrong, string words)
    {
        if (wrong)
        {
            lock (Complaints)
            {
                Complaints.Add(words);
            }
        }
    }
}
