using System.Net;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Madang.Server.Hosting;

/// <summary>
/// Takes a known reverse proxy's word for the caller's address and scheme: the last of <c>X-Forwarded-For</c> and
/// <c>X-Forwarded-Proto</c>, which is what the proxy itself saw. What stands before it anybody may have written. The headers
/// stay, so that whoever came through a proxy is never taken for a caller on this machine.
/// </summary>
internal sealed class Proxies
{
    /// <summary>The word for whoever comes by a Unix socket, who has no address.</summary>
    private const string UnixSocket = "unix";

    private readonly List<IPNetwork> networks;
    private readonly bool bySocket;

    public Proxies(IOptions<ServerOptions> options)
    {
        networks = [.. options.Value.Proxies.Select(Read).OfType<IPNetwork>()];
        bySocket = options.Value.Proxies.Contains(UnixSocket);
    }

    /// <summary>The entry that is neither an address nor a network; null when all are good.</summary>
    public static string? FindWrong(ServerOptions options) => options.Proxies.FirstOrDefault(text => text != UnixSocket && Read(text) is null);

    public RequestDelegate Before(RequestDelegate next) => networks.Count == 0 && !bySocket ? next : context =>
    {
        if (IsKnown(context.Connection.RemoteIpAddress))
        {
            TakeWord(context);
        }

        return next(context);
    };

    private static IPNetwork? Read(string text) =>
        IPNetwork.TryParse(text, out var network) ? network : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8) : null;

    private static void TakeWord(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (Last(headers["X-Forwarded-For"]) is { } from && IPEndPoint.TryParse(from, out var caller))
        {
            (context.Connection.RemoteIpAddress, context.Connection.RemotePort) = (caller.Address, caller.Port);
        }

        if (Last(headers["X-Forwarded-Proto"]) is { } scheme && scheme.ToLowerInvariant() is var known and ("http" or "https"))
        {
            context.Request.Scheme = known;
        }
    }

    private static string? Last(StringValues lines) => lines.Count == 0 ? null : lines[^1]?.Split(',')[^1].Trim();

    private bool IsKnown(IPAddress? address) =>
        address is null ? bySocket : networks.Exists(network => network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));
}
