using System.Diagnostics;
using Madang.Trust;
using Madang.Web.Pages.Errors;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Web;

/// <summary>What a person with a browser sees when there is no page, or it cannot be made.</summary>
public static class ErrorPages
{
    /// <summary>Writes the page for a status, in the language of the address.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="sleeps">True when the reader's roles wait for a second factor, and perhaps would have let him in.</param>
    public static async Task Write(HttpContext context, int status, bool sleeps = false)
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
            await new RazorComponentResult<ErrorPage>(new { Visit = Visit.Of(context), Status = status, Trace = trace, Sleeps = sleeps, Needed = status == StatusCodes.Status403Forbidden && !sleeps ? Needed(context) : [] }) { StatusCode = status }.ExecuteAsync(context);
        }
        finally
        {
            context.RequestServices = services;
        }
    }

    /// <summary>The roles of which one would open the route; none when the route asks for no role, and something in it refused.</summary>
    private static List<Role> Needed(HttpContext context) =>
        [.. (context.GetEndpoint()?.Metadata.GetOrderedMetadata<IAuthorizeData>() ?? []).Where(data => data.Policy is not null).SelectMany(data => Policies.RolesFor(data.Policy!)).Distinct().Select(code => Role.Find(code)!)];
}
