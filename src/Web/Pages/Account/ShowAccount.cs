using Madang.Trust;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.Account;

/// <summary><c>/account</c>: who one is here.</summary>
internal static class ShowAccount
{
    internal static Task<IResult> Show(Visit visit, AccountDesk desk, [FromQuery] string? done, CancellationToken cancel) =>
        Page(visit, desk, null, done is "name" or "letter" or "email" ? done : null, StatusCodes.Status200OK, cancel);

    internal static async Task<IResult> Rename(Visit visit, AccountDesk desk, [FromForm] string? name, CancellationToken cancel) =>
        await desk.Rename(visit.Me!, name ?? "") is { } wrong
            ? await Page(visit, desk, wrong, null, StatusCodes.Status422UnprocessableEntity, cancel)
            : TypedResults.LocalRedirect(visit.To("/account?done=name"));

    internal static async Task<IResult> ChangeAddress(Visit visit, AccountDesk desk, [FromForm] string? email, CancellationToken cancel) =>
        await desk.ChangeAddress(visit.Me!, email ?? "", cancel) switch
        {
            null => TypedResults.LocalRedirect(visit.To("/account?done=letter")),
            AccountDesk.Stale => ShowAgain.Ask(visit, "/account"),
            var wrong => await Page(visit, desk, wrong, null, StatusCodes.Status422UnprocessableEntity, cancel),
        };

    internal static IResult ShowAddress(Visit visit, [FromQuery] string? token) => new RazorComponentResult<AddressPage>(new { Visit = visit, Token = token ?? "" });

    internal static async Task<IResult> ConfirmAddress(Visit visit, AccountDesk desk, [FromForm] string? token, CancellationToken cancel) =>
        await desk.ConfirmAddress(visit.Me!, token ?? "", cancel) switch
        {
            null => TypedResults.LocalRedirect(visit.To("/account?done=email")),
            "late" => ShowJoin.Late(visit, "late"),
            var wrong => await Page(visit, desk, wrong, null, StatusCodes.Status422UnprocessableEntity, cancel),
        };

    private static async Task<IResult> Page(Visit visit, AccountDesk desk, string? wrong, string? done, int status, CancellationToken cancel) =>
        new RazorComponentResult<AccountPage>(new { Visit = visit, Account = await desk.Get(visit.Me!, cancel), Wrong = wrong, Done = done }) { StatusCode = status };
}
