using Madang.Trust;
using Madang.Web;
using Microsoft.Extensions.Options;

namespace Madang.Server.Hosting;

/// <summary>
/// What a browser may do with our answers. In pages, scripts, styles, fonts, pictures and connections come from this server
/// alone (and the ground of the map from the host that the operator names; a form may lead to the providers of external logins); the map draws in workers and pictures made from
/// blobs; charts set style attributes. Data may do nothing at all. Whoever came by TLS once comes by TLS for a year; localhost does not,
/// since other programs of a laptop listen there without it.
/// </summary>
internal sealed class SecurityHeaders(IOptions<WebOptions> web, IOptions<AccountsOptions> accounts, ExternalDoors doors)
{
    /// <summary>A year, as ASVS 5.0.0, 3.4.1 asks.</summary>
    private const string OnlyTls = "max-age=31536000; includeSubDomains";

    private const string DataPolicy = "default-src 'none'; frame-ancestors 'none'";

    private readonly bool isKnownByTls = accounts.Value.PublicAddress?.StartsWith("https://", StringComparison.OrdinalIgnoreCase) == true;

    private readonly string pagePolicy = PagePolicy(web.Value.MapStyle, string.Concat(doors.Hosts.Select(host => " " + host)));

    public void Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        if (isKnownByTls || (context.Request.IsHttps && context.Request.Host.Host != "localhost"))
        {
            headers.StrictTransportSecurity = OnlyTls;
        }

        if (Doors.IsForPrograms(context.Request.Path))
        {
            headers.ContentSecurityPolicy = DataPolicy;
            return;
        }

        headers.ContentSecurityPolicy = pagePolicy;
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)";
    }

    private static string PagePolicy(string? mapStyle, string external)
    {
        var map = Uri.TryCreate(mapStyle, UriKind.Absolute, out var style) && style.Scheme is "http" or "https" ? " " + style!.GetLeftPart(UriPartial.Authority) : "";
        return "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
            + $"img-src 'self' data: blob:{map}; font-src 'self' data:; connect-src 'self'{map}; "
            + $"worker-src 'self' blob:; child-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'{external}; frame-ancestors 'none'";
    }
}
