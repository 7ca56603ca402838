using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Madang.Trust;
using Microsoft.Extensions.Options;

namespace Madang.Server.Hosting;

/// <summary>One remote address may ask only so often; this machine as often as it likes.</summary>
internal sealed class CallerLimits(IOptions<ServerOptions> options) : IDisposable
{
    private const int Burst = 10;

    private readonly int perSecond = options.Value.RequestsPerSecond;
    private readonly PartitionedRateLimiter<string> limiter = PartitionedRateLimiter.Create<string, string>(from => Bucket(from, options.Value.RequestsPerSecond));

    public RequestDelegate Before(RequestDelegate next) => context => MayAsk(context.Connection.RemoteIpAddress, out var wait) ? next(context) : Refuse(context, wait);

    /// <summary>Takes one request from the address's share; when none is left, answers how long to wait.</summary>
    public bool MayAsk(IPAddress? from, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        if (perSecond == 0 || CallerAddress.Find(from) is not { } address)
        {
            return true;
        }

        using var lease = limiter.AttemptAcquire(address);
        wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var told) ? told : TimeSpan.FromSeconds(1);
        return lease.IsAcquired;
    }

    public void Dispose() => limiter.Dispose();

    private Task Refuse(HttpContext context, TimeSpan wait)
    {
        context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Problems.Write(context, StatusCodes.Status429TooManyRequests, "too-many-requests", $"One address may make {perSecond} requests a second.");
    }

    private static RateLimitPartition<string> Bucket(string from, int perSecond) =>
        RateLimitPartition.GetTokenBucketLimiter(from, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = perSecond * Burst,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        });
}
