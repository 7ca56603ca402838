using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Madang.Trust;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace Madang.Server.Hosting;

/// <summary>One remote address may ask only so often; this machine as often as it likes.</summary>
internal static class CallerLimits
{
    private const int Burst = 10;

    public static void AddCallerLimits(this IServiceCollection services)
    {
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<ServerOptions>>((limiter, server) =>
        {
            var perSecond = server.Value.RequestsPerSecond;
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => Partition(context.Connection.RemoteIpAddress, perSecond));
            limiter.OnRejected = (rejected, _) =>
            {
                var retryAfter = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1);
                rejected.HttpContext.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
                return new ValueTask(Problems.Write(rejected.HttpContext, StatusCodes.Status429TooManyRequests, "too-many-requests", $"One address may make {perSecond} requests a second."));
            };
        });
    }

    internal static RateLimitPartition<string> Partition(IPAddress? from, int perSecond) =>
        perSecond == 0 || CallerAddress.Find(from) is not { } address
            ? RateLimitPartition.GetNoLimiter("this machine")
            : RateLimitPartition.GetTokenBucketLimiter(address, _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = perSecond * Burst,
                TokensPerPeriod = perSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                QueueLimit = 0,
            });
}
