using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Trust.Door;

/// <summary><c>/api/providers</c> and <c>/api/keys</c>.</summary>
internal static class ProviderRoutes
{
    /// <summary>A new provider or project, or what it is from now on.</summary>
    public sealed record Body(string? Code, string? Name, string? Description, long? Department, long? Parent, bool? IsPublic);

    /// <summary>A new key. Without a provider it is one of the whole city.</summary>
    public sealed record KeyBody(string? Name, long? Provider, IReadOnlyList<string>? Scopes, int? PerSecond, int? PerDay, DateTimeOffset? ExpiresAt);

    /// <summary>How long the old key works beside the new one.</summary>
    public sealed record RotateBody(double? OverlapHours);

    internal static IReadOnlyList<Provider> List(Providers providers) => providers.List();

    internal static async Task<Created<Provider>> Make(Body body, Providers providers, CancellationToken cancel)
    {
        var made = await providers.Make(body.Code, body.Name, body.Description, body.Department, body.Parent, body.IsPublic ?? true, cancel);
        return TypedResults.Created($"/api/providers/{made.Id}", made);
    }

    internal static Task<Provider> Change(long id, Body body, Providers providers, CancellationToken cancel) => providers.Change(id, body.Name, body.Description, body.IsPublic, cancel);

    internal static Task<Provider> Close(long id, Providers providers, CancellationToken cancel) => providers.Close(id, cancel);

    internal static Task<IReadOnlyList<DeviceKey>> ListKeys(string? provider, DeviceKeys keys, CancellationToken cancel) => keys.List(QueryText.Number("provider", provider), cancel);

    internal static async Task<Created<NewKey>> MakeKey(KeyBody body, DeviceKeys keys, HttpResponse response, CancellationToken cancel)
    {
        var made = await keys.Make(body.Name, body.Provider, body.Scopes, body.PerSecond ?? 0, body.PerDay ?? 0, body.ExpiresAt, cancel);
        return Secret(made, response);
    }

    internal static async Task<Created<NewKey>> Rotate(string id, RotateBody? body, DeviceKeys keys, HttpResponse response, CancellationToken cancel) =>
        Secret(await keys.Rotate(id, body?.OverlapHours is { } hours ? TimeSpan.FromHours(double.IsFinite(hours) && Math.Abs(hours) < 1e6 ? hours : -1) : null, cancel), response);

    internal static async Task<NoContent> Revoke(string id, DeviceKeys keys, CancellationToken cancel)
    {
        await keys.Revoke(id, cancel);
        return TypedResults.NoContent();
    }

    /// <summary>What tells a secret is kept nowhere on the way.</summary>
    private static Created<NewKey> Secret(NewKey made, HttpResponse response)
    {
        response.Headers.CacheControl = "no-store";
        return TypedResults.Created($"/api/keys/{made.Key.Id}", made);
    }
}
