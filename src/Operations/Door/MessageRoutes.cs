using Madang.Kernel;
using Madang.Operations.Rules;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Operations.Door;

/// <summary>/api/messages: who was told what and when, and whom to tell.</summary>
internal static class MessageRoutes
{
    /// <summary>A page of messages; next is the address of the page after it, null on the last.</summary>
    public sealed record Page(IReadOnlyList<Message> Value, string? Next);

    /// <summary>A contact that was made. The secret signs the calls to it and is told this once.</summary>
    public sealed record Made(long Id, string? Secret);

    internal static async Task<Ok<Page>> List(HttpRequest request, MessageDesk desk, string? state, string? before, string? top, CancellationToken cancel)
    {
        var query = new MessageQuery
        {
            State = state switch
            {
                null or "all" => null, "waiting" => MessageState.Waiting, "sent" => MessageState.Sent, "failed" => MessageState.Failed, "superseded" => MessageState.Superseded, _ => throw new InvalidInputException("state", "is waiting, sent, failed, superseded or all"),
            },
            Before = before is null ? null : DutyRoutes.Number(before, "before"), Top = top is null ? 100 : (int)Math.Min(DutyRoutes.Number(top, "top"), int.MaxValue),
        };
        var found = await desk.List(query, cancel);
        return TypedResults.Ok(new Page(found, found.Count < query.Top ? null : DutyRoutes.Next(request, state, found[^1].Id, query.Top)));
    }

    internal static async Task<NoContent> Retry(long id, MessageDesk desk, CancellationToken cancel)
    {
        await desk.Retry(id, cancel);
        return TypedResults.NoContent();
    }

    internal static async Task<Ok<IReadOnlyList<MessageContact>>> Contacts(ContactDesk desk, CancellationToken cancel) => TypedResults.Ok(await desk.List(cancel));

    internal static async Task<Created<Made>> Make(HttpRequest request, ContactDesk desk, CancellationToken cancel)
    {
        var (id, secret) = await desk.Make(await RuleForm.Read<ContactForm>(request.Body, cancel), cancel);
        return TypedResults.Created((string?)null, new Made(id, secret));
    }

    internal static async Task<NoContent> Delete(long id, ContactDesk desk, CancellationToken cancel)
    {
        await desk.Delete(id, cancel);
        return TypedResults.NoContent();
    }
}
