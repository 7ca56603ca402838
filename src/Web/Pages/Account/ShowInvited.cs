using Madang.Trust;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.Account;

/// <summary><c>/join/invited</c>: opens the account of somebody who was invited, by the link of the letter.</summary>
internal static class ShowInvited
{
    internal static async Task<IResult> Show(Visit visit, InvitationDesk desk, [FromQuery] string? token, CancellationToken cancel) =>
        await desk.Look(token, cancel) is var (name, mail) ? Page(visit, token!, name, mail, null, StatusCodes.Status200OK) : ShowJoin.Late(visit, "invite-late");

    internal static async Task<IResult> Accept(
        Visit visit, InvitationDesk desk, SignInDesk door, HttpContext context, [FromForm] string? token, [FromForm] string? name, [FromForm] string? password, CancellationToken cancel)
    {
        if (!door.IsSafe(context.Request) || await desk.Look(token, cancel) is not var (_, mail))
        {
            return ShowJoin.Late(visit, "invite-late");
        }

        return await desk.Accept(context, token!, name ?? "", password ?? "", cancel) switch
        {
            null => TypedResults.LocalRedirect(visit.To("/house")),
            "late" => ShowJoin.Late(visit, "invite-late"),
            var wrong => Page(visit, token!, name ?? "", mail, wrong, StatusCodes.Status422UnprocessableEntity),
        };
    }

    private static RazorComponentResult<InvitedPage> Page(Visit visit, string token, string name, string mail, string? wrong, int status) =>
        new(new { Visit = visit, Token = token, Name = name, Mail = mail, Wrong = wrong }) { StatusCode = status };
}
