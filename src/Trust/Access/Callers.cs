using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Madang.Trust.Access;

/// <summary>
/// A caller may write who sits on this machine or holds the write key. "On this machine" means a loopback address or a
/// Unix socket, a Host of this machine (a web page that rebinds its name to 127.0.0.1 has another), no other Origin, and no
/// forwarding header (behind a proxy every caller looks local).
/// </summary>
internal sealed class Callers(IOptionsMonitor<TrustOptions> trust)
{
    public const string Writer = "writer";

    private static readonly HashSet<string> ForwardingHeaders = new(
        ["Forwarded", "Via", "X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP", "True-Client-IP", "CF-Connecting-IP", "Fastly-Client-IP"], StringComparer.OrdinalIgnoreCase);

    private static readonly AuthenticateResult Local = Success("local"), KeyHolder = Success("key"), WrongKey = AuthenticateResult.Fail("The write key is wrong."), Unknown = AuthenticateResult.NoResult();

    /// <summary>Who sends this request. The same caller is always the same object.</summary>
    public AuthenticateResult Find(HttpRequest request)
    {
        if (request.Headers.Authorization.ToString() is { Length: > 0 } header)
        {
            return HoldsKey(header) ? KeyHolder : WrongKey;
        }

        return IsLocal(request) ? Local : Unknown;
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
            && !IsForwarded(headers)
            && (headers["Sec-Fetch-Site"] is not { Count: > 0 } site || site == "same-origin" || site == "none")
            && (headers.Origin.Count == 0 || (Uri.TryCreate(headers.Origin, UriKind.Absolute, out var origin) && origin.Authority == request.Host.Value));
    }

    private static bool IsForwarded(IHeaderDictionary headers)
    {
        foreach (var (name, _) in headers)
        {
            if (name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase) || ForwardingHeaders.Contains(name))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsLocalName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.AsSpan().Trim("[]"), out var address) && IPAddress.IsLoopback(address));

    private static AuthenticateResult Success(string name) => AuthenticateResult.Success(new AuthenticationTicket(
        new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Name, name), new(ClaimTypes.Role, Writer)], LocalOrKeyHandler.Scheme)), LocalOrKeyHandler.Scheme));
}
