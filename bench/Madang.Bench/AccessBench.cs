using System.Diagnostics;
using System.Globalization;
using System.Text;
using Madang.Storage;

namespace Madang.Bench;

/// <summary>
/// What authorisation adds to Observations in and questions out. One city with two doors: at the one everybody shows a key,
/// at the other nobody is asked. The same work goes through both by turns in short slices, so that what disturbs the machine,
/// the age of the store and the warmth of the code are the same for both; what is compared is the server's processor time.
/// </summary>
internal static class AccessBench
{
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1.5);

    /// <summary>Slices at each door that nobody counts: the code is still being compiled.</summary>
    private const int Warming = 4;

    public static async Task<int> Run(Arguments arguments)
    {
        Machine.Describe("./madang bench access");
        Machine.Row("work", "engine", "guarded /s", "unguarded /s", "guarded, µs of processor", "unguarded, µs of processor", "added (median of pairs)", "quarter to quarter", "asked");
        Machine.Row("---", "---", "---:", "---:", "---:", "---:", "---:", "---:", "---:");
        foreach (var engine in arguments.Engines)
        {
            await using var postgres = engine == Engine.Postgres ? await Postgres.Start() : null;
            await Measure(engine, postgres, arguments.Number("--slices", 9));
        }

        return 0;
    }

    private static async Task Measure(Engine engine, Postgres? postgres, int slices)
    {
        var folder = Directory.CreateTempSubdirectory("madang-bench-").FullName;
        try
        {
            var keyFile = Path.Combine(folder, "key");
            var open = new Uri($"http://127.0.0.1:{Served.FreePort()}");
            string[] storage = postgres is null ? ["--data", Path.Combine(folder, "city")] : ["--postgres", await postgres.CreateDatabase()];
            await using var city = await Served.TwoDoors(open, keyFile, storage);
            var key = await ReadKey(keyFile);
            var work = new Workload(500, 400_000, 5_000);
            var first = await work.Create(city.Url, key);
            var bodies = work.Bodies(first).ToList();
            var one = Encoding.UTF8.GetBytes("""{"phenomenonTime":"2026-07-19T00:00:00Z","result":38.5}""");
            (string Name, int Clients, Func<Uri, List<byte[]>> Requests)[] works =
            [
                ("dataArray of 5,000, 2 connections", 2, url => [.. bodies.Select(body => RawClient.Post(url, "/sta/v1.1/CreateObservations", body, key))]),
                // All for one moment, so they go to a neighbour: the questions below are asked of an ordinary Datastream.
                ("single POST, 64 connections", 64, url => [RawClient.Post(url, $"/sta/v1.1/Datastreams({first + 1})/Observations", one, key)]),
                ("last 100 of a Datastream, 8 connections", 8, url => [RawClient.Get(url, $"/sta/v1.1/Datastreams({first})/Observations?$orderby=phenomenonTime%20desc&$top=100", key)]),
                ("one month by hour, 8 connections", 8, url => [RawClient.Get(url, $"/api/series/{first}?from=2026-07-01T00:00:00Z&to=2026-08-01T00:00:00Z&step=1h", key)]),
                ("one Thing, 8 connections", 8, url => [RawClient.Get(url, "/sta/v1.1/Things(1)", key)]),
            ];
            foreach (var (name, clients, requests) in works)
            {
                await Compare(name, engine, city, clients, requests(city.Url), requests(open), open, slices);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> ReadKey(string file)
    {
        while (!File.Exists(file))
        {
            await Task.Delay(10);
        }

        return await File.ReadAllTextAsync(file);
    }

    private static async Task Compare(string work, Engine engine, Served city, int clients, List<byte[]> guarded, List<byte[]> unguarded, Uri open, int slices)
    {
        var pairs = new List<(Figure With, Figure Without)>();
        for (var slice = 0; slice < Warming + slices; slice++)
        {
            // Who goes first changes, so that neither always meets what the other left behind.
            var before = slice % 2 == 0 ? await One(city, city.Url, clients, guarded) : await One(city, open, clients, unguarded);
            var after = slice % 2 == 0 ? await One(city, open, clients, unguarded) : await One(city, city.Url, clients, guarded);
            if (slice >= Warming)
            {
                pairs.Add(slice % 2 == 0 ? (before, after) : (after, before));
            }
        }

        var added = pairs.Select(pair => (pair.With.Processor / pair.Without.Processor) - 1).Order().ToList();
        Machine.Row(
            work, engine, Median(pairs.Select(pair => pair.With.Rate)), Median(pairs.Select(pair => pair.Without.Rate)), Median(pairs.Select(pair => pair.With.Processor)), Median(pairs.Select(pair => pair.Without.Processor)),
            Percent(added[added.Count / 2]), $"{Percent(added[added.Count / 4])} to {Percent(added[added.Count * 3 / 4])}", "< 5 %");
    }

    private static async Task<Figure> One(Served city, Uri url, int clients, List<byte[]> requests)
    {
        var count = 0;
        var (clock, processor) = (Stopwatch.StartNew(), city.ProcessorTime);
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            using var client = new RawClient(url);
            while (clock.Elapsed < Slice)
            {
                var status = await client.Send(requests[(Interlocked.Increment(ref count) - 1) % requests.Count]);
                if (status is not (200 or 201))
                {
                    throw new InvalidOperationException($"{url} answered {status}");
                }
            }
        })));
        return new Figure(count / clock.Elapsed.TotalSeconds, (city.ProcessorTime - processor).TotalMicroseconds / count);
    }

    private static double Median(IEnumerable<double> numbers)
    {
        var ordered = numbers.Order().ToList();
        return ordered[ordered.Count / 2];
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.0} %");

    /// <summary>Requests a second, and microseconds of the server's processors for each.</summary>
    private sealed record Figure(double Rate, double Processor);
}
