using Madang.Trust;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.Account;

/// <summary><c>/reset</c>: a new password for whoever forgot the old one, by a letter.</summary>
internal static class ShowReset
{
    internal static IResult Show(Visit visit) => Page(visit, null, null, StatusCodes.Status200OK);

    internal static async Task<IResult> Ask(Visit visit, JoinDesk desk, HttpContext context, [FromForm] string? email, CancellationToken cancel) =>
        await desk.AskReset(email ?? "", context.Connection.RemoteIpAddress, cancel) is { } wrong
            ? Page(visit, email, wrong, StatusCodes.Status422UnprocessableEntity)
            : new RazorComponentResult<NoticePage>(new { Visit = visit, Key = "reset-sent" });

    internal static async Task<IResult> ShowNew(Visit visit, JoinDesk desk, [FromQuery] string? token, CancellationToken cancel) =>
        await desk.MayReset(token, cancel) ? New(visit, token!, null, StatusCodes.Status200OK) : ShowJoin.Late(visit, "reset-late");

    internal static async Task<IResult> Set(Visit visit, JoinDesk desk, [FromForm] string? token, [FromForm] string? password, CancellationToken cancel) =>
        await desk.Reset(token ?? "", password ?? "", cancel) switch
        {
            null => new RazorComponentResult<NoticePage>(new { Visit = visit, Key = "reset-done" }),
            "late" => ShowJoin.Late(visit, "reset-late"),
            var wrong => New(visit, token!, wrong, StatusCodes.Status422UnprocessableEntity),
        };

    private static RazorComponentResult<ResetPage> Page(Visit visit, string? email, string? wrong, int status) => new(new { Visit = visit, Email = email, Wrong = wrong }) { StatusCode = status };

    private static RazorComponentResult<NewPasswordPage> New(Visit visit, string token, string? wrong, int status) => new(new { Visit = visit, Token = token, Wrong = wrong }) { StatusCode = status };
}
