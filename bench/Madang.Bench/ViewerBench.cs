using System.Diagnostics;
using System.Globalization;

namespace Madang.Bench;

/// <summary>What live viewers cost the server while the demo runs, and how soon each of them has what is new.</summary>
internal static class ViewerBench
{
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(30);

    public static async Task<int> Run(Arguments arguments)
    {
        Machine.Describe("./madang bench viewers");
        var (viewers, seconds) = (arguments.Number("--viewers", 1_000), TimeSpan.FromSeconds(arguments.Number("--seconds", 60)));
        var folder = Directory.CreateTempSubdirectory("madang-bench-").FullName;
        try
        {
            await using var city = await Served.Demo("--data", folder);
            await UntilFilled(city.Url);
            var one = await Watch(city, 1, seconds);
            var many = await Watch(city, viewers, seconds);
            Report(one, many);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    /// <summary>The demo first fills in its last day; what that costs is no cost of viewers.</summary>
    private static async Task UntilFilled(Uri url)
    {
        using var client = new HttpClient { BaseAddress = url };
        var patience = Stopwatch.StartNew();
        while (true)
        {
            var day = System.Text.Json.JsonDocument.Parse(await client.GetStringAsync("/api/city/day?data=simulated")).RootElement;
            var known = day.GetProperty("measures").GetProperty("pm25").GetProperty("city").EnumerateArray().Count(value => value.ValueKind == System.Text.Json.JsonValueKind.Number);
            if (known >= 143)
            {
                break;
            }

            if (patience.Elapsed > TimeSpan.FromMinutes(5))
            {
                throw new TimeoutException($"the demo has filled in only {known} steps of its day");
            }

            await Task.Delay(1_000);
        }

        await Task.Delay(Warm);
    }

    private static async Task<Watched> Watch(Served city, int viewers, TimeSpan time)
    {
        using var stop = new CancellationTokenSource();
        var lines = Enumerable.Range(0, viewers).Select(_ => new LiveLine(city.Url)).ToList();
        try
        {
            var watching = Task.WhenAll(lines.Select(line => line.Watch(stop.Token)));
            while (lines.Exists(line => !line.Opened) && !watching.IsCompleted)
            {
                await Task.Delay(100);
            }

            // What comes while lines are opened is not delivery to all.
            await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds(5)), watching);
            var (from, processor, bytes) = (Stopwatch.GetTimestamp(), city.ProcessorTime, lines.Sum(line => line.Bytes));
            await Task.WhenAny(Task.Delay(time), watching);
            var until = Stopwatch.GetTimestamp();
            var watched = new Watched(viewers, Stopwatch.GetElapsedTime(from, until), city.ProcessorTime - processor, city.ResidentMegabytes, lines.Sum(line => line.Bytes) - bytes, Delays(lines, from, until), Ages(lines, from, until));
            await stop.CancelAsync();
            await watching;
            return watched;
        }
        finally
        {
            lines.ForEach(line => line.Dispose());
        }
    }

    /// <summary>Milliseconds from the first viewer that has an event to each viewer that has it.</summary>
    private static double[] Delays(List<LiveLine> lines, long from, long until)
    {
        var arrivals = lines.SelectMany(line => line.Changes).Where(change => change.At >= from && change.At < until).ToLookup(change => change.Id, change => change.At);
        return [.. arrivals.SelectMany(event_ => event_.Select(at => Stopwatch.GetElapsedTime(event_.Min(), at).TotalMilliseconds)).Order()];
    }

    /// <summary>Milliseconds from the moment the server received the newest reading to each viewer that has the event it is in; one clock, since both run here.</summary>
    private static double[] Ages(List<LiveLine> lines, long from, long until) =>
        [.. lines.SelectMany(line => line.Changes).Where(change => change.At >= from && change.At < until && change.Received is not null).Select(change => (change.Wall - change.Received!.Value).TotalMilliseconds).Order()];

    private static void Report(Watched one, Watched many)
    {
        Machine.Row("what", $"{one.Viewers} viewer (baseline)", $"{many.Viewers:N0} viewers", "a viewer more", "asked");
        Machine.Row("---", "---:", "---:", "---:", "---");
        Machine.Row("an event after its first viewer, ms: p50 / p99 / most", Three(one.Delays), Three(many.Delays), "", "p99 ≤ 1,000");
        Machine.Row("an event after the server received its newest reading, ms: p50 / p99 / most", Three(one.Ages), Three(many.Ages), "", "");
        Machine.Row("events a viewer", one.Delays.Length / (double)one.Viewers, many.Delays.Length / (double)many.Viewers, "", "");
        Machine.Row("processor of the server, % of one core", one.Processor, many.Processor, Text((many.Processor - one.Processor) / (many.Viewers - one.Viewers), "0.0000"), "");
        Machine.Row("resident memory of the server, MiB", one.Megabytes, many.Megabytes, Text((many.Megabytes - one.Megabytes) * 1024 / (many.Viewers - one.Viewers), "0.0") + " KiB", "");
        Machine.Row("sent, KiB/s", one.KibibytesPerSecond, many.KibibytesPerSecond, Text((many.KibibytesPerSecond - one.KibibytesPerSecond) / (many.Viewers - one.Viewers), "0.00"), "");
    }

    private static string Three(double[] sorted) => sorted.Length == 0 ? "none" : string.Join(" / ", Text(sorted[sorted.Length / 2], "N0"), Text(sorted[(int)(sorted.Length * 0.99)], "N0"), Text(sorted[^1], "N0"));

    private static string Text(double number, string form) => number.ToString(form, CultureInfo.InvariantCulture);

    private sealed record Watched(int Viewers, TimeSpan Time, TimeSpan ProcessorTime, double Megabytes, long Bytes, double[] Delays, double[] Ages)
    {
        public double Processor => 100 * ProcessorTime / Time;

        public double KibibytesPerSecond => Bytes / 1024.0 / Time.TotalSeconds;
    }
}
