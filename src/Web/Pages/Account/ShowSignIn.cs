using System.Globalization;
using Madang.Trust;
using Madang.Web.Pages.Errors;
using Madang.Web.Pages.Frame;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.Account;

/// <summary><c>/signin</c>: the door, by password, passkey or another provider, and the second factor behind it.</summary>
internal static class ShowSignIn
{
    internal static IResult Show(Visit visit, SignInDesk desk, JoinDesk join, ExternalDoors doors, HttpContext context, [FromQuery] string? problem) =>
        visit.Me is not null && problem is null ? TypedResults.LocalRedirect(Next(visit, ReturnOf(visit))) : Page(visit, desk, join, doors, context, ReturnOf(visit), Known(problem), StatusCodes.Status200OK);

    internal static async Task<IResult> ByPassword(
        Visit visit, SignInDesk desk, JoinDesk join, ExternalDoors doors, HttpContext context, [FromForm] string? name, [FromForm] string? password, [FromForm(Name = "return")] string? back, CancellationToken cancel)
    {
        if (!desk.IsSafe(context.Request))
        {
            return Page(visit, desk, join, doors, context, back, null, StatusCodes.Status403Forbidden);
        }

        var answer = await desk.ByPassword(context, name ?? "", password ?? "", cancel);
        return answer.Outcome switch
        {
            SignInOutcome.In => TypedResults.LocalRedirect(Next(visit, back)),
            SignInOutcome.SecondFactor => TypedResults.LocalRedirect(visit.To("/signin/second") + Query(back)),
            SignInOutcome.Unconfirmed => new RazorComponentResult<NoticePage>(new { Visit = visit, Key = "unconfirmed" }),
            _ => Page(visit, desk, join, doors, context, back, Say(visit, context, answer, "signin.wrong"), StatusOf(answer), name),
        };
    }

    internal static async Task<IResult> AskPasskey(SignInDesk desk, HttpContext context, CancellationToken cancel) =>
        desk.IsSafe(context.Request) ? TypedResults.Text(await desk.AskPasskey(context, cancel), "application/json") : TypedResults.StatusCode(StatusCodes.Status403Forbidden);

    internal static async Task<IResult> ByPasskey(
        Visit visit, SignInDesk desk, JoinDesk join, ExternalDoors doors, HttpContext context, [FromForm] string? credential, [FromForm(Name = "return")] string? back, CancellationToken cancel)
    {
        var answer = await desk.ByPasskey(context, credential ?? "", cancel);
        return answer.Outcome == SignInOutcome.In ? TypedResults.LocalRedirect(Next(visit, back)) : Page(visit, desk, join, doors, context, back, Say(visit, context, answer, "signin.wrong-passkey"), StatusOf(answer));
    }

    internal static async Task<IResult> ShowSecond(Visit visit, SignInDesk desk, HttpContext context, CancellationToken cancel) =>
        await desk.WaitsForSecond(context, cancel) ? Second(visit, ReturnOf(visit), null, StatusCodes.Status200OK) : TypedResults.LocalRedirect(visit.To("/signin") + Query(ReturnOf(visit)));

    internal static async Task<IResult> BySecond(Visit visit, SignInDesk desk, HttpContext context, [FromForm] string? code, [FromForm(Name = "return")] string? back, CancellationToken cancel)
    {
        var answer = await desk.BySecond(context, code ?? "", cancel);
        return answer.Outcome switch
        {
            SignInOutcome.In => TypedResults.LocalRedirect(Next(visit, back)),
            SignInOutcome.TooLate => TypedResults.LocalRedirect(visit.To("/signin") + "?problem=late"),
            _ => Second(visit, back, Say(visit, context, answer, "second.wrong"), StatusOf(answer)),
        };
    }

    internal static IResult Elsewhere(Visit visit, SignInDesk desk, ExternalDoors doors, HttpContext context, string provider, [FromForm(Name = "return")] string? back) =>
        desk.IsSafe(context.Request) && doors.Open(provider, !visit.Language.IsKorean, Next(visit, back), null) is var (scheme, properties)
            ? TypedResults.Challenge(properties, [scheme])
            : MissingPage.Answer(visit);

    internal static async Task<IResult> SignOut(Visit visit, SignInDesk desk, HttpContext context, CancellationToken cancel)
    {
        await desk.SignOut(context, cancel);
        // What the browser keeps of the pages goes with the session; it listens over TLS and on its own machine.
        context.Response.Headers["Clear-Site-Data"] = "\"cache\", \"storage\"";
        return TypedResults.LocalRedirect(visit.To("/"));
    }

    /// <summary>What to say after an attempt that failed; too many say how long to wait, in the header too.</summary>
    internal static string Say(Visit visit, HttpContext context, SignInAnswer answer, string wrong)
    {
        if (answer.Outcome == SignInOutcome.Locked)
        {
            return visit.Language["signin.problem.locked"];
        }

        if (answer is not { Outcome: SignInOutcome.Wait, Wait: { } wait })
        {
            return visit.Language[wrong];
        }

        context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return wait.TotalSeconds > 90 ? visit.Language.Say("signin.wait.minutes", (int)Math.Ceiling(wait.TotalMinutes)) : visit.Language.Say("signin.wait.seconds", (int)Math.Ceiling(wait.TotalSeconds));
    }

    internal static int StatusOf(SignInAnswer answer) => answer.Outcome == SignInOutcome.Wait ? StatusCodes.Status429TooManyRequests : StatusCodes.Status422UnprocessableEntity;

    /// <summary>Where the address says that one wants to go on to.</summary>
    internal static string? ReturnOf(Visit visit) =>
        Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(visit.Query).TryGetValue("return", out var value) ? LocalAddress.Of(value) : null;

    internal static string Next(Visit visit, string? back) => LocalAddress.Of(back) ?? visit.To("/account");

    internal static string Query(string? back) => LocalAddress.Of(back) is { } address ? "?return=" + Uri.EscapeDataString(address) : "";

    private static string? Known(string? problem) => problem is "late" or "locked" or "external-failed" or "external-unknown" or "external-known" ? "signin.problem." + problem : null;

    private static RazorComponentResult<SignInFormPage> Page(
        Visit visit, SignInDesk desk, JoinDesk join, ExternalDoors doors, HttpContext context, string? back, string? wrong, int status, string? name = null) =>
        new(new { Visit = visit, Return = LocalAddress.Of(back), Wrong = wrong?.StartsWith("signin.problem.", StringComparison.Ordinal) == true ? visit.Language[wrong] : wrong, Name = name, IsSafe = desk.IsSafe(context.Request), CanJoin = join.IsOpen, Providers = doors.List() })
        {
            StatusCode = status,
        };

    private static RazorComponentResult<SecondPage> Second(Visit visit, string? back, string? wrong, int status) =>
        new(new { Visit = visit, Return = LocalAddress.Of(back), Wrong = wrong }) { StatusCode = status };
}
