using System.Net;
using System.Net.Sockets;
using Madang.Kernel;

namespace Madang.Sensing.Webhooks;

/// <summary>Where webhooks may be sent: by https to the public internet, so that nobody reaches the city's own network through its server. <see cref="SensingOptions.WebhooksInside"/> allows the rest.</summary>
internal static class WebhookTargets
{
    private const int Longest = 2_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly IPNetwork[] Inside =
    [
        // Special-purpose addresses that are not globally reachable (IANA registries, RFC 6890), and multicast.
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
            "203.0.113.0/24", "224.0.0.0/3", "::/128", "::1/128", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>Top names that never lead to the public internet: RFC 6761, RFC 6762, and <c>internal</c> by ICANN's board (2024); beside RFC 8375's <c>home.arpa</c>.</summary>
    private static readonly string[] NeverPublic = ["localhost", "local", "internal", "invalid", "test"];

    /// <summary>Refuses an address that can never be told.</summary>
    public static Uri Read(string? url, bool inside)
    {
        if (url is not { Length: > 0 and <= Longest } || !Uri.TryCreate(url, UriKind.Absolute, out var read) || !(read.Scheme == Uri.UriSchemeHttps || (inside && read.Scheme == Uri.UriSchemeHttp)) || read.UserInfo.Length > 0 || read.Fragment.Length > 0)
        {
            throw new InvalidInputException("url", $"must be an address such as https://example.org/hook, without a user or a fragment, of at most {Longest} characters");
        }

        return !inside && IsInsideName(read.IdnHost.Trim('[', ']')) ? throw new InvalidInputException("url", "lies inside: webhooks go to the public internet") : read;
    }

    /// <summary>An address that lies inside, or a name that no public one can be: without a dot, or below a name that is kept for use inside.</summary>
    private static bool IsInsideName(string host)
    {
        if (IPAddress.TryParse(host, out var address))
        {
            return IsInside(address);
        }

        var labels = host.TrimEnd('.').Split('.');
        return labels.Length == 1 || NeverPublic.Contains(labels[^1], StringComparer.OrdinalIgnoreCase) || host.TrimEnd('.').EndsWith(".home.arpa", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Refuses a name that leads inside now, as sending to it would be. One that leads nowhere now may lead somewhere when it is told.</summary>
    public static async Task DemandOutside(Uri target, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            var found = await Dns.GetHostAddressesAsync(target.IdnHost, patience.Token);
            if (found.Length > 0 && found.All(IsInside))
            {
                throw new InvalidInputException("url", $"lies inside: '{target.Host}' leads to no public address, and webhooks go to the public internet");
            }
        }
        catch (Exception unknown) when (unknown is SocketException || (unknown is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            // No such name now, or nobody who knows: the sender finds out, and says so.
        }
    }

    public static bool IsInside(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Inside.Any(network => network.Contains(plain));
    }

    /// <summary>Calls that connect to public addresses alone, whatever a name resolves to at that moment, follow no redirect and wait ten seconds.</summary>
    public static HttpClient Client(bool inside) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ConnectCallback = async (context, cancel) =>
        {
            var found = (await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancel)).Where(address => inside || !IsInside(address)).ToArray();
            if (found.Length == 0)
            {
                throw new HttpRequestException("the address lies inside");
            }

            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(found, context.DnsEndPoint.Port, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    })
    { Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = 64 * 1024 };
}
