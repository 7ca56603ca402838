using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Trust.Door;

/// <summary><c>/api/limits</c>: how often addresses, accounts and keys may ask.</summary>
internal static class LimitRoutes
{
    /// <summary>A limit; without a subject for everybody of the kind, without a burst ten seconds' worth.</summary>
    public sealed record Body(string? Kind, string? Subject, int? PerSecond, int? Burst, string? Note);

    internal static IReadOnlyList<Limit> List(Limits limits) => limits.List();

    internal static Task<Limit> Set(Body body, Limits limits, CancellationToken cancel) => limits.Set(body.Kind, body.Subject, body.PerSecond, body.Burst, body.Note, cancel);

    internal static async Task<NoContent> End(long id, Limits limits, CancellationToken cancel)
    {
        await limits.End(id, cancel);
        return TypedResults.NoContent();
    }
}
