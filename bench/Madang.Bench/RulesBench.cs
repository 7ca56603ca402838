using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Madang.Storage;

namespace Madang.Bench;

/// <summary>What it costs to judge Observations as they come, how long it takes to try a rule on a year of readings, and how many can read what is in force.</summary>
internal static class RulesBench
{
    private const int MinutesApart = 10, Rounds = 3;

    private static readonly (string What, string Signal)[] Signals =
    [
        ("reading by reading", """{ "kind": "reading" }"""),
        ("by means of ten minutes", """{ "kind": "mean", "stepMinutes": 10 }"""),
        ("by means of an hour", """{ "kind": "mean" }"""),
    ];

    public static async Task<int> Run(Arguments arguments)
    {
        Machine.Describe("./madang bench rules");
        var part = arguments.Text("--part");
        if (part is null or "live")
        {
            await Live(arguments);
        }

        if (part is null or "trial")
        {
            await Trials(arguments);
        }

        if (part is null or "page")
        {
            await CitizensPage.Measure(arguments.Number("--readers", 10_000));
        }

        return 0;
    }

    private static async Task Live(Arguments arguments)
    {
        Machine.Row("every Observation judged by five rules", "engine", "rules on", "rules off", "ratio (median of 3)", "asked");
        Machine.Row("---", "---", "---:", "---:", "---:", "---:");
        foreach (var engine in arguments.Engines)
        {
            await using var postgres = engine == Engine.Postgres ? await Postgres.Start() : null;
            var folder = Directory.CreateTempSubdirectory("madang-bench-").FullName;
            await using (var city = await (postgres is null ? Served.City("--data", folder) : Served.City("--postgres", await postgres.CreateDatabase())))
            {
                await LiveRules.Measure(engine, city, arguments.Number("--live", 10_000), arguments.Number("--seconds", 20));
            }

            Directory.Delete(folder, recursive: true);
        }

        Console.WriteLine();
    }

    private static async Task Trials(Arguments arguments)
    {
        var (datastreams, days) = (arguments.Number("--datastreams", 300), arguments.Number("--days", 365));
        var work = new Workload(datastreams, datastreams * days * 24 * 60 / MinutesApart, 20_000, MinutesApart);
        Machine.Row("a rule tried on the past", "engine", "Observations", "s (median of 3)", "the same rows read by the engine alone, s", "asked");
        Machine.Row("---", "---", "---:", "---:", "---:", "---:");
        foreach (var engine in arguments.Engines)
        {
            // A store that is kept is filled once; its trials can then be run on a quiet machine.
            var kept = arguments.Text("--keep");
            var folder = kept is null ? Directory.CreateTempSubdirectory("madang-bench-").FullName : Path.Combine(kept, engine.ToString());
            await using var postgres = engine == Engine.Postgres ? await Postgres.Start(kept is null ? null : Path.Combine(folder, "cluster")) : null;
            var place = postgres is null ? Path.Combine(folder, "data") : await postgres.Database("trial");
            string[] storage = [postgres is null ? "--data" : "--postgres", place];
            var mark = Path.Combine(folder, "filled");
            if (!File.Exists(mark))
            {
                await Fill(storage, work);
                await File.WriteAllTextAsync(mark, "");
            }

            await using (var city = await Served.City(storage))
            {
                await Measure(engine, city, place, work, days);
            }

            if (kept is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static async Task Fill(string[] storage, Workload work)
    {
        long first;
        await using (var empty = await Served.City(storage))
        {
            first = await work.Create(empty.Url);
        }

        await LargeStore.Fill(storage, (work, first));
    }

    private static async Task Measure(Engine engine, Served city, string place, Workload work, int days)
    {
        await using var bare = await BareStore.Open(engine, place);
        var alone = await Median(() => bare.Read("SELECT phenomenon_start, result_number FROM observations WHERE datastream_id >= @id ORDER BY datastream_id, phenomenon_start", 0));
        using var client = new HttpClient { BaseAddress = city.Url, Timeout = TimeSpan.FromMinutes(10) };
        foreach (var (what, signal) in Signals)
        {
            var body = JsonNode.Parse($$"""
                {
                  "rule": {
                    "name": { "ko": "시험", "en": "Test" }, "owner": { "ko": "과", "en": "Division" }, "source": { "title": "bench" }, "from": "2020-01-01",
                    "scope": { "measure": "pm25", "unit": "u" }, "each": "datastream", "signal": {{signal}}, "levels": [{ "name": "high", "from": 34, "holdMinutes": 20, "lift": 30 }]
                  },
                  "from": "{{Workload.Start:yyyy-MM-dd'T'HH:mm:ss'Z'}}", "to": "{{Workload.Start.AddDays(days):yyyy-MM-dd'T'HH:mm:ss'Z'}}"
                }
                """);
            var seconds = await Median(async () =>
            {
                using var answer = await client.PostAsJsonAsync("api/rules/try", body);
                answer.EnsureSuccessStatusCode();
                await answer.Content.CopyToAsync(Stream.Null);
            });
            Machine.Row(what, engine, (double)work.Rows, seconds, alone.ToString("0.00", CultureInfo.InvariantCulture), "< 10");
        }
    }

    private static async Task<double> Median(Func<Task> work)
    {
        var times = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var clock = Stopwatch.GetTimestamp();
            await work();
            times.Add(Stopwatch.GetElapsedTime(clock).TotalSeconds);
        }

        return times.Order().ElementAt(Rounds / 2);
    }
}
