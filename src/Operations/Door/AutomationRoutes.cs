using Madang.Operations.Rules;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Operations.Door;

/// <summary>/api/automations: what the city does by itself, what came of it, and changes of it.</summary>
internal static class AutomationRoutes
{
    /// <summary>An automation that is in force, or waits to be, with its words.</summary>
    public sealed record AutomationAnswer(string Id, int Revision, bool IsOn, RuleReview State, RuleText Says, Automation Automation, DateTimeOffset MadeAt, DateTimeOffset? InForceAt)
    {
        public string? MadeBy { get; init; }

        public string? ReviewedBy { get; init; }

        public DateTimeOffset? ReviewedAt { get; init; }

        public string? Note { get; init; }

        /// <summary>The revision that waits for a second person; null when none does.</summary>
        public int? Proposed { get; init; }

        /// <summary>When it paused itself, because it ran too often; null while it does not.</summary>
        public DateTimeOffset? PausedAt { get; init; }
    }

    /// <summary>An automation as it is to be; off unless it says otherwise.</summary>
    public sealed record AutomationRequest(Automation Automation, bool IsOn = false);

    /// <summary>A page of runs; next is the address of the page after it, null on the last.</summary>
    public sealed record RunPage(IReadOnlyList<AutomationRun> Value, string? Next);

    internal static async Task<IReadOnlyList<AutomationAnswer>> List(AutomationBook book, CancellationToken cancel) => [.. (await book.List(cancel)).Select(Told)];

    internal static async Task<Results<Ok<AutomationAnswer>, NotFound>> Get(string id, AutomationBook book, CancellationToken cancel) =>
        await book.Find(id, cancel) is { } known ? TypedResults.Ok(Told(known)) : TypedResults.NotFound();

    internal static async Task<Results<Ok<IReadOnlyList<AutomationAnswer>>, NotFound>> Revisions(string id, AutomationBook book, CancellationToken cancel) =>
        await book.ListRevisions(id, cancel) is { Count: > 0 } revisions ? TypedResults.Ok<IReadOnlyList<AutomationAnswer>>([.. revisions.Select(Told)]) : TypedResults.NotFound();

    /// <summary>200 when it is in force, 202 when it waits for a second person.</summary>
    internal static async Task<Results<Ok<AutomationAnswer>, Accepted<AutomationAnswer>>> Write(string id, HttpRequest request, AutomationBook book, CancellationToken cancel)
    {
        var asked = await RuleForm.Read<AutomationRequest>(request.Body, cancel);
        var written = await book.Write(id, asked.Automation, asked.IsOn, cancel);
        return written.State == RuleReview.Proposed ? TypedResults.Accepted((string?)null, Told(written)) : TypedResults.Ok(Told(written));
    }

    internal static async Task<Ok<AutomationAnswer>> Review(string id, int revision, HttpRequest request, AutomationBook book, CancellationToken cancel)
    {
        var asked = await RuleForm.Read<RuleRoutes.ReviewRequest>(request.Body, cancel);
        return TypedResults.Ok(Told(await book.Review(id, revision, asked.Approve, asked.Note, cancel)));
    }

    internal static async Task<Ok<AutomationRun>> Try(string id, AutomationDesk desk, CancellationToken cancel) => TypedResults.Ok(await desk.Try(id, cancel));

    internal static async Task<Ok<RunPage>> Runs(string id, HttpRequest request, AutomationDesk desk, string? top, string? before, CancellationToken cancel)
    {
        var most = Asked.Top(top);
        var found = await desk.ListRuns(id, Asked.Number(before, "before"), most, cancel);
        return TypedResults.Ok(new RunPage(found, Asked.Next(request, found.Count, most, found.Count == 0 ? null : found[^1].Id)));
    }

    internal static async Task<NoContent> Undo(string id, long run, AutomationDesk desk, CancellationToken cancel)
    {
        await desk.Undo(id, run, cancel);
        return TypedResults.NoContent();
    }

    internal static async Task<Results<Ok<CityReport>, NotFound>> Report(long report, AutomationDesk desk, CancellationToken cancel) =>
        await desk.FindReport(report, cancel) is { } found ? TypedResults.Ok(found) : TypedResults.NotFound();

    internal static async Task<Ok<IReadOnlyList<CityNotice>>> Notices(AlertBoard board, string? data, CancellationToken cancel) =>
        TypedResults.Ok((await board.Read(Asked.Data(data) ?? CityData.Real, cancel)).Notices);

    private static AutomationAnswer Told(KnownAutomation known) => Told((known.InForce ?? known.Proposed)!) with { Proposed = known.Proposed?.Revision, PausedAt = known.PausedAt };

    private static AutomationAnswer Told(AutomationRevision revision) => new(revision.Id, revision.Revision, revision.IsOn, revision.State, AutomationBook.Say(revision.Automation), revision.Automation, revision.MadeAt, revision.InForceAt)
    {
        MadeBy = revision.MadeBy, ReviewedBy = revision.ReviewedBy, ReviewedAt = revision.ReviewedAt, Note = revision.Note,
    };
}
