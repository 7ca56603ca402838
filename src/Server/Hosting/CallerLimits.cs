using System.Globalization;
using Madang.Trust;

namespace Madang.Server.Hosting;

/// <summary>One remote address may ask only so often (<see cref="Limits"/>): asked before anything is read or looked up, but after the route is known, which the record tells.</summary>
internal sealed class CallerLimits(Limits limits)
{
    public RequestDelegate Before(RequestDelegate next) => context =>
        limits.TakeAddress(context.Connection.RemoteIpAddress, Doors.IsForPrograms(context.Request.Path) ? context.Response : null) is { } over ? Refuse(context, over.Wait, over.Limit.PerSecond) : next(context);

    private static Task Refuse(HttpContext context, TimeSpan wait, int perSecond)
    {
        context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Problems.Write(context, StatusCodes.Status429TooManyRequests, "too-many-requests", $"One address may make {perSecond} requests a second.");
    }
}
