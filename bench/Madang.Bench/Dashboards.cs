using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Madang.Bench;

/// <summary>Readers in front of their dashboards: each asks one thing a second, the same questions in turn about different sensors.</summary>
internal sealed class Dashboards : IAsyncDisposable
{
    private const int Sensors = 500;

    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource stop = new();
    private readonly (string Kind, string Address)[] questions;
    private readonly Task reading;
    private ConcurrentQueue<(string Kind, double Milliseconds)> times = new();

    private Dashboards(Uri url, int readers, (string Kind, string Address)[] questions)
    {
        this.questions = questions;
        reading = Task.WhenAll(Enumerable.Range(0, readers).Select(reader => Task.Run(() => Read(url, reader, readers))));
    }

    /// <summary>Readers of a city that has at least this many sensors, whose names these are.</summary>
    public static async Task<Dashboards> Open(HttpClient client, SdotNetwork network, int readers)
    {
        var questions = new List<(string, string)>();
        for (var number = 0; number < Sensors; number++)
        {
            var serial = network.Serial((int)(number * 7919L % network.Count));
            using var found = JsonDocument.Parse(await client.GetStringAsync($"api/city/sensors?q={serial}"));
            if (found.RootElement.GetProperty("sensors").EnumerateArray().FirstOrDefault() is not { ValueKind: JsonValueKind.Object } sensor)
            {
                // It has been silent till now.
                continue;
            }

            var id = sensor.GetProperty("thing").GetInt64();
            using var streams = JsonDocument.Parse(await client.GetStringAsync(string.Create(CultureInfo.InvariantCulture, $"sta/v1.1/Things({id})/Datastreams?$select=id")));
            var stream = streams.RootElement.GetProperty("value")[0].GetProperty("@iot.id").GetInt64();
            questions.AddRange(
            [
                ("a sensor with the latest of its Datastreams", string.Create(CultureInfo.InvariantCulture, $"/sta/v1.1/Things({id})?$expand=Datastreams($expand=Observations($orderby=phenomenonTime%20desc;$top=1))")),
                ("last 100 of a Datastream", string.Create(CultureInfo.InvariantCulture, $"/sta/v1.1/Datastreams({stream})/Observations?$orderby=phenomenonTime%20desc&$top=100")),
                ("means by hour of a Datastream", string.Create(CultureInfo.InvariantCulture, $"/sta/v1.1/Datastreams({stream})/Observations?$apply=groupby((bucket(phenomenonTime,PT1H)),aggregate(result%20with%20average%20as%20mean))")),
                ("the city now", "/api/city/now"),
                ("a sensor by its name", $"/api/city/sensors?q={serial}"),
                ("the front page", "/"),
                ("the page of a sensor", string.Create(CultureInfo.InvariantCulture, $"/sensors/{id}")),
            ]);
        }

        return new Dashboards(client.BaseAddress!, readers, [.. questions]);
    }

    /// <summary>What the reads since the last call took, in milliseconds from quick to slow, by the kind of question.</summary>
    public ILookup<string, double> Take() => Interlocked.Exchange(ref times, new()).OrderBy(each => each.Milliseconds).ToLookup(each => each.Kind, each => each.Milliseconds);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await reading;
        stop.Dispose();
    }

    private async Task Read(Uri url, int reader, int readers)
    {
        using var client = new RawClient(url);
        var clock = Stopwatch.StartNew();
        var due = Between * reader / readers;
        for (var asked = reader; !stop.IsCancellationRequested; asked += readers)
        {
            if (due - clock.Elapsed is { Ticks: > 0 } wait)
            {
                await Task.Delay(wait, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            var (kind, address) = questions[asked % questions.Length];
            var from = Stopwatch.GetTimestamp();
            int status;
            try
            {
                status = await client.Send(RawClient.Get(url, address));
            }
            catch (IOException broken)
            {
                throw new IOException($"{address} after {clock.Elapsed}", broken);
            }

            times.Enqueue((kind, Stopwatch.GetElapsedTime(from).TotalMilliseconds));
            if (status != 200)
            {
                throw new InvalidOperationException($"{address} answered {status}");
            }

            due += Between;
        }
    }
}
