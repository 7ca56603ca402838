using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Madang.Bench;

/// <summary>Ten thousand citizens open the page of their district at once, beside as many who open a file of the same server.</summary>
internal static partial class CitizensPage
{
    private const int Rounds = 3, InFlight = 64;

    private const string Page = "/here/11110";

    public static async Task Measure(int readers)
    {
        Machine.Row("the citizens' page", "readers", "page /s", "file /s", "ratio (median of 3)", "asked");
        Machine.Row("---", "---:", "---:", "---:", "---:", "---:");
        var folder = Directory.CreateTempSubdirectory("madang-bench-").FullName;
        await using (var city = await Served.Demo("--data", folder))
        {
            using var client = new HttpClient { BaseAddress = city.Url };
            var (length, file, fileLength) = await FindFile(client);
            var rounds = new List<(double Page, double File)>();
            for (var round = 0; round <= Rounds; round++)
            {
                var (page, asset) = (await Read(city.Url, Page, readers), await Read(city.Url, file, readers));
                if (round > 0)
                {
                    rounds.Add((page, asset));
                }
            }

            var median = rounds.OrderBy(round => round.Page / round.File).ElementAt(Rounds / 2);
            Machine.Row(string.Create(CultureInfo.InvariantCulture, $"{length:N0} bytes, beside a file of {fileLength:N0}, {InFlight} at a time, each reader with a connection of his own"), readers, median.Page, median.File, median.Page / median.File, "≥ 0.8");
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The file of the page whose length is nearest to its own.</summary>
    private static async Task<(int Length, string File, int FileLength)> FindFile(HttpClient client)
    {
        var page = await client.GetByteArrayAsync(Page);
        var files = new List<(string Name, int Length)>();
        foreach (var name in Asset().Matches(System.Text.Encoding.UTF8.GetString(page)).Select(match => match.Value).Distinct())
        {
            files.Add((name, (await client.GetByteArrayAsync(name)).Length));
        }

        var (nearest, length) = files.OrderBy(each => Math.Abs(Math.Log((double)each.Length / page.Length))).First();
        return (page.Length, nearest, length);
    }

    /// <summary>Each reader comes in by a connection of his own, and asks once; answers how many are served a second, the coming in not counted.</summary>
    private static async Task<double> Read(Uri url, string path, int readers)
    {
        var request = RawClient.Get(url, path);
        var groups = Enumerable.Range(0, InFlight).Select(_ => new byte[1 << 18]).Select(buffer => Enumerable.Range(0, readers / InFlight).Select(_ => new RawClient(url, buffer)).ToList()).ToList();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(groups.Select(group => Task.Run(async () =>
        {
            foreach (var reader in group)
            {
                if (await reader.Send(request) is var status and not 200)
                {
                    throw new InvalidOperationException($"{path} answered {status}, not 200");
                }
            }
        })));
        var rate = groups.Sum(group => group.Count) / clock.Elapsed.TotalSeconds;
        groups.ForEach(group => group.ForEach(reader => reader.Dispose()));
        return rate;
    }

    [GeneratedRegex("/assets/[^\"]+")]
    private static partial Regex Asset();
}
