using Microsoft.AspNetCore.Http;

namespace Madang.Trust.Accounts.Sessions;

/// <summary>Cookies that hold an opaque secret: of the session, of a step of signing in. They live as long as the browser is open; the server knows when they end. <see cref="HostCookies"/> gives them their names over HTTPS.</summary>
internal sealed class SessionCookie(Addresses addresses)
{
    public const string Session = "madang", Step = "madang-step";

    /// <summary>The secret that came with the request; null when there is none.</summary>
    public static string? Read(HttpRequest request, string name = Session) => request.Cookies[name] is { Length: > 0 and < 100 } token ? token : null;

    public void Write(HttpContext context, string token, string name = Session) => context.Response.Cookies.Append(name, token, Options(context.Request));

    public void Delete(HttpContext context, string name = Session) => context.Response.Cookies.Delete(name, Options(context.Request));

    private CookieOptions Options(HttpRequest request) =>
        new() { HttpOnly = true, Secure = addresses.IsSecure(request), SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true };
}
