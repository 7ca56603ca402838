using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Madang.Bench;

/// <summary>Lighthouse, which we did not write, judges the pages of the running demo as on a phone.</summary>
internal static class PageBench
{
    /// <summary>Now and then Lighthouse cannot record a page (NO_NAVSTART) and asks to be run again.</summary>
    private const int MostTries = 3;

    private static readonly (string Id, string Name, string Asked)[] Scores =
        [("performance", "performance", "≥ 90"), ("accessibility", "accessibility", "100"), ("best-practices", "best practices", "≥ 95"), ("seo", "search engines", "")];

    private static readonly (string Id, string Name)[] Audits =
        [("first-contentful-paint", "first contentful paint, ms"), ("largest-contentful-paint", "largest contentful paint, ms"), ("total-blocking-time", "total blocking time, ms"), ("cumulative-layout-shift", "layout shift"), ("total-byte-weight", "bytes over the line")];

    public static async Task<int> Run(Arguments arguments)
    {
        Machine.Describe("./madang bench page");
        var (runs, tool) = (arguments.Number("--runs", 3), Path.Combine(Root(), "bench", "Lighthouse"));
        if (!Directory.Exists(Path.Combine(tool, "node_modules")))
        {
            // Not `npm ci`: it refuses a lock file in which an optional peer of a peer is left out.
            await Call(tool, 1, "npm", "install", "--no-save", "--no-progress", "--loglevel=error");
        }

        var folder = Directory.CreateTempSubdirectory("madang-bench-").FullName;
        try
        {
            await using var city = await Served.Demo("--data", folder);
            await Task.Delay(TimeSpan.FromSeconds(30));
            var pages = new List<(string Path, List<JsonElement> Reports)>();
            foreach (var path in arguments.Words("--pages", "/,/en/,/sensors,/districts/11110,/about"))
            {
                var reports = new List<JsonElement>();
                for (var run = 0; run < runs; run++)
                {
                    reports.Add(await Judge(tool, new Uri(city.Url, path), Path.Combine(folder, "report.json")));
                }

                pages.Add((path, reports));
            }

            Report(pages, runs);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    private static async Task<JsonElement> Judge(string tool, Uri page, string file)
    {
        var sandbox = Environment.UserName == "root" ? " --no-sandbox" : "";
        await Call(tool, MostTries, "npx", "lighthouse", page.ToString(), "--quiet", $"--chrome-flags=--headless=new{sandbox}", "--output=json", $"--output-path={file}");
        return JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement;
    }

    private static void Report(List<(string Path, List<JsonElement> Reports)> pages, int runs)
    {
        Machine.Row([$"mobile profile, median of {runs}", .. pages.Select(page => page.Path), "asked of /"]);
        Machine.Row(["---", .. pages.Select(_ => "---:"), "---"]);
        foreach (var (id, name, asked) in Scores)
        {
            Machine.Row([name, .. pages.Select(page => Text(100 * Median(page.Reports, report => report.GetProperty("categories").GetProperty(id).GetProperty("score")), 0)), asked]);
        }

        foreach (var (id, name) in Audits)
        {
            Machine.Row([name, .. pages.Select(page => Text(Median(page.Reports, report => report.GetProperty("audits").GetProperty(id).GetProperty("numericValue")), id == "cumulative-layout-shift" ? 3 : 0)), ""]);
        }
    }

    private static double Median(List<JsonElement> reports, Func<JsonElement, JsonElement> find) => reports.Select(report => find(report).GetDouble()).Order().ElementAt(reports.Count / 2);

    private static string Text(double number, int decimals) => number.ToString("N" + decimals, CultureInfo.InvariantCulture);

    private static async Task Call(string folder, int tries, string program, params string[] words)
    {
        var start = new ProcessStartInfo(program, words) { WorkingDirectory = folder };
        if (File.Exists("/usr/bin/chromium"))
        {
            start.Environment.TryAdd("CHROME_PATH", "/usr/bin/chromium");
        }

        for (var left = tries; left > 0; left--)
        {
            using var process = Process.Start(start)!;
            await process.WaitForExitAsync();
            if (process.ExitCode == 0)
            {
                return;
            }
        }

        throw new InvalidOperationException($"{program} {words[0]} ended badly {tries} times");
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Madang.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("bench page runs from a clone of the repository");
    }
}
