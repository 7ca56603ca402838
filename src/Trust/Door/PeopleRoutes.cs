using System.Globalization;
using Madang.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Trust.Door;

/// <summary><c>/api/people</c>.</summary>
internal static class PeopleRoutes
{
    /// <summary>Whom to invite to which role.</summary>
    public sealed record InviteBody(string? Name, string? Email, string? Role, long? Department, string? Purpose, DateTimeOffset? Until, string? Language);

    internal static async Task<PeoplePage> List(string? q, string? role, string? department, string? after, string? top, PeopleDesk desk, HttpResponse response, CancellationToken cancel)
    {
        response.Headers.CacheControl = "no-store";
        return await desk.List(new PeopleQuery(q, Some(role), Number("department", department), Some(after), (int)(Number("top", top) ?? PeopleDesk.UsualTop)), cancel);
    }

    internal static async Task<PersonDetail> Get(string id, PeopleDesk desk, HttpResponse response, CancellationToken cancel)
    {
        response.Headers.CacheControl = "no-store";
        return await desk.Get(id, cancel);
    }

    internal static async Task<Accepted<Invited>> Invite(InviteBody body, InvitationDesk desk, CancellationToken cancel)
    {
        var invited = await desk.Invite(body.Name, body.Email, body.Role, body.Department, body.Purpose, body.Until, body.Language ?? "ko", cancel);
        return TypedResults.Accepted($"/api/people/{invited.Person}", invited);
    }

    internal static async Task<Accepted> Resend(string id, InvitationDesk desk, CancellationToken cancel)
    {
        await desk.Resend(id, cancel);
        return TypedResults.Accepted((string?)null);
    }

    internal static Task<NoContent> Withdraw(string id, InvitationDesk desk, CancellationToken cancel) => Done(desk.Withdraw(id, cancel));

    internal static Task<NoContent> Lock(string id, PeopleDesk desk, CancellationToken cancel) => Done(desk.Lock(id, cancel));

    internal static Task<NoContent> Unlock(string id, PeopleDesk desk, CancellationToken cancel) => Done(desk.Unlock(id, cancel));

    internal static Task<NoContent> EndSessions(string id, PeopleDesk desk, CancellationToken cancel) => Done(desk.EndSessions(id, cancel));

    private static async Task<NoContent> Done(Task work)
    {
        await work;
        return TypedResults.NoContent();
    }

    private static string? Some(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static long? Number(string field, string? text) =>
        string.IsNullOrEmpty(text) ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= int.MaxValue ? number
        : throw new InvalidInputException(field, "is a whole number");
}
