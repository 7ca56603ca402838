using System.Globalization;
using Madang.Kernel;
using Madang.Trust.Privacy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Madang.Trust.Door;

/// <summary><c>/api/privacy</c>: what is kept of people, and what was destroyed; <c>/api/me</c>: one's own data.</summary>
internal static class PrivacyRoutes
{
    /// <summary>The privacy policy as data.</summary>
    public sealed record Policy(string? Controller, string? Officer, string? Contact, string? Effective, int? BackupDays, IReadOnlyList<Purpose> Purposes);

    /// <summary>A purpose, why it is allowed, and what is kept for it.</summary>
    public sealed record Purpose(string Code, Wording Text, string Basis, Wording? Source, IReadOnlyList<Column> Columns);

    /// <summary>A column, and how long.</summary>
    public sealed record Column(string Place, string Name, string Category, Wording Item, Wording Retention, IReadOnlyList<string> Rules);

    /// <summary>The name to sign in with, typed once more.</summary>
    public sealed record EraseBody(string? Confirm);

    public static void MapPrivacy(this IEndpointRouteBuilder routes)
    {
        var privacy = routes.MapGroup("/api/privacy").WithTags("Trust");
        privacy.MapGet("", Show).RequireAuthorization(Policies.PublicRead).WithSummary("What is kept of people, why, on what basis, and for how long");
        privacy.MapGet("/destructions", List).RequireAuthorization(Policies.RecordRead).WithSummary("What was destroyed, by which rule and when");

        var me = routes.MapGroup("/api/me").WithTags("Trust").RequireAuthorization(Policies.SignedIn);
        me.MapGet("/data", Export).WithSummary("All that this city holds of me").Produces(StatusCodes.Status200OK, contentType: "application/json");
        me.MapDelete("", Erase).WithSummary("Erase my account and my personal data");
    }

    internal static Policy Show(PersonalInventory inventory, IOptions<PrivacyOptions> options)
    {
        var said = options.Value;
        return new(said.Controller, said.Officer, said.Contact, said.Effective, said.BackupDays, [.. inventory.Columns.GroupBy(column => column.Purpose).Select(group => new Purpose(
            group.Key.Code, group.Key.Text, PrivacyWords.Of(group.Key.Basis), group.Key.Source,
            [.. group.Select(column => new Column(column.Table, column.Column, PrivacyWords.Of(column.Category), column.Item, column.Retention.Text, [.. column.Retention.Rules.Select(rule => rule.Code)]))]))]);
    }

    internal static Task<DestroyedPage> List(string? before, DestructionBook destructions, CancellationToken cancel)
    {
        DateOnly day = default;
        if (before is not null && !DateOnly.TryParseExact(before, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day))
        {
            throw new InvalidInputException("before", "is no day; write one as 2026-12-01");
        }

        return destructions.List(before is null ? null : day, cancel);
    }

    internal static async Task<IResult> Export(HttpContext context, PersonalDesk desk, CancellationToken cancel)
    {
        var me = Me(context);
        return await desk.IsFresh(me, cancel) ? desk.Download(me, context.Response) : throw FreshProof.Needed();
    }

    internal static async Task<NoContent> Erase(HttpContext context, [FromBody(EmptyBodyBehavior = Microsoft.AspNetCore.Mvc.ModelBinding.EmptyBodyBehavior.Allow)] EraseBody? body, PersonalDesk desk, CancellationToken cancel) =>
        await desk.Erase(context, Me(context), body?.Confirm ?? "", cancel) switch
        {
            null => TypedResults.NoContent(),
            AccountDesk.Stale => throw FreshProof.Needed(),
            PersonalDesk.LastAdministrator => throw new CityRuleException("last-administrator", "This is the only administrator of the whole city. Make another one first."),
            _ => throw new InvalidInputException("confirm", "is not the name that this account signs in with"),
        };

    private static SignedIn Me(HttpContext context) => SignedIn.Of(context.User) ?? throw new CityRuleException("account-gone", "This account is no more.", 404);
}
