using Madang.Trust;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.Account;

/// <summary><c>/join</c>: opens an account, where the city lets anybody; a letter proves the address.</summary>
internal static class ShowJoin
{
    internal static IResult Show(Visit visit, JoinDesk desk) => desk.IsOpen ? Page(visit, null, null, null, StatusCodes.Status200OK) : Closed(visit);

    internal static async Task<IResult> Join(Visit visit, JoinDesk desk, SignInDesk door, HttpContext context, [FromForm] string? name, [FromForm] string? email, [FromForm] string? password, CancellationToken cancel)
    {
        if (!desk.IsOpen || !door.IsSafe(context.Request))
        {
            return Closed(visit);
        }

        return await desk.Join(name ?? "", email ?? "", password ?? "", visit.Language.Code, context.Connection.RemoteIpAddress, cancel) is { } wrong
            ? Page(visit, name, email, wrong, StatusCodes.Status422UnprocessableEntity)
            : new RazorComponentResult<NoticePage>(new { Visit = visit, Key = "joined" });
    }

    internal static IResult ShowConfirm(Visit visit, [FromQuery] string? token) => Confirmation(visit, token, null, StatusCodes.Status200OK);

    internal static async Task<IResult> Confirm(Visit visit, JoinDesk desk, HttpContext context, [FromForm] string? token, [FromForm] string? password, CancellationToken cancel) =>
        await desk.Confirm(context, token ?? "", password ?? "", cancel) switch
        {
            null => TypedResults.LocalRedirect(visit.To("/account")),
            "late" => Late(visit, "late"),
            var wrong => Confirmation(visit, token, wrong, StatusCodes.Status422UnprocessableEntity),
        };

    internal static IResult Late(Visit visit, string key) => new RazorComponentResult<NoticePage>(new { Visit = visit, Key = key }) { StatusCode = StatusCodes.Status410Gone };

    private static RazorComponentResult<NoticePage> Closed(Visit visit) => new(new { Visit = visit, Key = "join-closed" }) { StatusCode = StatusCodes.Status404NotFound };

    private static RazorComponentResult<JoinPage> Page(Visit visit, string? name, string? email, string? wrong, int status) =>
        new(new { Visit = visit, Name = name, Email = email, Wrong = wrong }) { StatusCode = status };

    private static RazorComponentResult<ConfirmPage> Confirmation(Visit visit, string? token, string? wrong, int status) => new(new { Visit = visit, Token = token ?? "", Wrong = wrong }) { StatusCode = status };
}
