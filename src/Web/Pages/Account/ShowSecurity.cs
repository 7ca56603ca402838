using Madang.Trust;
using Madang.Web.Pages.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.Account;

/// <summary><c>/account/security</c>: the ways in to one's account.</summary>
internal static class ShowSecurity
{
    private const string Path = "/account/security";

    private static readonly string[] Done = ["password", "totp-off", "passkey", "passkey-off", "linked", "unlinked"];

    internal static Task<IResult> Show(Visit visit, AccountDesk desk, ExternalDoors doors, [FromQuery] string? done, [FromQuery] string? problem, CancellationToken cancel) =>
        Page(visit, desk, doors, problem is "external-failed" or "external-taken" or "totp" ? problem : null, Done.Contains(done) ? done : null, cancel);

    internal static async Task<IResult> ChangePassword(Visit visit, AccountDesk desk, ExternalDoors doors, [FromForm] string? old, [FromForm] string? password, CancellationToken cancel) =>
        await After(visit, desk, doors, await desk.ChangePassword(visit.Me!, old ?? "", password ?? "", cancel), "password", cancel);

    internal static async Task<IResult> StartTotp(Visit visit, AccountDesk desk) => await Setup(visit, desk, null, StatusCodes.Status200OK);

    internal static async Task<IResult> ConfirmTotp(Visit visit, AccountDesk desk, [FromForm] string? code, CancellationToken cancel) =>
        await desk.ConfirmTotp(visit.Me!, code ?? "", cancel) is { } codes ? Codes(visit, codes) : await Setup(visit, desk, "code", StatusCodes.Status422UnprocessableEntity);

    internal static async Task<IResult> StopTotp(Visit visit, AccountDesk desk, ExternalDoors doors, CancellationToken cancel) =>
        await After(visit, desk, doors, await desk.StopTotp(visit.Me!, cancel), "totp-off", cancel);

    internal static async Task<IResult> MakeCodes(Visit visit, AccountDesk desk, CancellationToken cancel) =>
        await desk.MakeRecoveryCodes(visit.Me!, cancel) is { } codes ? Codes(visit, codes) : ShowAgain.Ask(visit, Path);

    internal static async Task<IResult> OfferPasskey(Visit visit, AccountDesk desk, HttpContext context, CancellationToken cancel) =>
        await desk.OfferPasskey(context, visit.Me!, cancel) is { } options ? TypedResults.Text(options, "application/json") : TypedResults.StatusCode(StatusCodes.Status403Forbidden);

    internal static async Task<IResult> AddPasskey(Visit visit, AccountDesk desk, ExternalDoors doors, HttpContext context, [FromForm] string? credential, [FromForm] string? name, CancellationToken cancel) =>
        await After(visit, desk, doors, await desk.AddPasskey(context, visit.Me!, credential ?? "", name ?? "", cancel), "passkey", cancel);

    internal static async Task<IResult> RemovePasskey(Visit visit, AccountDesk desk, ExternalDoors doors, [FromForm] string? id, CancellationToken cancel) =>
        await After(visit, desk, doors, await desk.RemovePasskey(visit.Me!, id ?? "", cancel), "passkey-off", cancel);

    internal static IResult Link(Visit visit, ExternalDoors doors, [FromForm] string? provider)
    {
        if (!visit.Me!.IsFresh(visit.At))
        {
            return ShowAgain.Ask(visit, Path);
        }

        return doors.Open(provider ?? "", !visit.Language.IsKorean, visit.To(Path), visit.Me) is var (scheme, properties) ? TypedResults.Challenge(properties, [scheme]) : MissingPage.Answer(visit);
    }

    internal static async Task<IResult> Unlink(Visit visit, AccountDesk desk, ExternalDoors doors, [FromForm] string? provider, CancellationToken cancel) =>
        await After(visit, desk, doors, await desk.Unlink(visit.Me!, provider ?? ""), "unlinked", cancel);

    private static async Task<IResult> After(Visit visit, AccountDesk desk, ExternalDoors doors, string? wrong, string done, CancellationToken cancel) => wrong switch
    {
        null => TypedResults.LocalRedirect(visit.To($"{Path}?done={done}")),
        AccountDesk.Stale => ShowAgain.Ask(visit, Path),
        _ => await Page(visit, desk, doors, wrong, null, cancel),
    };

    private static async Task<IResult> Setup(Visit visit, AccountDesk desk, string? wrong, int status) =>
        await desk.StartTotp(visit.Me!, visit.Language["page.brand"]) is { } setup
            ? new RazorComponentResult<TotpPage>(new { Visit = visit, Setup = setup, Wrong = wrong }) { StatusCode = status }
            : ShowAgain.Ask(visit, Path);

    private static RazorComponentResult<CodesPage> Codes(Visit visit, IReadOnlyList<string> codes) => new(new { Visit = visit, Codes = codes });

    private static async Task<IResult> Page(Visit visit, AccountDesk desk, ExternalDoors doors, string? wrong, string? done, CancellationToken cancel) =>
        new RazorComponentResult<SecurityPage>(new { Visit = visit, Account = await desk.Get(visit.Me!, cancel), Providers = doors.List(), Wrong = wrong, Done = done })
        {
            StatusCode = wrong is null || wrong.StartsWith("external-", StringComparison.Ordinal) ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };
}
