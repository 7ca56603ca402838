using System.Diagnostics;
using Madang.Web.Pages.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Web;

/// <summary>What a person with a browser sees when there is no page, or it cannot be made.</summary>
public static class ErrorPages
{
    /// <summary>Writes the page for a status, in the language of the address.</summary>
    public static Task Write(HttpContext context, int status)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Vary = "Cookie";
        var trace = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
        return new RazorComponentResult<ErrorPage>(new { Visit = Visit.Of(context), Status = status, Trace = trace }) { StatusCode = status }.ExecuteAsync(context);
    }
}
