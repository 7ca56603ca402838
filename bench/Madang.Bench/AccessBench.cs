using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Madang.Storage;

namespace Madang.Bench;

/// <summary>
/// What authorisation adds to Observations in and questions out: the same work in a closed city with a key, and in one that
/// asks nobody who he is, turn by turn. Beside the rate stands the server's processor time a request, which the neighbours
/// of this machine disturb less.
/// </summary>
internal static class AccessBench
{
    private const int Clients = 64, Questions = 3_000;

    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(4), Measured = TimeSpan.FromSeconds(6);

    public static async Task<int> Run(Arguments arguments)
    {
        Machine.Describe("./madang bench access");
        Machine.Row("work", "engine", "guarded /s", "unguarded /s", "guarded, µs of processor", "unguarded, µs of processor", "added (median of rounds)", "asked");
        Machine.Row("---", "---", "---:", "---:", "---:", "---:", "---:", "---:");
        foreach (var engine in arguments.Engines)
        {
            await using var postgres = engine == Engine.Postgres ? await Postgres.Start() : null;
            var rounds = new List<(Dictionary<string, Figure> With, Dictionary<string, Figure> Without)>();
            for (var round = 0; round < arguments.Number("--rounds", 5); round++)
            {
                // The one that begins has a colder machine: they take turns.
                var first = await Measure(postgres, round % 2 == 0, arguments.Number("--rows", 400_000));
                var second = await Measure(postgres, round % 2 != 0, arguments.Number("--rows", 400_000));
                rounds.Add(round % 2 == 0 ? (first, second) : (second, first));
            }

            foreach (var work in rounds[0].With.Keys)
            {
                Report(work, engine, [.. rounds.Select(round => (round.With[work], round.Without[work]))]);
            }
        }

        return 0;
    }

    private static async Task<Dictionary<string, Figure>> Measure(Postgres? postgres, bool guarded, int rows)
    {
        var folder = Directory.CreateTempSubdirectory("madang-bench-").FullName;
        try
        {
            var keyFile = Path.Combine(folder, "key");
            string[] storage = postgres is null ? ["--data", Path.Combine(folder, "city")] : ["--postgres", await postgres.CreateDatabase()];
            await using var city = await Served.GuardedOrNot(guarded, keyFile, storage);
            while (!File.Exists(keyFile))
            {
                await Task.Delay(10);
            }

            var key = await File.ReadAllTextAsync(keyFile);
            var work = new Workload(500, rows, 5_000);
            var first = await work.Create(city.Url, key);
            return new()
            {
                ["dataArray of 5,000, 2 connections (a request)"] = await Arrays(city, work, first, key),
                ["single POST, 64 connections"] = await Repeat(city, RawClient.Post(city.Url, $"/sta/v1.1/Datastreams({first})/Observations", Encoding.UTF8.GetBytes("""{"phenomenonTime":"2026-07-19T00:00:00Z","result":38.5}"""), key), Clients),
                ["last 100 of a Datastream"] = await Ask(city, key, $"/sta/v1.1/Datastreams({first})/Observations?$orderby=phenomenonTime%20desc&$top=100"),
                ["one month by hour"] = await Ask(city, key, $"/api/series/{first}?from=2026-07-01T00:00:00Z&to=2026-08-01T00:00:00Z&step=1h"),
            };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Figure> Arrays(Served city, Workload work, long first, string key)
    {
        var requests = new ConcurrentQueue<byte[]>(work.Bodies(first).Select(body => RawClient.Post(city.Url, "/sta/v1.1/CreateObservations", body, key)));
        var count = requests.Count;
        return await Time(city, count, () => Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            using var client = new RawClient(city.Url);
            while (requests.TryDequeue(out var request))
            {
                Expect(await client.Send(request), 201);
            }
        }))));
    }

    private static async Task<Figure> Repeat(Served city, byte[] request, int clients)
    {
        var count = 0;
        var processor = TimeSpan.Zero;
        var clock = Stopwatch.StartNew();
        var watch = Task.Run(async () =>
        {
            await Task.Delay(Warm);
            processor = city.ProcessorTime;
            await Task.Delay(Warm + Measured - clock.Elapsed);
            processor = city.ProcessorTime - processor;
        });
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            using var client = new RawClient(city.Url);
            while (clock.Elapsed < Warm + Measured)
            {
                Expect(await client.Send(request), 201);
                if (clock.Elapsed > Warm)
                {
                    Interlocked.Increment(ref count);
                }
            }
        })));
        await watch;
        return new Figure(count / Measured.TotalSeconds, processor.TotalMicroseconds / count);
    }

    private static async Task<Figure> Ask(Served city, string key, string path)
    {
        using var client = new HttpClient { BaseAddress = city.Url };
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        async Task Some(int times)
        {
            for (var time = 0; time < times; time++)
            {
                using var answer = await client.GetAsync(path);
                await answer.Content.CopyToAsync(Stream.Null);
                Expect((int)answer.StatusCode, 200);
            }
        }

        await Some(Questions / 3);
        return await Time(city, Questions, () => Some(Questions));
    }

    private static async Task<Figure> Time(Served city, int count, Func<Task> work)
    {
        var (clock, processor) = (Stopwatch.StartNew(), city.ProcessorTime);
        await work();
        return new Figure(count / clock.Elapsed.TotalSeconds, (city.ProcessorTime - processor).TotalMicroseconds / count);
    }

    private static void Expect(int status, int expected)
    {
        if (status != expected)
        {
            throw new InvalidOperationException($"answered {status}, not {expected}");
        }
    }

    private static void Report(string work, Engine engine, List<(Figure With, Figure Without)> rounds)
    {
        var median = rounds.OrderBy(Added).ElementAt(rounds.Count / 2);
        Machine.Row(
            work, engine, median.With.Rate, median.Without.Rate, median.With.Processor, median.Without.Processor, string.Create(CultureInfo.InvariantCulture, $"{Added(median) * 100:0.0} %"), "< 5 %");
    }

    private static double Added((Figure With, Figure Without) round) => (round.With.Processor / round.Without.Processor) - 1;

    /// <summary>Requests a second, and microseconds of the server's processors for each.</summary>
    private sealed record Figure(double Rate, double Processor);
}
