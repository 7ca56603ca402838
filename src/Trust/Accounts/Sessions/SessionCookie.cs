using Microsoft.AspNetCore.Http;

namespace Madang.Trust.Accounts.Sessions;

/// <summary>Cookies that hold an opaque secret: of the session, of a step of signing in. They live as long as the browser is open; the server knows when they end.</summary>
internal sealed class SessionCookie(Addresses addresses)
{
    /// <summary>Over HTTPS the name itself binds the cookie to this host, to TLS and to the whole site (RFC 6265bis, 4.1.3.2).</summary>
    private const string HostPrefix = "__Host-";

    public const string Session = "madang", Step = "madang-step";

    /// <summary>The secret that came with the request; null when there is none.</summary>
    public string? Read(HttpRequest request, string name = Session) => request.Cookies[Name(request, name)] is { Length: > 0 and < 100 } token ? token : null;

    public void Write(HttpContext context, string token, string name = Session) => context.Response.Cookies.Append(Name(context.Request, name), token, Options(context.Request));

    public void Delete(HttpContext context, string name = Session) => context.Response.Cookies.Delete(Name(context.Request, name), Options(context.Request));

    private string Name(HttpRequest request, string name) => addresses.IsSecure(request) ? HostPrefix + name : name;

    private CookieOptions Options(HttpRequest request) =>
        new() { HttpOnly = true, Secure = addresses.IsSecure(request), SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true };
}
