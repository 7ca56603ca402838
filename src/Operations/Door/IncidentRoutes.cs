using Madang.Kernel;
using Madang.Operations.Rules;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Operations.Door;

/// <summary>/api/incidents: what the city works on, and what it does about it.</summary>
internal static class IncidentRoutes
{
    /// <summary>A page of incidents; next is the address of the page after it, null on the last.</summary>
    public sealed record Page(IReadOnlyList<Incident> Value, string? Next);

    /// <summary>A stage that is entered; see <see cref="IncidentCourse.Enter"/>.</summary>
    public sealed record StageRequest(string Stage, DateTimeOffset? At = null, string? Reason = null);

    /// <summary>What is to be written down.</summary>
    public sealed record NoteRequest(string Note);

    /// <summary>An order: to whom, what, until when.</summary>
    public sealed record OrderRequest(string To, string Text, DateTimeOffset? DueAt = null);

    /// <summary>What is answered.</summary>
    public sealed record AnswerRequest(string Text);

    /// <summary>The alert's number.</summary>
    public sealed record LinkRequest(long Alert);

    /// <summary>The number of the incident it goes into.</summary>
    public sealed record MergeRequest(long Into);

    /// <summary>When it was closed, and a last word.</summary>
    public sealed record CloseRequest(DateTimeOffset? At = null, string? Note = null);

    /// <summary>Why.</summary>
    public sealed record ReasonRequest(string Reason);

    /// <summary>The number of what was made.</summary>
    public sealed record Made(long Id);

    /// <summary>The number of the order within its incident.</summary>
    public sealed record Ordered(int Order);

    internal static IReadOnlyList<IncidentKind> Kinds() => IncidentKind.All;

    internal static async Task<Ok<Page>> List(HttpRequest request, IncidentDesk desk, string? state, string? kind, string? district, string? data, string? top, string? before, CancellationToken cancel)
    {
        var query = new IncidentQuery
        {
            Open = state switch { null or "open" => true, "closed" => false, "all" => null, _ => throw new InvalidInputException("state", "is open, closed or all") },
            Kind = kind, District = district, Data = Asked.Data(data), Before = Asked.Number(before, "before"), Top = Asked.Top(top),
        };
        var found = await desk.List(query, cancel);
        return TypedResults.Ok(new Page(found, Asked.Next(request, found.Count, query.Top, found.Count == 0 ? null : found[^1].Id)));
    }

    internal static async Task<Results<Ok<IncidentStory>, NotFound>> Get(long id, IncidentDesk desk, CancellationToken cancel) =>
        await desk.FindStory(id, cancel) is { } story ? TypedResults.Ok(story) : TypedResults.NotFound();

    internal static async Task<Created<Made>> Open(HttpRequest request, IncidentDesk desk, CancellationToken cancel)
    {
        var id = await desk.Open(await RuleForm.Read<NewIncident>(request.Body, cancel), cancel);
        return TypedResults.Created(FormattableString.Invariant($"/api/incidents/{id}"), new Made(id));
    }

    internal static async Task<NoContent> Stage(long id, HttpRequest request, IncidentCourse course, CancellationToken cancel)
    {
        var asked = await RuleForm.Read<StageRequest>(request.Body, cancel);
        await course.Enter(id, asked.Stage, asked.At, asked.Reason, cancel);
        return TypedResults.NoContent();
    }

    internal static async Task<NoContent> Note(long id, HttpRequest request, IncidentDesk desk, CancellationToken cancel)
    {
        await desk.Note(id, (await RuleForm.Read<NoteRequest>(request.Body, cancel)).Note, cancel);
        return TypedResults.NoContent();
    }

    internal static async Task<Created<Ordered>> Order(long id, HttpRequest request, IncidentDesk desk, CancellationToken cancel)
    {
        var asked = await RuleForm.Read<OrderRequest>(request.Body, cancel);
        return TypedResults.Created((string?)null, new Ordered(await desk.Order(id, asked.To, asked.Text, asked.DueAt, cancel)));
    }

    internal static async Task<NoContent> Answer(long id, int order, HttpRequest request, IncidentDesk desk, CancellationToken cancel)
    {
        await desk.Answer(id, order, (await RuleForm.Read<AnswerRequest>(request.Body, cancel)).Text, cancel);
        return TypedResults.NoContent();
    }

    internal static async Task<NoContent> Link(long id, HttpRequest request, IncidentDesk desk, CancellationToken cancel)
    {
        await desk.Link(id, (await RuleForm.Read<LinkRequest>(request.Body, cancel)).Alert, cancel);
        return TypedResults.NoContent();
    }

    internal static async Task<NoContent> Merge(long id, HttpRequest request, IncidentCourse course, CancellationToken cancel)
    {
        await course.Merge(id, (await RuleForm.Read<MergeRequest>(request.Body, cancel)).Into, cancel);
        return TypedResults.NoContent();
    }

    internal static async Task<Created<Made>> Split(long id, HttpRequest request, IncidentDesk desk, CancellationToken cancel)
    {
        var part = await desk.Split(id, await RuleForm.Read<NewIncident>(request.Body, cancel), cancel);
        return TypedResults.Created(FormattableString.Invariant($"/api/incidents/{part}"), new Made(part));
    }

    internal static async Task<NoContent> Close(long id, HttpRequest request, IncidentCourse course, CancellationToken cancel)
    {
        var asked = await RuleForm.Read<CloseRequest>(request.Body, cancel);
        await course.Close(id, asked.At, asked.Note, cancel);
        return TypedResults.NoContent();
    }

    internal static async Task<NoContent> Reopen(long id, HttpRequest request, IncidentCourse course, CancellationToken cancel)
    {
        await course.Reopen(id, (await RuleForm.Read<ReasonRequest>(request.Body, cancel)).Reason, cancel);
        return TypedResults.NoContent();
    }

    /// <summary>201 when it was opened now, 200 when it was known.</summary>
    internal static async Task<Results<Created<DispatchReceipt>, Ok<DispatchReceipt>>> Dispatch(string system, string externalId, HttpRequest request, DispatchDesk desk, CancellationToken cancel)
    {
        var receipt = await desk.Take(system, externalId, await RuleForm.Read<DispatchReport>(request.Body, cancel), cancel);
        return receipt.IsNew ? TypedResults.Created(FormattableString.Invariant($"/api/incidents/{receipt.Id}"), receipt) : TypedResults.Ok(receipt);
    }

    internal static async Task<Results<Ok<CallList>, NotFound>> Calls(long id, CallListDesk desk, CancellationToken cancel) =>
        await desk.Find(id, cancel) is { } list ? TypedResults.Ok(list) : TypedResults.NotFound();
}
