using Madang.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Sensing.Http;

/// <summary>/api/webhooks: addresses that are told of new Observations which meet a query.</summary>
internal static class WebhookRoutes
{
    /// <summary>A new webhook: what it is for, where it is told, and the query below the service root.</summary>
    public sealed record Request
    {
        /// <summary>What it is for.</summary>
        public string? Name { get; init; }

        /// <summary>An https address.</summary>
        public string? Url { get; init; }

        /// <summary><c>Observations?$filter=…</c> or <c>Datastreams(5)/Observations?…</c>.</summary>
        public string? Query { get; init; }
    }

    /// <summary>Whether it is told of anything.</summary>
    public sealed record SwitchRequest
    {
        /// <summary>True to switch it on.</summary>
        public bool? On { get; init; }
    }

    /// <summary>A webhook; state is on, off or failing.</summary>
    public sealed record Hook(long Id, string Name, string Url, string Query, string State, long Waiting, long Delivered, long Dropped, string? LastAt, string? LastOutcome, string MadeAt);

    /// <summary>The number of a new webhook, and the secret its messages are signed with: the only time it is told.</summary>
    public sealed record Made(long Id, string Secret);

    internal static async Task<Ok<IReadOnlyList<Hook>>> List(WebhookDesk desk, CancellationToken cancel) =>
        TypedResults.Ok<IReadOnlyList<Hook>>(
        [
            .. (await desk.List(cancel)).Select(hook => new Hook(
                hook.Id, hook.Name, hook.Url, hook.Query, hook.State switch { WebhookState.On => "on", WebhookState.Off => "off", _ => "failing" }, hook.Waiting, hook.Delivered, hook.Dropped,
                hook.LastAt is { } at ? IsoTime.Write(at) : null, hook.LastOutcome, IsoTime.Write(hook.MadeAt))),
        ]);

    internal static async Task<Created<Made>> Make(Request request, WebhookDesk desk, CancellationToken cancel)
    {
        var (id, secret) = await desk.Make(request.Name, request.Url, request.Query, cancel);
        return TypedResults.Created((string?)null, new Made(id, secret));
    }

    internal static async Task<NoContent> Switch(long id, SwitchRequest request, WebhookDesk desk, CancellationToken cancel)
    {
        await desk.Switch(id, request.On ?? throw new InvalidInputException("on", "is required: true or false"), cancel);
        return TypedResults.NoContent();
    }

    internal static async Task<NoContent> Delete(long id, WebhookDesk desk, CancellationToken cancel)
    {
        await desk.Delete(id, cancel);
        return TypedResults.NoContent();
    }
}
