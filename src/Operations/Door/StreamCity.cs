using System.Collections.Concurrent;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Madang.Operations.Live;
using Madang.Trust;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Madang.Operations.Door;

/// <summary>
/// Server-sent events: <c>snapshot</c> first, then <c>change</c>. A viewer has no queue: when it is ready for more it gets
/// the difference between what it has and what is newest, however many snapshots lie between.
/// </summary>
internal sealed class StreamCity(CityNow city, TimeProvider clock, IHostApplicationLifetime life, IOptions<OperationsOptions> options)
{
    /// <summary>The most viewers of one server.</summary>
    public const int MaxViewers = 5_000;

    /// <summary>How long the line may be quiet; proxies cut quiet lines after 30 or 60 seconds.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    private const int MaxTexts = 64;

    private readonly Viewers viewers = new(MaxViewers, options.Value.ViewersPerAddress);
    private readonly ConcurrentDictionary<(string From, string To), Lazy<string>> texts = new();

    /// <param name="data">real, simulated, or nothing for the one that is preferred now.</param>
    /// <param name="since">The id of the snapshot the viewer has already.</param>
    /// <param name="desk">This desk.</param>
    /// <param name="context">The request.</param>
    internal static ServerSentEventsResult<string> Handle(string? data, string? since, StreamCity desk, HttpContext context)
    {
        var wanted = ReadCity.Parse(data);
        var address = CallerAddress.Find(context.Connection.RemoteIpAddress);
        desk.viewers.Enter(address);
        context.Response.OnCompleted(() =>
        {
            desk.viewers.Leave(address);
            return Task.CompletedTask;
        });
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        var last = context.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } header ? header : since;
        return TypedResults.ServerSentEvents(desk.Follow(wanted, last, context.RequestAborted));
    }

    private async IAsyncEnumerable<SseItem<string>> Follow(CityData? wanted, string? last, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel, life.ApplicationStopping);
        var sent = city.FindRecent(last);
        var opened = false;
        while (!ending.IsCancellationRequested)
        {
            var next = city.Next();
            SseItem<string>? item;
            try
            {
                var now = await city.Read(wanted, ending.Token);
                item = sent is not { } before || before.Data != now.Data ? Item("snapshot", "", now.Id, () => now) : before.Id != now.Id ? Item("change", before.Id, now.Id, () => Changes.Between(before, now)) : null;
                sent = now;
                // The first event opens the line at once, also when the viewer has all there is.
                if (item is null && (!opened || !await Wait(next, ending.Token)))
                {
                    item = new SseItem<string>("", "beat") { EventId = now.Id };
                }
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                yield break;
            }

            if (item is { } ready)
            {
                opened = true;
                yield return ready;
            }
        }
    }

    /// <summary>False when nothing came for a beat.</summary>
    private async Task<bool> Wait(Task next, CancellationToken cancel)
    {
        try
        {
            await next.WaitAsync(Beat, clock, cancel);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>The text of a step from one snapshot to the next is made once and shared by every viewer that takes the step.</summary>
    private SseItem<string> Item<T>(string kind, string from, string id, Func<T> body)
    {
        if (texts.Count > MaxTexts)
        {
            texts.Clear();
        }

        var text = texts.GetOrAdd((from, id), _ => new Lazy<string>(() => JsonSerializer.Serialize(body(), ReadCity.Json)));
        return new SseItem<string>(text.Value, kind) { EventId = id, ReconnectionInterval = TimeSpan.FromSeconds(3) };
    }
}
