using System.Net;

namespace Madang.Trust.Access;

/// <summary>The limits in force: found by who asks, the narrowest first.</summary>
internal sealed class LimitTable
{
    private readonly Dictionary<(string Kind, string Subject), Limit> named;
    private readonly List<(IPNetwork Network, Limit Limit)> networks;
    private readonly Dictionary<string, Limit> general;

    public LimitTable(IEnumerable<Limit> limits)
    {
        All = [.. limits];
        general = All.Where(limit => limit.Subject is null).ToDictionary(limit => limit.Kind);
        named = All.Where(limit => limit.Subject is not null && limit.Kind != Limit.Address).ToDictionary(limit => (limit.Kind, limit.Subject!));
        networks = [.. All.Where(limit => limit is { Kind: Limit.Address, Subject: not null }).Select(limit => (Network: IPNetwork.Parse(limit.Subject!), Limit: limit)).OrderByDescending(entry => entry.Network.PrefixLength)];
    }

    public IReadOnlyList<Limit> All { get; }

    /// <summary>What everybody of a kind has; null when nobody set it.</summary>
    public Limit? Find(string kind) => general.GetValueOrDefault(kind);

    /// <summary>What an account or key has by name; null when nothing names it.</summary>
    public Limit? Find(string kind, string subject) => named.GetValueOrDefault((kind, subject));

    /// <summary>What the narrowest network around an address has; null when none is named.</summary>
    public Limit? Find(IPAddress address)
    {
        if (networks.Count == 0)
        {
            return null;
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return networks.Find(entry => entry.Network.Contains(plain)).Limit;
    }
}
