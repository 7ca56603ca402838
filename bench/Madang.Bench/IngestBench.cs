using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Madang.Storage;

namespace Madang.Bench;

/// <summary>How fast Observations come in over HTTP, beside the bare engine and beside an empty endpoint.</summary>
internal static class IngestBench
{
    private const int Rounds = 3;

    public static async Task<int> Run(Arguments arguments)
    {
        Machine.Describe("./madang bench ingest");
        var work = new Workload(datastreams: 500, arguments.Number("--rows", 400_000), rowsPerRequest: 5_000);
        Machine.Row("Observations into an empty store", "engine", "Madang /s", "baseline /s", "ratio (median of 3)", "asked");
        Machine.Row("---", "---", "---:", "---:", "---:", "---:");
        foreach (var engine in arguments.Engines)
        {
            await using var postgres = engine == Engine.Postgres ? await Postgres.Start() : null;
            await Arrays(engine, postgres, work);
            await Singles(engine, postgres, 64, "≥ 0.5 × empty endpoint");
            await Singles(engine, postgres, 8, "≥ 5,000 /s");
        }

        return 0;
    }

    private static async Task Arrays(Engine engine, Postgres? postgres, Workload work)
    {
        var rounds = new List<(double Ours, double Bare)>();
        for (var round = 0; round <= Rounds; round++)
        {
            var bare = postgres is null ? BareEngine.Sqlite(work) : await BareEngine.Postgres(work, await postgres.CreateDatabase());
            var ours = await WithCity(postgres, city => SendArrays(city, work));
            if (round > 0)
            {
                rounds.Add((ours, bare));
            }
        }

        Report("dataArray of 5,000, 2 connections, 500 Datastreams", engine, rounds, postgres is null ? "≥ 0.4 × prepared inserts" : "≥ 0.3 × binary COPY");
    }

    private static async Task Singles(Engine engine, Postgres? postgres, int clients, string asked)
    {
        var rounds = new List<(double Ours, double Bare)>();
        for (var round = 0; round <= Rounds; round++)
        {
            double bare;
            await using (var empty = await Served.EmptyEndpoint())
            {
                bare = await SendSingles(empty.Url, 1, clients);
            }

            var ours = await WithCity(postgres, async city => await SendSingles(city.Url, await new Workload(1, 0, 1).Create(city.Url), clients));
            if (round > 0)
            {
                rounds.Add((ours, bare));
            }
        }

        Report($"single POST, {clients} connections", engine, rounds, asked);
    }

    private static async Task<double> WithCity(Postgres? postgres, Func<Served, Task<double>> measure)
    {
        var folder = Directory.CreateTempSubdirectory("madang-bench-").FullName;
        try
        {
            await using var city = await (postgres is null ? Served.City("--data", folder) : Served.City("--postgres", await postgres.CreateDatabase()));
            return await measure(city);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double> SendArrays(Served city, Workload work)
    {
        var first = await work.Create(city.Url);
        var requests = new ConcurrentQueue<byte[]>(work.Bodies(first).Select(body => RawClient.Post(city.Url, "/sta/v1.1/CreateObservations", body)));
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            using var client = new RawClient(city.Url);
            while (requests.TryDequeue(out var request))
            {
                Expect(await client.Send(request));
            }
        })));
        return work.Rows / clock.Elapsed.TotalSeconds;
    }

    private static async Task<double> SendSingles(Uri url, long datastream, int clients)
    {
        var request = RawClient.Post(url, $"/sta/v1.1/Datastreams({datastream})/Observations", Encoding.UTF8.GetBytes("""{"phenomenonTime":"2026-07-19T00:00:00Z","result":38.5}"""));
        var stop = TimeSpan.FromSeconds(14);
        var warm = TimeSpan.FromSeconds(10);
        var count = 0;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            using var client = new RawClient(url);
            while (clock.Elapsed < stop)
            {
                Expect(await client.Send(request));
                if (clock.Elapsed > warm)
                {
                    Interlocked.Increment(ref count);
                }
            }
        })));
        return count / (stop - warm).TotalSeconds;
    }

    private static void Expect(int status)
    {
        if (status != 201)
        {
            throw new InvalidOperationException($"answered {status}, not 201");
        }
    }

    private static void Report(string what, Engine engine, List<(double Ours, double Bare)> rounds, string asked)
    {
        var median = rounds.OrderBy(round => round.Ours / round.Bare).ElementAt(rounds.Count / 2);
        Machine.Row(what, engine, median.Ours, median.Bare, median.Ours / median.Bare, asked);
    }
}
