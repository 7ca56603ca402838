using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.Account;

/// <summary><c>/account/alive</c>: asked by an open page, whether the session it was made in still lives; another one of the same browser may be somebody else's.</summary>
internal static class ShowAlive
{
    internal static StatusCodeHttpResult Answer(Visit visit, HttpContext context, [FromQuery] string? session)
    {
        if (session is null || session == visit.Me!.Session)
        {
            return TypedResults.StatusCode(StatusCodes.Status204NoContent);
        }

        // For a script: without a length it would get a page.
        context.Response.ContentLength = 0;
        return TypedResults.StatusCode(StatusCodes.Status401Unauthorized);
    }
}
