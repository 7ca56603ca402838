using System.Globalization;
using Madang.Kernel;
using Madang.Operations.Rules;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Operations.Door;

/// <summary>/api/duty and /api/maintenance: who is on duty, and what work is done on.</summary>
internal static class DutyRoutes
{
    /// <summary>A page of windows; next is the address of the page after it, null on the last.</summary>
    public sealed record WindowPage(IReadOnlyList<MaintenanceWindow> Value, string? Next);

    /// <summary>Work that begins now, unless it says when.</summary>
    public sealed record BeginRequest(MaintenanceScope Scope, DateTimeOffset Until, DateTimeOffset? From = null, string? Reason = null);

    internal static async Task<Ok<IReadOnlyList<DutyNow>>> Now(DutyDesk desk, string? at, CancellationToken cancel) => TypedResults.Ok(await desk.At(Moment(at, "at"), cancel));

    internal static async Task<Ok<IReadOnlyList<DutyRoster>>> Rosters(DutyDesk desk, CancellationToken cancel) => TypedResults.Ok(await desk.List(cancel));

    internal static async Task<Results<Ok<DutyRoster>, NotFound>> Roster(string id, HttpResponse response, DutyDesk desk, CancellationToken cancel) => await desk.Find(id, cancel) is { } roster ? Tagged(response, roster) : TypedResults.NotFound();

    internal static async Task<Ok<DutyRoster>> Write(string id, HttpRequest request, DutyDesk desk, CancellationToken cancel) =>
        Tagged(request.HttpContext.Response, await desk.Write(id, await RuleForm.Read<DutyPlan>(request.Body, cancel), Known(request), cancel));

    internal static async Task<NoContent> Delete(string id, HttpRequest request, DutyDesk desk, CancellationToken cancel)
    {
        await desk.Delete(id, Known(request), cancel);
        return TypedResults.NoContent();
    }

    internal static async Task<Ok<WindowPage>> Windows(HttpRequest request, MaintenanceDesk desk, string? state, string? before, string? top, CancellationToken cancel)
    {
        var most = top is null ? 100 : Number(top, "top");
        var found = await desk.List(
            state switch { null or "open" => false, "over" => true, "all" => null, _ => throw new InvalidInputException("state", "is open, over or all") },
            before is null ? null : Number(before, "before"), (int)Math.Min(most, int.MaxValue), cancel);
        return TypedResults.Ok(new WindowPage(found, found.Count < most ? null : Next(request, state, found[^1].Id, most)));
    }

    internal static async Task<Created<MaintenanceWindow>> Begin(HttpRequest request, MaintenanceDesk desk, CancellationToken cancel)
    {
        var asked = await RuleForm.Read<BeginRequest>(request.Body, cancel);
        return TypedResults.Created((string?)null, await desk.Begin(asked.Scope, asked.From, asked.Until, asked.Reason, cancel));
    }

    internal static async Task<NoContent> End(long id, MaintenanceDesk desk, CancellationToken cancel)
    {
        await desk.End(id, cancel);
        return TypedResults.NoContent();
    }

    /// <summary>The address of the page that follows.</summary>
    internal static string Next(HttpRequest request, string? state, long before, long top) => request.Path + QueryString.Create(
        new[] { ("state", state), ("before", before.ToString(CultureInfo.InvariantCulture)), ("top", top.ToString(CultureInfo.InvariantCulture)) }
            .Where(each => each.Item2 is not null).Select(each => KeyValuePair.Create(each.Item1, each.Item2)));

    internal static long Number(string text, string field) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new InvalidInputException(field, "is a whole number");

    private static DateTimeOffset? Moment(string? text, string field) => text is null ? null : IsoTime.TryParse(text, out var at) ? at : throw new InvalidInputException(field, "is a moment with its zone, such as 2026-07-19T14:20:00+09:00");

    private static Ok<DutyRoster> Tagged(HttpResponse response, DutyRoster roster)
    {
        response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{roster.Version}\"");
        return TypedResults.Ok(roster);
    }

    /// <summary>The version that the caller has read, by If-Match (RFC 9110, 13.1.1); 0 where If-None-Match asks that there be none; null when he does not say.</summary>
    private static long? Known(HttpRequest request) => request.Headers.IfNoneMatch == "*" ? 0 : request.Headers.IfMatch.ToString() switch
    {
        "" or "*" => null,
        ['"', .. var version, '"'] when long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        _ => -1,
    };
}
