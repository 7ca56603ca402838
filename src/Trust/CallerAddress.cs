using System.Net;
using System.Net.Sockets;

namespace Madang.Trust;

/// <summary>The remote address that limits count by.</summary>
public static class CallerAddress
{
    /// <summary>The address as text; null for this machine, which has no limits. An IPv6 household has a /64 to itself and counts as one address.</summary>
    public static string? Find(IPAddress? from)
    {
        if (from is null || IPAddress.IsLoopback(from))
        {
            return null;
        }

        if (from.IsIPv4MappedToIPv6 || from.AddressFamily == AddressFamily.InterNetwork)
        {
            return from.MapToIPv4().ToString();
        }

        var bytes = from.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes).ToString();
    }
}
