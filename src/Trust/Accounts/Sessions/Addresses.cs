using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Madang.Trust.Accounts.Sessions;

/// <summary>By which address people know this city, and whether a request came safely.</summary>
internal sealed class Addresses(IOptions<AccountsOptions> options, IServiceProvider services)
{
    private Uri? Public => options.Value.PublicAddress is { Length: > 0 } address ? new Uri(address) : null;

    /// <summary>True when the browser spoke TLS, with this server or with the proxy of the public address.</summary>
    public bool IsSecure(HttpRequest request) => request.IsHttps || (Public is { Scheme: "https" } known && known.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));

    /// <summary>True when a secret may be sent: over TLS, or on this machine alone.</summary>
    public bool MaySignIn(HttpRequest request) => IsSecure(request) || IsLocal(request.Host.Host);

    /// <summary>
    /// The beginning of links in letters. Never from the request: whoever writes its Host would receive the links (OWASP,
    /// host header injection).
    /// </summary>
    public string Origin => Public?.GetLeftPart(UriPartial.Authority) ?? Listening() ?? "http://localhost:8080";

    private static bool IsLocal(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>Passkeys and cookies know the machine as localhost.</summary>
    private string? Listening() => services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
        ?.Replace("//127.0.0.1", "//localhost", StringComparison.Ordinal).Replace("//[::]", "//localhost", StringComparison.Ordinal).Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal).Replace("//+", "//localhost", StringComparison.Ordinal).TrimEnd('/');
}
