using Madang.Trust;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.Account;

/// <summary><c>/account/sessions</c>: the devices on which one is signed in.</summary>
internal static class ShowSessions
{
    private const string Path = "/account/sessions";

    internal static async Task<IResult> Show(Visit visit, AccountDesk desk, [FromQuery] string? done, CancellationToken cancel) =>
        new RazorComponentResult<SessionsPage>(new { Visit = visit, Sessions = await desk.ListSessions(visit.Me!, cancel), Done = done is "end" or "others" ? done : null });

    internal static async Task<IResult> End(Visit visit, AccountDesk desk, [FromForm] string? id, CancellationToken cancel) =>
        await desk.EndSession(visit.Me!, id ?? "", cancel) is null ? TypedResults.LocalRedirect(visit.To(Path + "?done=end")) : ShowAgain.Ask(visit, Path);

    internal static async Task<IResult> EndOthers(Visit visit, AccountDesk desk, CancellationToken cancel) =>
        await desk.EndOtherSessions(visit.Me!, cancel) is null ? TypedResults.LocalRedirect(visit.To(Path + "?done=others")) : ShowAgain.Ask(visit, Path);
}
