using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Madang.Trust;

/// <summary>Whether a request was sent by a page of this city, or by another site in its reader's name.</summary>
public static class OwnSite
{
    /// <summary>
    /// False when the browser says that another site sent it. Scheme is not compared: a proxy that ends TLS changes it. A
    /// browser always names the origin of what it posts; a program that is no browser names none.
    /// </summary>
    public static bool Sent(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Headers["Sec-Fetch-Site"] is not ["cross-site" or "same-site"]
            && (request.Headers.Origin.Count == 0 || (Uri.TryCreate(request.Headers.Origin, UriKind.Absolute, out var origin) && origin.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>Marks routes of forms that ask this themselves and answer a person with a page; every other write with a session is asked at the door.</summary>
    public static TBuilder ChecksItsForms<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new FormsChecked());

    /// <summary>The mark.</summary>
    internal sealed class FormsChecked;
}
