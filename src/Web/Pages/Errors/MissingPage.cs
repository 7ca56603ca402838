using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Web.Pages.Errors;

/// <summary>The answer of a page whose subject does not exist.</summary>
internal static class MissingPage
{
    public static RazorComponentResult Answer(Visit visit) =>
        new RazorComponentResult<ErrorPage>(new { Visit = visit, Status = StatusCodes.Status404NotFound }) { StatusCode = StatusCodes.Status404NotFound };
}
