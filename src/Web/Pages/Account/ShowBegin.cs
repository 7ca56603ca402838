using Madang.Trust;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.Account;

/// <summary><c>/begin</c>: makes the first administrator, by the link that the first start printed.</summary>
internal static class ShowBegin
{
    internal static async Task<IResult> Show(Visit visit, JoinDesk desk, [FromQuery] string? token, CancellationToken cancel) =>
        await desk.MayBegin(token, cancel) ? Page(visit, token!, null, null, null, StatusCodes.Status200OK) : ShowJoin.Late(visit, "begin-late");

    internal static async Task<IResult> Begin(
        Visit visit, JoinDesk desk, SignInDesk door, HttpContext context, [FromForm] string? token, [FromForm] string? name, [FromForm] string? email, [FromForm] string? password, CancellationToken cancel)
    {
        if (!door.IsSafe(context.Request))
        {
            return ShowJoin.Late(visit, "begin-late");
        }

        return await desk.Begin(context, token ?? "", name ?? "", email ?? "", password ?? "", visit.Language.Code, cancel) switch
        {
            null => TypedResults.LocalRedirect(visit.To("/account")),
            "late" => ShowJoin.Late(visit, "begin-late"),
            var wrong => Page(visit, token!, name, email, wrong, StatusCodes.Status422UnprocessableEntity),
        };
    }

    private static RazorComponentResult<BeginPage> Page(Visit visit, string token, string? name, string? email, string? wrong, int status) =>
        new(new { Visit = visit, Token = token, Name = name, Email = email, Wrong = wrong }) { StatusCode = status };
}
