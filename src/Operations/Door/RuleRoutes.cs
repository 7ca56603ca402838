using Madang.Operations.Rules;
using Madang.Trust;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Operations.Door;

/// <summary>/api/rules: what rules there are, what one would have done, and changes of them.</summary>
internal static class RuleRoutes
{
    /// <summary>A rule that is in force, or waits to be, with its words. Who wrote and reviewed it is told those who may change rules.</summary>
    public sealed record RuleAnswer(string Id, int Revision, bool IsOn, RuleReview State, RuleText Says, Rule Rule, DateTimeOffset MadeAt, DateTimeOffset? InForceAt)
    {
        public string? MadeBy { get; init; }

        public string? ReviewedBy { get; init; }

        public DateTimeOffset? ReviewedAt { get; init; }

        public string? Note { get; init; }

        /// <summary>The revision that waits for a second person; null when none does.</summary>
        public int? Proposed { get; init; }
    }

    /// <summary>What is to be tried, over which time.</summary>
    public sealed record TryRequest(Rule Rule, DateTimeOffset From, DateTimeOffset To);

    /// <summary>A rule as it is to be; on unless it says otherwise.</summary>
    public sealed record WriteRequest(Rule Rule, bool IsOn = true);

    /// <summary>What a second person says of a change.</summary>
    public sealed record ReviewRequest(bool Approve, string? Note = null);

    internal static async Task<IReadOnlyList<RuleAnswer>> List(RuleBook book, CancellationToken cancel) => [.. (await book.List(cancel)).Select(Told).OfType<RuleAnswer>()];

    internal static async Task<Results<Ok<RuleAnswer>, NotFound>> Get(string id, RuleBook book, CancellationToken cancel) =>
        await book.Find(id, cancel) is { } known && Told(known) is { } told ? TypedResults.Ok(told) : TypedResults.NotFound();

    internal static async Task<Results<Ok<IReadOnlyList<RuleAnswer>>, NotFound>> Revisions(string id, RuleBook book, CancellationToken cancel) =>
        await book.ListRevisions(id, cancel) is { Count: > 0 } revisions ? TypedResults.Ok<IReadOnlyList<RuleAnswer>>([.. revisions.Select(Told)]) : TypedResults.NotFound();

    /// <summary>200 when it is in force, 202 when it waits for a second person.</summary>
    internal static async Task<Results<Ok<RuleAnswer>, Accepted<RuleAnswer>>> Write(string id, HttpRequest request, RuleBook book, CancellationToken cancel)
    {
        var asked = await RuleForm.Read<WriteRequest>(request.Body, cancel);
        var written = await book.Write(id, asked.Rule, asked.IsOn, cancel);
        return written.State == RuleReview.Proposed ? TypedResults.Accepted((string?)null, Told(written)) : TypedResults.Ok(Told(written));
    }

    internal static async Task<Ok<RuleAnswer>> Review(string id, int revision, HttpRequest request, RuleBook book, CancellationToken cancel)
    {
        var asked = await RuleForm.Read<ReviewRequest>(request.Body, cancel);
        return TypedResults.Ok(Told(await book.Review(id, revision, asked.Approve, asked.Note, cancel)));
    }

    internal static async Task<Ok<RuleTrial>> Try(HttpRequest request, RuleDesk desk, CancellationToken cancel)
    {
        var asked = await RuleForm.Read<TryRequest>(request.Body, cancel);
        return TypedResults.Ok(await desk.Try(asked.Rule, asked.From, asked.To, cancel));
    }

    /// <summary>What was never in force is shown to those who may change rules.</summary>
    private static RuleAnswer? Told(KnownRule known) =>
        known.InForce is { } force ? Told(force) with { Proposed = Knows ? known.Proposed?.Revision : null } : known.Proposed is { } proposed && Knows ? Told(proposed) with { Proposed = proposed.Revision } : null;

    private static RuleAnswer Told(RuleRevision revision)
    {
        var told = new RuleAnswer(revision.Id, revision.Revision, revision.IsOn, revision.State, RuleDesk.Say(revision.Rule), revision.Rule, revision.MadeAt, revision.InForceAt);
        return Knows ? told with { MadeBy = revision.MadeBy, ReviewedBy = revision.ReviewedBy, ReviewedAt = revision.ReviewedAt, Note = revision.Note } : told;
    }

    private static bool Knows => Caller.Current.MaySomewhere(Act.Write, Kinds.Rule);
}
