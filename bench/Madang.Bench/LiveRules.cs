using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Madang.Storage;

namespace Madang.Bench;

/// <summary>What it costs that every Observation is judged by five rules, beside the same with the rules at rest; and how soon an alert is told.</summary>
internal static class LiveRules
{
    private const int Rounds = 3, RowsPerRequest = 5_000, Connections = 2, Asked = 20_000, Probes = 150;

    /// <summary>Quiet ones, as rules are on most days: what is sent reaches none of their levels.</summary>
    private static readonly (string Id, string Signal, string Level)[] Rules =
    [
        ("bench-high", """{ "kind": "reading" }""", """{ "name": "high", "from": 900, "holdMinutes": 0, "lift": 800 }"""),
        ("bench-held", """{ "kind": "reading" }""", """{ "name": "held", "from": 500, "holdMinutes": 20, "lift": 400 }"""),
        ("bench-jump", """{ "kind": "change", "overMinutes": 1 }""", """{ "name": "jump", "from": 500, "holdMinutes": 0, "lift": 100 }"""),
        ("bench-stuck", """{ "kind": "unchanged" }""", """{ "name": "stuck", "from": 360, "holdMinutes": 0, "lift": 1 }"""),
        ("bench-silent", """{ "kind": "silence" }""", """{ "name": "silent", "from": 720, "holdMinutes": 0, "lift": 1 }"""),
    ];

    public static async Task Measure(Engine engine, Served city, int datastreams, int seconds)
    {
        var work = new Workload(datastreams, 0, RowsPerRequest);
        var firstId = await work.Create(city.Url);
        var probe = await new Workload(1, 0, 1).Create(city.Url);
        using var client = new HttpClient { BaseAddress = city.Url, Timeout = TimeSpan.FromMinutes(5) };
        foreach (var (id, signal, level) in Rules)
        {
            await Put(client, id, """{ "measure": "pm25", "unit": "u" }""", signal, level, true);
        }

        await Put(client, "bench-probe", $$"""{ "measure": "pm25", "unit": "u", "datastreams": [{{probe}}] }""", """{ "kind": "reading" }""", """{ "name": "high", "from": 1000, "holdMinutes": 0, "lift": 900 }""", true);
        var sender = new Sender(city, firstId, datastreams);
        await sender.Run(int.MaxValue, TimeSpan.FromSeconds(seconds));
        await Tell(client, probe, 60);
        var rounds = new List<(Sent Off, Sent On, Sent PacedOff, Sent PacedOn)>();
        var alerts = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            await Switch(client, false);
            var pacedOff = await sender.Run(Asked, TimeSpan.FromSeconds(seconds));
            var off = await sender.Run(int.MaxValue, TimeSpan.FromSeconds(seconds));
            await Switch(client, true);
            // What was before each next reading is read once, here by all 50,000 at the same time.
            var first = await sender.Run(Asked, TimeSpan.FromSeconds(seconds));
            var judged = await Tell(client, probe, 60);
            var telling = Task.Run(() => Probe(client, probe, TimeSpan.FromSeconds(seconds), alerts));
            var pacedOn = await sender.Run(Asked, TimeSpan.FromSeconds(seconds));
            await telling;
            var on = await sender.Run(int.MaxValue, TimeSpan.FromSeconds(seconds));
            var after = await Tell(client, probe, 120);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round}: {first.PerSecond:N0}/s in the first {seconds} s after the switch, the alert after them {judged:N0} ms, the one after the fastest stretch {after:N0} ms"));
            rounds.Add((off, on, pacedOff, pacedOn));
        }

        var fast = rounds.OrderBy(each => each.On.PerSecond / each.Off.PerSecond).ElementAt(Rounds / 2);
        var paced = rounds.OrderBy(each => each.PacedOn.Milliseconds / each.PacedOff.Milliseconds).ElementAt(Rounds / 2);
        alerts.Sort();
        Machine.Row("Observations/s as fast as they go", engine, fast.On.PerSecond, fast.Off.PerSecond, fast.On.PerSecond / fast.Off.PerSecond, "");
        Machine.Row("Observations/s where 20,000 are sent", engine, paced.PacedOn.PerSecond, paced.PacedOff.PerSecond, paced.PacedOn.PerSecond / paced.PacedOff.PerSecond, "≥ 0.9");
        Machine.Row("– time of a request of 5,000, ms, median", engine, paced.PacedOn.Milliseconds, paced.PacedOff.Milliseconds, paced.PacedOn.Milliseconds / paced.PacedOff.Milliseconds, "");
        Machine.Row("– processor of the server, % of one core", engine, paced.PacedOn.Processor, paced.PacedOff.Processor, paced.PacedOn.Processor / paced.PacedOff.Processor, "");
        Machine.Row("an alert seen after its Observation was acknowledged, ms: p50 / p99 / most", engine, string.Create(CultureInfo.InvariantCulture, $"{alerts[alerts.Count / 2]:N0} / {alerts[(int)(alerts.Count * 0.99)]:N0} / {alerts[^1]:N0} of {alerts.Count}"), "", "", "p99 ≤ 1,000");
    }

    private static async Task Switch(HttpClient client, bool isOn)
    {
        foreach (var (id, signal, level) in Rules)
        {
            await Put(client, id, """{ "measure": "pm25", "unit": "u" }""", signal, level, isOn);
        }

        // The list of what is watched is made anew, and what stood is read.
        await Task.Delay(TimeSpan.FromSeconds(5));
    }

    private static async Task Put(HttpClient client, string id, string scope, string signal, string level, bool isOn)
    {
        var body = JsonNode.Parse($$"""
            {
              "rule": {
                "name": { "ko": "시험", "en": "Test" }, "owner": { "ko": "과", "en": "Division" }, "source": { "title": "bench" }, "from": "2020-01-01",
                "scope": {{scope}}, "each": "datastream", "signal": {{signal}}, "levels": [{{level}}]
              },
              "isOn": {{(isOn ? "true" : "false")}}
            }
            """);
        using var answer = await client.PutAsJsonAsync("api/rules/" + id, body);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"rule {id}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    /// <summary>One alert after the other, as long as it lasts: how long after the answer to its Observation each is seen.</summary>
    private static async Task Probe(HttpClient client, long probe, TimeSpan time, List<double> seen)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < time && seen.Count < Probes * Rounds)
        {
            seen.Add(await Tell(client, probe, 60));
        }
    }

    /// <summary>Sends a high reading and waits for its alert, then a low one and waits until it is lifted; answers the longer of both in milliseconds.</summary>
    private static async Task<double> Tell(HttpClient client, long probe, int patience)
    {
        var most = 0.0;
        foreach (var (value, isOpen) in ((int, bool)[])[(2_000, true), (10, false)])
        {
            var json = string.Create(CultureInfo.InvariantCulture, $$"""{"phenomenonTime":"{{TimeProvider.System.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}}","result":{{value}}}""");
            using var answer = await client.PostAsync($"sta/v1.1/Datastreams({probe})/Observations", new StringContent(json, Encoding.UTF8, "application/json"));
            answer.EnsureSuccessStatusCode();
            var clock = Stopwatch.StartNew();
            while ((await client.GetFromJsonAsync<JsonNode>("api/alerts?rule=bench-probe&state=open"))!["value"]!.AsArray().Count > 0 != isOpen)
            {
                if (clock.Elapsed.TotalSeconds > patience)
                {
                    throw new TimeoutException($"an alert is not told within {patience} s");
                }

                await Task.Delay(5);
            }

            most = Math.Max(most, clock.Elapsed.TotalMilliseconds);
        }

        return most;
    }

    /// <summary>What a stretch of sending came to.</summary>
    private sealed record Sent(double PerSecond, double Milliseconds, double Processor);

    /// <summary>Sends dataArrays of readings of now, Datastream by Datastream.</summary>
    private sealed class Sender(Served city, long first, int datastreams)
    {
        private const int RowsOfEach = 5;

        private long next;

        public async Task<Sent> Run(int perSecond, TimeSpan time)
        {
            var rows = 0L;
            var times = new ConcurrentBag<double>();
            var processor = city.ProcessorTime;
            var clock = Stopwatch.StartNew();
            await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
            {
                using var client = new RawClient(city.Url);
                while (clock.Elapsed < time)
                {
                    var due = TimeSpan.FromSeconds((double)Interlocked.Add(ref rows, RowsPerRequest) / perSecond) - TimeSpan.FromSeconds((double)RowsPerRequest / perSecond);
                    if (due - clock.Elapsed is { Ticks: > 0 } wait)
                    {
                        await Task.Delay(wait);
                    }

                    var request = RawClient.Post(city.Url, "/sta/v1.1/CreateObservations", Body());
                    var began = clock.Elapsed;
                    if (await client.Send(request) is var status and not 201)
                    {
                        throw new InvalidOperationException($"answered {status}, not 201");
                    }

                    times.Add((clock.Elapsed - began).TotalMilliseconds);
                }
            })));
            var seconds = clock.Elapsed.TotalSeconds;
            return new Sent(rows / seconds, times.Order().ElementAt(times.Count / 2), (city.ProcessorTime - processor).TotalSeconds / seconds * 100);
        }

        private byte[] Body()
        {
            const int Each = RowsPerRequest / RowsOfEach;
            var from = Interlocked.Add(ref next, Each) - Each;
            var now = TimeProvider.System.GetUtcNow();
            var text = new StringBuilder("[");
            for (var index = from; index < from + Each; index++)
            {
                text.Append(index > from ? "," : "").Append(CultureInfo.InvariantCulture, $"{{\"Datastream\":{{\"@iot.id\":{first + (index % datastreams)}}},\"components\":[\"phenomenonTime\",\"result\"],\"dataArray\":[");
                for (var row = 0; row < RowsOfEach; row++)
                {
                    text.Append(row > 0 ? "," : "").Append(CultureInfo.InvariantCulture, $"[\"{now.AddMilliseconds(row - RowsOfEach):yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}\",{Math.Round(20 + (15 * Math.Sin((index + row) * 0.37)), 1)}]");
                }

                text.Append("]}");
            }

            return Encoding.UTF8.GetBytes(text.Append(']').ToString());
        }
    }
}
