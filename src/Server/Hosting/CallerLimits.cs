using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Madang.Server.Hosting;

/// <summary>One remote address may ask only so often; this machine as often as it likes.</summary>
internal sealed class CallerLimits(IOptions<ServerOptions> options) : IDisposable
{
    private const int Burst = 10;

    private readonly int perSecond = options.Value.RequestsPerSecond;
    private readonly PartitionedRateLimiter<IPAddress> limiter = PartitionedRateLimiter.Create<IPAddress, string>(from => Bucket(from, options.Value.RequestsPerSecond));

    public RequestDelegate Before(RequestDelegate next) => context => MayAsk(context.Connection.RemoteIpAddress, out var wait) ? next(context) : Refuse(context, wait);

    /// <summary>Takes one request from the address's share; when none is left, answers how long to wait.</summary>
    public bool MayAsk(IPAddress? from, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        if (perSecond == 0 || from is null || IPAddress.IsLoopback(from))
        {
            return true;
        }

        using var lease = limiter.AttemptAcquire(from);
        wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var told) ? told : TimeSpan.FromSeconds(1);
        return lease.IsAcquired;
    }

    public void Dispose() => limiter.Dispose();

    private Task Refuse(HttpContext context, TimeSpan wait)
    {
        context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Problems.Write(context, StatusCodes.Status429TooManyRequests, "too-many-requests", $"One address may make {perSecond} requests a second.");
    }

    private static RateLimitPartition<string> Bucket(IPAddress from, int perSecond) =>
        RateLimitPartition.GetTokenBucketLimiter(Key(from), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = perSecond * Burst,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        });

    /// <summary>An IPv6 household has a /64 to itself; it counts as one address.</summary>
    private static string Key(IPAddress from)
    {
        if (from.IsIPv4MappedToIPv6 || from.AddressFamily == AddressFamily.InterNetwork)
        {
            return from.MapToIPv4().ToString();
        }

        var bytes = from.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes).ToString();
    }
}
