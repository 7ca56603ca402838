using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Madang.Trust.Accounts.Sessions;

/// <summary>
/// Over HTTPS every cookie of the house bears the prefix <c>__Host-</c>, which binds it to this host, to TLS and to the whole site
/// (RFC 6265bis, 4.1.3.2): no other host and no plain HTTP can set it. Behind this door cookies have their plain names; one that
/// came over HTTPS without the prefix is not the house's, and is taken away.
/// </summary>
internal static class HostCookies
{
    private const string Prefix = "__Host-", Own = "madang";

    public static RequestDelegate Before(RequestDelegate next) => context =>
    {
        if (context.Request.IsHttps)
        {
            var headers = context.Request.Headers;
            if (headers.Cookie.Count > 0)
            {
                headers.Cookie = Plain(headers.Cookie);
            }

            context.Response.OnStarting(Bind, context.Response);
        }

        return next(context);
    };

    private static StringValues Plain(StringValues cookies)
    {
        var kept = cookies.SelectMany(line => (line ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Where(cookie => !cookie.StartsWith(Own, StringComparison.OrdinalIgnoreCase))
            .Select(cookie => cookie.StartsWith(Prefix + Own, StringComparison.Ordinal) ? cookie[Prefix.Length..] : cookie);
        return string.Join("; ", kept);
    }

    private static Task Bind(object state)
    {
        var headers = ((HttpResponse)state).Headers;
        if (headers.SetCookie.Count > 0)
        {
            headers.SetCookie = headers.SetCookie.Select(cookie => cookie?.StartsWith(Own, StringComparison.Ordinal) == true ? Prefix + cookie : cookie).ToArray();
        }

        return Task.CompletedTask;
    }
}
