using Madang.Kernel;
using Madang.Operations.Live;
using Madang.Trust;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Madang.Operations.Door;

/// <summary>
/// Server-sent events: <c>snapshot</c> first, then <c>change</c>. A viewer has no queue: when it is ready for more it gets
/// the difference between what it has and what is newest, however many snapshots lie between. The bytes of a step are made
/// once and shared by every viewer that takes it.
/// </summary>
internal sealed class StreamCity(CityNow city, TimeProvider clock, IHostApplicationLifetime life, IOptions<OperationsOptions> options)
{
    /// <summary>The most viewers of one server.</summary>
    public const int MaxViewers = 5_000;

    private const int MostTexts = 256;
    private const long MostBytes = 32 << 20;

    /// <summary>How long the line may be quiet; proxies cut quiet lines after 30 or 60 seconds.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    private readonly Viewers viewers = new(MaxViewers, options.Value.ViewersPerAddress);
    private readonly SharedTexts<TextKey> texts = new(MostTexts, MostBytes);

    /// <param name="data">real, simulated, or nothing for the one that is preferred now.</param>
    /// <param name="measure">The code of the measure whose values stations carry.</param>
    /// <param name="since">The id of the snapshot the viewer has already, with the same measure.</param>
    /// <param name="desk">This desk.</param>
    /// <param name="context">The request.</param>
    internal static async Task Handle(string? data, string? measure, string? since, StreamCity desk, HttpContext context)
    {
        var wish = new Wish(Words.ReadData(data), Words.ReadMeasure(measure));
        var address = CallerAddress.Find(context.Connection.RemoteIpAddress);
        desk.viewers.Enter(address);
        try
        {
            await desk.Serve(wish, context.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } header ? header : since, context);
        }
        finally
        {
            desk.viewers.Leave(address);
        }
    }

    private async Task Serve(Wish wish, string? seen, HttpContext context)
    {
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, life.ApplicationStopping);
        var line = new EventLine(context, clock);
        try
        {
            // Only the id is kept between events, so that a slow viewer does not keep old snapshots alive.
            for (var opened = false; !ending.IsCancellationRequested; opened = true)
            {
                var (text, id) = await Next(wish, seen, opened, ending.Token);
                if (!await line.Send(text, ending.Token))
                {
                    return;
                }

                seen = id;
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The viewer left, or the server stops: the end of a stream.
        }
    }

    /// <summary>The next event. The first opens the line at once, also when the viewer has all there is.</summary>
    private async ValueTask<(byte[] Text, string Id)> Next(Wish wish, string? seen, bool opened, CancellationToken cancel)
    {
        var quiet = clock.GetTimestamp();
        while (true)
        {
            var next = city.Next();
            var now = await city.ReadEdition(wish.Data, cancel);
            if (now.Id != seen)
            {
                return (await Step(wish, seen, now, cancel), now.Id);
            }

            if (!opened || !await Wait(next, Beat - clock.GetElapsedTime(quiet), cancel))
            {
                return (EventText.Beat(now.Id), now.Id);
            }
        }
    }

    private Task<byte[]> Step(Wish wish, string? seen, Edition now, CancellationToken cancel)
    {
        var measure = wish.Measure is null ? "" : "." + now.Fold(wish.Measure);
        return city.FindRecent(seen) is { } before && before.Snapshot.Data == now.Snapshot.Data
            ? texts.Get(new("change", before.Id, now.Id, measure), () => Task.FromResult(EventText.Change(before, now, wish.Measure)), cancel)
            : texts.Get(new("snapshot", "", now.Id, measure), () => Task.FromResult(EventText.Snapshot(now, wish.Measure)), cancel);
    }

    /// <summary>False when nothing came in time.</summary>
    private async Task<bool> Wait(Task next, TimeSpan atMost, CancellationToken cancel)
    {
        if (atMost <= TimeSpan.Zero)
        {
            return false;
        }

        try
        {
            await next.WaitAsync(atMost, clock, cancel);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>What a viewer wants to see.</summary>
    private sealed record Wish(CityData? Data, string? Measure);
}
