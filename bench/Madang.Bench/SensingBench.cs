using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Madang.Storage;

namespace Madang.Bench;

/// <summary>
/// SensorThings over 50 million Observations in 10,000 Datastreams of 10,000 Things, and 100,000 Locations: each question
/// beside the bare statement that answers it, on the same store by the same engine.
/// </summary>
internal static class SensingBench
{
    private const int Streams = 10_000, MonthStreams = 500, MonthRows = 21_600, Locations = 100_000, PageSize = 100, Pages = 10_000;

    /// <summary>So often a question is asked before it is timed: a server that has run for a day has compiled its code well.</summary>
    private const int WarmRuns = 300;

    public static async Task<int> Run(Arguments arguments)
    {
        Machine.Describe("./madang bench sensing");
        var rows = arguments.Number("--observations", 50_000_000);
        foreach (var engine in arguments.Engines)
        {
            // A store that is kept is filled once; how quick its questions are can then be asked on a quiet machine.
            var folder = arguments.Text("--keep") is { } kept ? Path.Combine(kept, engine.ToString()) : Directory.CreateTempSubdirectory("madang-bench-").FullName;
            await Measure(engine, folder, rows, arguments.Text("--keep") is not null);
            if (arguments.Text("--keep") is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        return 0;
    }

    private static async Task Measure(Engine engine, string folder, int rows, bool isKept)
    {
        await using var postgres = engine == Engine.Postgres ? await Postgres.Start(isKept ? Path.Combine(folder, "cluster") : null) : null;
        string[] storage = postgres is null ? ["--data", Path.Combine(folder, "data")] : ["--postgres", await postgres.Database("sensing")];
        var mark = Path.Combine(folder, "filled");
        if (!File.Exists(mark))
        {
            var clock = Stopwatch.StartNew();
            await File.WriteAllTextAsync(mark, (await Fill(storage, rows)).ToString(CultureInfo.InvariantCulture));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{engine}: {rows:N0} Observations stored and summed up in {clock.Elapsed.TotalSeconds:N0} s"));
        }

        await Ask(engine, storage, long.Parse(await File.ReadAllTextAsync(mark), CultureInfo.InvariantCulture), rows);
    }

    /// <summary>A Thing with a Datastream and a Location each, Locations beside them, and the Observations: of some Datastreams a month at two minutes, of the others an equal share of the rest.</summary>
    private static async Task<long> Fill(string[] storage, int rows)
    {
        long first;
        await using (var city = await Served.City(storage))
        {
            using var client = new HttpClient { BaseAddress = city.Url };
            first = await Create(client, 0, null);
            var (sensor, property) = (await Id(client, $"Datastreams({first})/Sensor"), await Id(client, $"Datastreams({first})/ObservedProperty"));
            for (var number = 1; number < Streams; number++)
            {
                await Create(client, number, (sensor, property));
            }

            var next = Streams;
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
            {
                while (Interlocked.Increment(ref next) is var number && number <= Locations)
                {
                    await Post(client, "Locations", Location(number));
                }
            })));
        }

        var months = Math.Min(MonthStreams * MonthRows, rows / 2);
        await LargeStore.Fill(storage, (new Workload(MonthStreams, months, 1), first), (new Workload(Streams - MonthStreams, rows - months, 1), first + MonthStreams));
        return first;
    }

    private static async Task Ask(Engine engine, string[] storage, long first, int rows)
    {
        await using var city = await Served.City(storage);
        await using var bare = await BareStore.Open(engine, storage[1]);
        using var client = new HttpClient { BaseAddress = city.Url };
        Console.WriteLine();
        Machine.Row("question", "engine", "Observations", "p50 ms", "p99 ms", "bare statement, p50 ms", "asked of p50");
        Machine.Row("---", "---", "---:", "---:", "---:", "---:", "---:");
        foreach (var question in Questions.All)
        {
            var times = await Times(question.Runs, run => Get(client, question.Address(Pick(first, run, question.OfMonths))));
            var bares = await Times(question.Runs, run => bare.Read(question.Statement(engine), Pick(first, run, question.OfMonths)));
            Machine.Row(question.Name, engine, (double)rows, Middle(times), times[(int)(times.Length * 0.99)], Middle(bares), question.Asked);
        }

        var (early, late) = await Walk(client);
        Machine.Row($"page {Pages:N0} of {PageSize}, beside page 1", engine, (double)rows, Middle(late), late[(int)(late.Length * 0.99)], $"page 1: {Middle(early).ToString("0.00", CultureInfo.InvariantCulture)}", string.Create(CultureInfo.InvariantCulture, $"≤ 1.5 ×; is {Middle(late) / Middle(early):0.00} ×"));
        Machine.Row("memory of serve after these questions, MiB", engine, (double)rows, city.ResidentMegabytes, $"peak {city.PeakMegabytes:N0}", "", "");
    }

    /// <summary>Follows the next link to the last page; answers what the first and the last hundred took.</summary>
    private static async Task<(double[] Early, double[] Late)> Walk(HttpClient client)
    {
        var times = new List<double>();
        var next = $"/sta/v1.1/Observations?$top={PageSize}";
        for (var page = 0; page < Pages + 100 && next is not null; page++)
        {
            var clock = Stopwatch.GetTimestamp();
            var text = await client.GetByteArrayAsync(next);
            times.Add(Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
            using var json = JsonDocument.Parse(text);
            next = json.RootElement.TryGetProperty("@iot.nextLink", out var link) ? link.GetString() : null;
        }

        // The first pages warm what the others find warm.
        return ([.. times.Skip(100).Take(100).Order()], [.. times.TakeLast(100).Order()]);
    }

    private static long Pick(long first, int run, bool ofMonths) => first + (run * 7919L % (ofMonths ? MonthStreams : Streams));

    private static async Task<double[]> Times(int runs, Func<int, Task> ask)
    {
        var times = new List<double>();
        for (var run = -WarmRuns; run < runs; run++)
        {
            var clock = Stopwatch.GetTimestamp();
            await ask(run + WarmRuns);
            if (run >= 0)
            {
                times.Add(Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
            }
        }

        return [.. times.Order()];
    }

    private static double Middle(double[] times) => times[times.Length / 2];

    private static async Task Get(HttpClient client, string address)
    {
        using var answer = await client.GetAsync("/sta/v1.1/" + address);
        await answer.Content.CopyToAsync(Stream.Null);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<long> Create(HttpClient client, int number, (long Sensor, long Property)? shared)
    {
        var (sensor, property) = shared is { } one
            ? ($"{{\"@iot.id\":{one.Sensor}}}", $"{{\"@iot.id\":{one.Property}}}")
            : ("""{"name":"s","description":"d","encodingType":"text/plain","metadata":"m"}""", """{"name":"p","definition":"d","description":"d","properties":{"measure":"pm25"}}""");
        var thing = await Post(client, "Things", $$"""
            {"name":"thing {{number}}","description":"d","Locations":[{{Location(number)}}],"Datastreams":[{"name":"d{{number}}","description":"d","observationType":"OM_Observation","unitOfMeasurement":{"symbol":"u"},"Sensor":{{sensor}},"ObservedProperty":{{property}}}]}
            """);
        return number == 0 ? await Id(client, $"Things({thing})/Datastreams?$top=1", ofMany: true) : thing;
    }

    /// <summary>Somewhere in Seoul, the same place for the same number.</summary>
    private static string Location(int number) => string.Create(CultureInfo.InvariantCulture,
        $"{{\"name\":\"l{number}\",\"description\":\"d\",\"encodingType\":\"application/geo+json\",\"location\":{{\"type\":\"Point\",\"coordinates\":[{126.80 + (number * 0.6180339887 % 1 * 0.36):0.000000},{37.43 + (number * 0.7548776662 % 1 * 0.26):0.000000}]}}}}");

    private static async Task<long> Post(HttpClient client, string set, string json)
    {
        using var answer = await client.PostAsync("/sta/v1.1/" + set, new StringContent(json, Encoding.UTF8, "application/json"));
        answer.EnsureSuccessStatusCode();
        using var made = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return made.RootElement.GetProperty("@iot.id").GetInt64();
    }

    private static async Task<long> Id(HttpClient client, string path, bool ofMany = false)
    {
        using var json = JsonDocument.Parse(await client.GetStringAsync("/sta/v1.1/" + path));
        return (ofMany ? json.RootElement.GetProperty("value")[0] : json.RootElement).GetProperty("@iot.id").GetInt64();
    }
}
