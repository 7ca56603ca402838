using System.Diagnostics;
using System.Globalization;
using Madang.Storage;

namespace Madang.Bench;

/// <summary>What questions cost in a small store and in a large one; memory and start of the server over the large one.</summary>
internal static class QueryBench
{
    private const int DepthOfDatastream = 20_000, Questions = 400;

    public static async Task<int> Run(Arguments arguments)
    {
        Machine.Describe("./madang bench query");
        Machine.Row("question", "engine", "Observations", "p50 ms", "p99 ms", "p99 against the small store", "asked");
        Machine.Row("---", "---", "---:", "---:", "---:", "---:", "---:");
        foreach (var engine in arguments.Engines)
        {
            await using var postgres = engine == Engine.Postgres ? await Postgres.Start() : null;
            var small = await Measure(engine, postgres, arguments.Number("--small", 200_000), []);
            await Measure(engine, postgres, arguments.Number("--large", 20_000_000), small);
        }

        return 0;
    }

    private static async Task<Dictionary<string, double>> Measure(Engine engine, Postgres? postgres, int rows, Dictionary<string, double> small)
    {
        var folder = Directory.CreateTempSubdirectory("madang-bench-").FullName;
        try
        {
            string[] storage = postgres is null ? ["--data", folder] : ["--postgres", await postgres.CreateDatabase()];
            var work = new Workload(rows / DepthOfDatastream, rows, 20_000);
            long first;
            await using (var empty = await Served.City(storage))
            {
                first = await work.Create(empty.Url);
            }

            await LargeStore.Fill(storage, (work, first));

            await using var city = await Served.City(storage);
            var p99 = new Dictionary<string, double>();
            foreach (var (question, path, asked) in Asked())
            {
                var times = await Ask(city.Url, index => path(first + (index * 7919L % work.Datastreams)));
                p99[question] = times[(int)(times.Length * 0.99)];
                Machine.Row(question, engine, (double)rows, times[times.Length / 2], p99[question], small.TryGetValue(question, out var before) ? $"{(p99[question] / before).ToString("0.00", CultureInfo.InvariantCulture)} ×" : "", asked);
            }

            Machine.Row("memory of serve after these questions, MiB", engine, (double)rows, city.ResidentMegabytes, $"peak {city.PeakMegabytes:N0}", "", "< 300");
            Machine.Row("start to first answer, s", engine, (double)rows, city.UntilFirstAnswer.TotalSeconds, "", "", "< 3");
            return p99;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<(string Question, Func<long, string> Path, string Asked)> Asked()
    {
        yield return ("last 1,000 of a Datastream", datastream => $"/sta/v1.1/Datastreams({datastream})/Observations?$orderby=phenomenonTime%20desc&$top=1000", "≤ 2 ×");
        yield return ("one month by hour", datastream => $"/api/series/{datastream}?from=2026-07-01T00:00:00Z&to=2026-08-01T00:00:00Z&step=1h", "≤ 2 ×");
    }

    private static async Task<double[]> Ask(Uri url, Func<int, string> path)
    {
        using var client = new HttpClient { BaseAddress = url };
        var times = new List<double>();
        for (var index = -100; index < Questions; index++)
        {
            var clock = Stopwatch.GetTimestamp();
            using var answer = await client.GetAsync(path(index + 100));
            await answer.Content.CopyToAsync(Stream.Null);
            answer.EnsureSuccessStatusCode();
            if (index >= 0)
            {
                times.Add(Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
            }
        }

        return [.. times.Order()];
    }
}
