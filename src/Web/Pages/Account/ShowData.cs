using Madang.Trust;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.Account;

/// <summary><c>/account/data</c>: takes one's own data along, and erases the account.</summary>
internal static class ShowData
{
    private const string Path = "/account/data";

    internal static Task<IResult> Show(Visit visit, AccountDesk desk, CancellationToken cancel) => Page(visit, desk, null, StatusCodes.Status200OK, cancel);

    internal static async Task<IResult> Download(Visit visit, PersonalDesk desk, HttpContext context, CancellationToken cancel) =>
        await desk.IsFresh(visit.Me!, cancel) ? desk.Download(visit.Me!, context.Response) : ShowAgain.Ask(visit, Path);

    internal static async Task<IResult> Erase(Visit visit, PersonalDesk desk, AccountDesk accounts, HttpContext context, [FromForm] string? confirm, CancellationToken cancel) =>
        await desk.Erase(context, visit.Me!, confirm ?? "", cancel) switch
        {
            null => new RazorComponentResult<NoticePage>(new { Visit = visit with { Me = null }, Key = "erased" }),
            AccountDesk.Stale => ShowAgain.Ask(visit, Path),
            var wrong => await Page(visit, accounts, wrong, StatusCodes.Status422UnprocessableEntity, cancel),
        };

    private static async Task<IResult> Page(Visit visit, AccountDesk desk, string? wrong, int status, CancellationToken cancel) =>
        new RazorComponentResult<DataPage>(new { Visit = visit, Account = await desk.Get(visit.Me!, cancel), Wrong = wrong }) { StatusCode = status };
}
