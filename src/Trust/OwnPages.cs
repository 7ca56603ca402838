using Microsoft.AspNetCore.Http;

namespace Madang.Trust;

/// <summary>Whether a browser sends a request for a page of our own, and not for another site's.</summary>
public static class OwnPages
{
    /// <summary>
    /// True where neither <c>Sec-Fetch-Site</c> nor <c>Origin</c> names another site; programs send neither. Scheme is not
    /// compared: a proxy that ends TLS changes it. A browser always names the origin of what it posts.
    /// </summary>
    public static bool Sent(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Headers["Sec-Fetch-Site"] is not ["cross-site" or "same-site"]
            && (request.Headers.Origin.Count == 0 || (Uri.TryCreate(request.Headers.Origin, UriKind.Absolute, out var origin) && origin.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>True for what changes nothing (RFC 9110, 9.2.1).</summary>
    internal static bool OnlyReads(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
}
