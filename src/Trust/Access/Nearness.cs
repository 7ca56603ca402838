using System.Net;
using Microsoft.AspNetCore.Http;

namespace Madang.Trust.Access;

/// <summary>
/// Whether a caller sits on this machine: a loopback address or a Unix socket, a Host of this machine (a web page that
/// rebinds its name to 127.0.0.1 has another), no other Origin, and no forwarding header (behind a proxy every caller
/// looks local).
/// </summary>
internal static class Nearness
{
    private static readonly HashSet<string> ForwardingHeaders = new(
        ["Forwarded", "Via", "X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP", "True-Client-IP", "CF-Connecting-IP", "Fastly-Client-IP"], StringComparer.OrdinalIgnoreCase);

    public static bool IsLocal(HttpRequest request)
    {
        var from = request.HttpContext.Connection.RemoteIpAddress;
        var headers = request.Headers;
        return (from is null || IPAddress.IsLoopback(from))
            && IsLocalName(request.Host.Host)
            && !IsForwarded(headers)
            && (headers["Sec-Fetch-Site"] is not { Count: > 0 } site || site == "same-origin" || site == "none")
            && (headers.Origin.Count == 0 || (Uri.TryCreate(headers.Origin, UriKind.Absolute, out var origin) && origin.Authority == request.Host.Value));
    }

    private static bool IsForwarded(IHeaderDictionary headers)
    {
        foreach (var (name, _) in headers)
        {
            if (name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase) || name.StartsWith("X-Original-", StringComparison.OrdinalIgnoreCase) || ForwardingHeaders.Contains(name))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsLocalName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.AsSpan().Trim("[]"), out var address) && IPAddress.IsLoopback(address));
}
