using System.Text.Json;
using Microsoft.Playwright;

namespace Madang.EndToEnd;

/// <summary>axe-core, which we did not write, over the page that is open; and whether it is wider than the screen.</summary>
internal static class Axe
{
    private const string Rules = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']";

    private static readonly Lazy<string> File = new(Find);

    public static async Task<List<string>> Check(IPage page)
    {
        await page.AddScriptTagAsync(new() { Path = File.Value });
        var found = await page.EvaluateAsync<JsonElement>(
            $"async () => (await axe.run(document, {{ runOnly: {Rules}, resultTypes: ['violations'], iframes: false }})).violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + ' ' + n.failureSummary).join(' | '))");
        return [.. found.EnumerateArray().Select(violation => violation.GetString()!), .. await Width(page)];
    }

    /// <summary>Whether the page that is open is wider than the screen.</summary>
    public static async Task<IReadOnlyList<string>> Width(IPage page) =>
        await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth") is > 0 and var over ? [$"{over} px wider than the screen"] : [];

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "Madang.slnx")))
        {
            folder = folder.Parent;
        }

        var file = Path.Combine(folder!.FullName, "src/Web/node_modules/axe-core/axe.min.js");
        return System.IO.File.Exists(file) ? file : throw new FileNotFoundException("Run `npm ci` in src/Web first.", file);
    }
}
