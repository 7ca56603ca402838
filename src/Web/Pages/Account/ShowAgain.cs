using Madang.Trust;
using Madang.Web.Pages.Frame;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.Account;

/// <summary><c>/account/again</c>: proves again who is signed in, before something dangerous.</summary>
internal static class ShowAgain
{
    internal static Task<IResult> Show(Visit visit, AccountDesk desk, CancellationToken cancel) => Page(visit, desk, ShowSignIn.ReturnOf(visit), null, StatusCodes.Status200OK, cancel);

    internal static async Task<IResult> ByPassword(
        Visit visit, SignInDesk door, AccountDesk desk, HttpContext context, [FromForm] string? password, [FromForm] string? code, [FromForm(Name = "return")] string? back, CancellationToken cancel) =>
        await Next(visit, desk, context, await door.Prove(context, visit.Me!, password ?? "", code ?? "", cancel), back, "again.wrong", cancel);

    internal static async Task<IResult> ByPasskey(Visit visit, SignInDesk door, AccountDesk desk, HttpContext context, [FromForm] string? credential, [FromForm(Name = "return")] string? back, CancellationToken cancel) =>
        await Next(visit, desk, context, await door.ProveByPasskey(context, visit.Me!, credential ?? "", cancel), back, "signin.wrong-passkey", cancel);

    /// <summary>Where a dangerous act without a fresh proof leads.</summary>
    internal static RedirectHttpResult Ask(Visit visit, string back) => TypedResults.LocalRedirect(visit.To("/account/again") + "?return=" + Uri.EscapeDataString(visit.To(back)));

    private static async Task<IResult> Next(Visit visit, AccountDesk desk, HttpContext context, SignInAnswer answer, string? back, string wrong, CancellationToken cancel) => answer.Outcome switch
    {
        SignInOutcome.In => TypedResults.LocalRedirect(ShowSignIn.Next(visit, back)),
        SignInOutcome.TooLate => TypedResults.LocalRedirect(visit.To("/signin")),
        _ => await Page(visit, desk, back, ShowSignIn.Say(visit, context, answer, wrong), ShowSignIn.StatusOf(answer), cancel),
    };

    private static async Task<IResult> Page(Visit visit, AccountDesk desk, string? back, string? wrong, int status, CancellationToken cancel) =>
        new RazorComponentResult<AgainPage>(new { Visit = visit, Account = await desk.Get(visit.Me!, cancel), Return = LocalAddress.Of(back), Wrong = wrong }) { StatusCode = status };
}
