using Madang.Trust;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Web.Pages.Account;

/// <summary>
/// Stands before every form of an account: what another site sends in the reader's name is refused, by where it says it comes
/// from and by a token that only our own pages know. And nothing of these pages is kept by anybody.
/// </summary>
internal static class FormDoor
{
    public static async ValueTask<object?> Check(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Vary = "Cookie";
        // Links with secrets in them are told to nobody; a form of our own still says where it comes from.
        http.Response.Headers["Referrer-Policy"] = "same-origin";
        if (HttpMethods.IsPost(http.Request.Method) && !(OwnSite.Sent(http.Request) && await http.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(http)))
        {
            http.RequestServices.GetRequiredService<Sightings>().RefusedForm(http);
            return new RazorComponentResult<NoticePage>(new { Visit = Visit.Of(http), Key = "expired" }) { StatusCode = StatusCodes.Status400BadRequest };
        }

        return await next(context);
    }
}
