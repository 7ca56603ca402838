using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Trust.Access;

/// <summary>
/// A caller may write who sits on this machine or holds the write key. "On this machine" means a loopback address or a
/// Unix socket, a Host of this machine (a web page that rebinds its name to 127.0.0.1 has another), no other Origin, and no
/// forwarding header (behind a proxy every caller looks local).
/// </summary>
internal sealed class LocalOrKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> schemes, ILoggerFactory loggers, UrlEncoder encoder, IOptionsMonitor<TrustOptions> trust)
    : AuthenticationHandler<AuthenticationSchemeOptions>(schemes, loggers, encoder)
{
    public new const string Scheme = "local-or-key";
    public const string Writer = "writer";

    private static readonly HashSet<string> ForwardingHeaders = new(
        ["Forwarded", "Via", "X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP", "True-Client-IP", "CF-Connecting-IP", "Fastly-Client-IP"], StringComparer.OrdinalIgnoreCase);

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization.ToString() is { Length: > 0 } header)
        {
            return Task.FromResult(HoldsKey(header) ? Success("key") : AuthenticateResult.Fail("The write key is wrong."));
        }

        return Task.FromResult(IsLocal(Request) ? Success("local") : AuthenticateResult.NoResult());
    }

    private bool HoldsKey(string header)
    {
        const string prefix = "Bearer ";
        return trust.CurrentValue.WriteKey is { } key
            && header.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header[prefix.Length..])), SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }

    private static bool IsLocal(HttpRequest request)
    {
        var from = request.HttpContext.Connection.RemoteIpAddress;
        var headers = request.Headers;
        return (from is null || IPAddress.IsLoopback(from))
            && IsLocalName(request.Host.Host)
            && !headers.Keys.Any(IsForwarding)
            && (headers["Sec-Fetch-Site"].Count == 0 || headers["Sec-Fetch-Site"] == "same-origin" || headers["Sec-Fetch-Site"] == "none")
            && (headers.Origin.Count == 0 || (Uri.TryCreate(headers.Origin, UriKind.Absolute, out var origin) && origin.Authority == request.Host.Value));
    }

    private static bool IsForwarding(string header) =>
        header.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase) || ForwardingHeaders.Contains(header);

    private static bool IsLocalName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static AuthenticateResult Success(string name) =>
        AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Name, name), new(ClaimTypes.Role, Writer)], Scheme)), Scheme));
}
