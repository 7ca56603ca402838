using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Madang.Storage;

namespace Madang.Bench;

/// <summary>
/// A city's whole network of small sensors for as long as asked, through its device door, while dashboards read; and how much
/// more of it the machine could carry.
/// </summary>
internal static class SustainedBench
{
    private const int RowsPerTable = 250, Making = 2, Pushing = 4;

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30), Pushed = TimeSpan.FromSeconds(60);

    public static async Task<int> Run(Arguments arguments)
    {
        Machine.Describe("./madang bench sustained");
        var (sensors, readers, time) = (arguments.Number("--sensors", 50_000), arguments.Number("--readers", 50), TimeSpan.FromMinutes(arguments.Number("--minutes", 10)));
        foreach (var engine in arguments.Engines)
        {
            // A network that is kept is made once.
            var folder = arguments.Text("--keep") is { } kept ? Directory.CreateDirectory(Path.Combine(kept, engine.ToString())).FullName : Directory.CreateTempSubdirectory("madang-bench-").FullName;
            await using (var postgres = engine == Engine.Postgres ? await Postgres.Start(arguments.Text("--keep") is null ? null : Path.Combine(folder, "cluster")) : null)
            {
                string[] storage = postgres is null ? ["--data", Path.Combine(folder, "data")] : ["--postgres", await postgres.Database("sustained")];
                await using var city = await Served.City(storage);
                Machine.Row("what", "engine", "measured", "beside", "asked");
                Machine.Row("---", "---", "---:", "---:", "---");
                await Make(engine, city, sensors, Path.Combine(folder, "made"));
                await Measure(engine, city, sensors, readers, time);
            }

            if (arguments.Text("--keep") is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        return 0;
    }

    /// <summary>Makes the network by the first readings of its sensors, told as two minutes old.</summary>
    private static async Task Make(Engine engine, Served city, int sensors, string mark)
    {
        if (File.Exists(mark))
        {
            return;
        }

        using var client = new HttpClient { BaseAddress = city.Url };
        var shipped = await client.GetStringAsync("doors/s-dot");
        using (var put = await client.PutAsync("doors/s-dot", new StringContent(SdotNetwork.Mapping(shipped), Encoding.UTF8, "application/yaml")))
        {
            put.EnsureSuccessStatusCode();
        }

        var clock = Stopwatch.StartNew();
        var network = new SdotNetwork(sensors, TimeProvider.System.GetUtcNow().AddMinutes(-2));
        var heard = await Push(city.Url, network, Making, Enumerable.Range(0, network.Count / RowsPerTable).Select(table => (table * RowsPerTable, 0)), Timeout.InfiniteTimeSpan);
        Machine.Row("Datastreams made and heard for the first time, a second", engine, heard / clock.Elapsed.TotalSeconds, string.Create(CultureInfo.InvariantCulture, $"{heard:N0} Datastreams of {heard / SdotNetwork.Measures:N0} Things"), "");
        await File.WriteAllTextAsync(mark, "");
    }

    private static async Task Measure(Engine engine, Served city, int sensors, int readers, TimeSpan time)
    {
        using var client = new HttpClient { BaseAddress = city.Url };
        var network = new SdotNetwork(sensors, TimeProvider.System.GetUtcNow());
        await using var dashboards = await Dashboards.Open(client, network, readers);
        // The first half minute warms the code and what is kept in memory.
        await Task.Delay(Quiet);
        dashboards.Take();
        await Task.Delay(Quiet);
        var alone = dashboards.Take();
        network = new SdotNetwork(sensors, TimeProvider.System.GetUtcNow());
        var processor = city.ProcessorTime;
        var (answers, latest, memory, stored) = await Sustain(city, network, time);
        var load = (city.ProcessorTime - processor) / time;
        var beside = dashboards.Take();
        Machine.Row("Observations stored, a second", engine, stored / time.TotalSeconds, string.Create(CultureInfo.InvariantCulture, $"{network.PerSecond:N0} sent"), "all");
        Machine.Row("a table answered after it was due, ms: p50 / p99 / most", engine, Three(answers), "", "no backlog");
        Machine.Row("the last table answered after it was due, ms", engine, latest, "", "no backlog");
        Machine.Row("reads, ms: p50 / p99 / most", engine, Three(All(beside)), $"{Three(All(alone))} without the load", "p99 < 50");
        foreach (var kind in beside)
        {
            Machine.Row($"– {kind.Key}", engine, Three([.. kind]), $"{Three([.. alone[kind.Key]])} without the load", "");
        }

        Machine.Row("processor of the server, % of one core", engine, load * 100, "", "");
        Machine.Row("resident memory each minute, MiB", engine, string.Join(" ", memory.Select(each => each.ToString("N0", CultureInfo.InvariantCulture))), $"peak {city.PeakMegabytes:N0}", "flat");

        var turns = 1 + (int)(time.TotalSeconds / SdotNetwork.Cadence);
        var clock = Stopwatch.StartNew();
        var pushed = await Push(city.Url, network, Pushing, Enumerable.Range(turns, 100).SelectMany(turn => Enumerable.Range(0, network.Count / RowsPerTable).Select(table => (table * RowsPerTable, turn))), Pushed);
        var rate = pushed / clock.Elapsed.TotalSeconds;
        Machine.Row("Observations stored, a second, as fast as it goes", engine, rate, string.Create(CultureInfo.InvariantCulture, $"{rate / network.PerSecond:0.0} × the load; reads {Three(All(dashboards.Take()))}"), "");
    }

    /// <summary>Each second the sensors whose turn it is; answers how late each table was answered, how late the last one was, the memory each minute, and how many Observations were sent.</summary>
    private static async Task<(double[] Answers, double Latest, List<double> Memory, long Stored)> Sustain(Served city, SdotNetwork network, TimeSpan time)
    {
        var answers = new ConcurrentQueue<double>();
        var memory = new List<double>();
        var latest = 0.0;
        var stored = 0L;
        var clients = new ConcurrentBag<RawClient>();
        var sending = new List<Task>();
        var clock = Stopwatch.StartNew();
        for (var second = 0; second < (int)time.TotalSeconds; second++)
        {
            var (due, turn, place) = (TimeSpan.FromSeconds(second + 1), second / SdotNetwork.Cadence, second % SdotNetwork.Cadence);
            var (from, until) = ((int)((long)network.Count * place / SdotNetwork.Cadence), (int)((long)network.Count * (place + 1) / SdotNetwork.Cadence));
            var (table, values) = network.Table(from, until - from, turn);
            var request = RawClient.Post(city.Url, "/doors/s-dot", table, type: "text/csv");
            if (due - clock.Elapsed is { Ticks: > 0 } wait)
            {
                await Task.Delay(wait);
            }

            sending.Add(Task.Run(async () =>
            {
                var client = clients.TryTake(out var free) ? free : new RawClient(city.Url);
                Expect(await client.Send(request));
                clients.Add(client);
                latest = (clock.Elapsed - due).TotalMilliseconds;
                answers.Enqueue(latest);
            }));
            stored += values;
            if (second % 60 == 59)
            {
                memory.Add(city.ResidentMegabytes);
            }
        }

        await Task.WhenAll(sending);
        foreach (var client in clients)
        {
            client.Dispose();
        }

        return ([.. answers.Order()], latest, memory, stored);
    }

    /// <summary>Sends tables as fast as they are taken, until they or the time end; answers how many Observations.</summary>
    private static async Task<long> Push(Uri url, SdotNetwork network, int connections, IEnumerable<(int From, int Turn)> tables, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        var stored = 0L;
        using var due = new BlockingCollection<(int From, int Turn)>(new ConcurrentQueue<(int, int)>(tables));
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            using var client = new RawClient(url);
            while ((time == Timeout.InfiniteTimeSpan || clock.Elapsed < time) && due.TryTake(out var table))
            {
                var (csv, values) = network.Table(table.From, RowsPerTable, table.Turn);
                Expect(await client.Send(RawClient.Post(url, "/doors/s-dot", csv, type: "text/csv")));
                Interlocked.Add(ref stored, values);
            }
        })));
        return stored;
    }

    private static double[] All(ILookup<string, double> times) => [.. times.SelectMany(kind => kind).Order()];

    private static void Expect(int status)
    {
        if (status != 201)
        {
            throw new InvalidOperationException($"the door answered {status}, not 201");
        }
    }

    private static string Three(double[] sorted) => string.Create(CultureInfo.InvariantCulture, $"{sorted[sorted.Length / 2]:N1} / {sorted[(int)(sorted.Length * 0.99)]:N1} / {sorted[^1]:N0}");
}
