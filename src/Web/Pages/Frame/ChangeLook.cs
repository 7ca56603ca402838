using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.Frame;

/// <summary>POST <c>/look</c>: keeps the reader's choice of colours and text size in a cookie and goes back to the page.</summary>
internal static class ChangeLook
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(365);

    internal static RedirectHttpResult Handle([FromForm] string? mode, [FromForm] string? size, [FromForm] string? back, Visit visit, HttpContext context)
    {
        context.Response.Cookies.Append(Look.Cookie, Look.Make(mode, size).ToString(), new CookieOptions
        {
            MaxAge = Kept, Path = "/", SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, IsEssential = true,
        });
        return TypedResults.LocalRedirect(LocalAddress.Of(back) ?? visit.To("/"));
    }
}
