using Madang.Sensing.Model;
using Madang.Trust;
using Microsoft.AspNetCore.Http;

namespace Madang.Sensing.Http;

/// <summary>
/// What pages of other origins may do at the roots of SensorThings (Fetch, 3.2): read what is public, errors included, and write
/// with a key of their own in the request. Never with credentials: a session's cookie and this machine's rights are of no use there.
/// What a caller gets who sees more than the public is left unreadable to them.
/// </summary>
internal static class CrossOrigin
{
    private const string Methods = "GET, HEAD, POST, PATCH, PUT, DELETE";
    private const string Headers = "Authorization, Content-Type, If-Match, If-None-Match, Prefer, Idempotency-Key";
    private const string Exposed = "ETag, Link, Location, Preference-Applied, RateLimit, RateLimit-Policy, Retry-After";

    /// <summary>How long a browser may remember the answer to a preflight, in seconds; browsers allow no more than two hours.</summary>
    private const string Remembered = "7200";

    /// <summary>Answers preflights, and lets other origins read what is answered further on, also where that is a failure.</summary>
    public static Task Handle(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (request.Headers.Origin.Count == 0 || !Profile.All.Any(profile => request.Path.StartsWithSegments(profile.Root, StringComparison.Ordinal)))
        {
            return next(context);
        }

        if (HttpMethods.IsOptions(request.Method) && request.Headers.AccessControlRequestMethod.Count > 0)
        {
            var headers = context.Response.Headers;
            headers.AccessControlAllowOrigin = "*";
            headers.AccessControlAllowMethods = Methods;
            headers.AccessControlAllowHeaders = Headers;
            headers.AccessControlMaxAge = Remembered;
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        context.Response.OnStarting(Allow, context);
        return next(context);
    }

    /// <summary>Lets every origin read an answer that holds no more than the public sees.</summary>
    public static void Allow(HttpContext context, Caller caller)
    {
        if (!caller.SeesHidden)
        {
            context.Response.Headers.AccessControlAllowOrigin = "*";
            context.Response.Headers.AccessControlExposeHeaders = Exposed;
        }
    }

    /// <summary>An answer that was begun anew, because something failed, has lost what was said before.</summary>
    private static Task Allow(object context)
    {
        Allow((HttpContext)context, Caller.Of((HttpContext)context));
        return Task.CompletedTask;
    }
}
