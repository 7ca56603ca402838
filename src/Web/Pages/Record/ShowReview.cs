using Madang.Kernel;
using Madang.Trust;
using Madang.Web.Pages.Account;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Madang.Web.Pages.Record;

/// <summary><c>/record/review</c>: a month of the record, looked through and signed off.</summary>
internal static class ShowReview
{
    private const string Path = "/record/review";

    public static void MapReviewPage(this IEndpointRouteBuilder routes, string root)
    {
        var pages = routes.MapGroup(root + Path).WithTags("Web").RequireAuthorization(Policies.SignedIn).RequireAuthorization(Policies.RecordRead).ExcludeFromDescription().DisableAntiforgery().AddEndpointFilter(FormDoor.Check);
        pages.MapGet("", Show);
        pages.MapPost("", Sign).RequireAuthorization(Policies.RecordManage);
    }

    internal static async Task<IResult> Show(Visit visit, RecordReviews reviews, [FromQuery] string? month, [FromQuery] string? done, CancellationToken cancel) =>
        new RazorComponentResult<ReviewPage>(new { Visit = visit, Review = await reviews.Read(month, cancel), IsDone = done is "signed" });

    internal static async Task<IResult> Sign(Visit visit, RecordReviews reviews, [FromForm] string? month, [FromForm] string? note, CancellationToken cancel)
    {
        try
        {
            var done = await reviews.Sign(month, note, cancel);
            return TypedResults.LocalRedirect(visit.To($"{Path}?month={done.Month}&done=signed"));
        }
        catch (InvalidInputException wrong) when (wrong.Field == "note")
        {
            return new RazorComponentResult<ReviewPage>(new { Visit = visit, Review = await reviews.Read(month, cancel), Note = note ?? "", IsNoteWrong = true }) { StatusCode = StatusCodes.Status422UnprocessableEntity };
        }
        catch (CityRuleException rule) when (rule.Code == "already-reviewed")
        {
            // The page tells who did.
            return TypedResults.LocalRedirect(visit.To($"{Path}?month={Uri.EscapeDataString(month!)}"));
        }
    }
}
