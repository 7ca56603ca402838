namespace Madang.Server.Hosting;

/// <summary>
/// What a browser may do with our answers. In pages, scripts, styles, fonts, pictures and connections come from this server
/// alone; the map draws in workers and pictures made from blobs; charts set style attributes. Data may do nothing at all.
/// </summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    private const string DataPolicy = "default-src 'none'; frame-ancestors 'none'";

    private const string PagePolicy =
        "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        + "connect-src 'self'; worker-src 'self' blob:; child-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        Set(context);
        return next(context);
    }

    public static void Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        if (Doors.IsForPrograms(context.Request.Path))
        {
            headers.ContentSecurityPolicy = DataPolicy;
            return;
        }

        headers.ContentSecurityPolicy = PagePolicy;
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)";
    }
}
