using System.Diagnostics;
using Madang.Web.Pages.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Web;

/// <summary>What a person with a browser sees when there is no page, or it cannot be made.</summary>
public static class ErrorPages
{
    /// <summary>Writes the page for a status, in the language of the address.</summary>
    public static async Task Write(HttpContext context, int status)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Vary = "Cookie";
        var trace = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
        // A renderer that failed once fails again; this page gets one of its own.
        var services = context.RequestServices;
        await using var fresh = services.CreateAsyncScope();
        context.RequestServices = fresh.ServiceProvider;
        try
        {
            await new RazorComponentResult<ErrorPage>(new { Visit = Visit.Of(context), Status = status, Trace = trace }) { StatusCode = status }.ExecuteAsync(context);
        }
        finally
        {
            context.RequestServices = services;
        }
    }
}
