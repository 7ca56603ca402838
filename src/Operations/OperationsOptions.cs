using System.ComponentModel.DataAnnotations;

namespace Madang.Operations;

/// <summary>What viewers of the city may take; configuration section <c>Operations</c>.</summary>
public sealed class OperationsOptions
{
    /// <summary>
    /// True to show the simulated city first, also when real figures come in, as <c>./madang demo</c> does; each page leads to the other. Default false:
    /// the real city as soon as it has a figure.
    /// </summary>
    public bool SimulatedFirst { get; set; }

    /// <summary>
    /// How many live lines (<c>/live/city</c>) one remote address may hold, an IPv6 /64 counting as one; 0 for no limit but the
    /// server's own. Default 50: an office behind one address. This machine has no limit.
    /// </summary>
    [Range(0, 100_000)]
    public int ViewersPerAddress { get; set; } = 50;

    /// <summary>
    /// The name under which the city sends CAP messages, unique in the world (<c>city.example</c>). Default: the host of
    /// <c>Sensing:PublicUrl</c>, else <c>madang.invalid</c>, which is nobody's.
    /// </summary>
    [RegularExpression("[A-Za-z0-9][A-Za-z0-9.@_-]{0,199}")]
    public string? CapSender { get; set; }

    /// <summary>Feeds of warnings of other agencies that are looked at. Default: none.</summary>
    public IReadOnlyList<CapFeedOptions> CapFeeds { get; set; } = [];

    /// <summary>How often each of <see cref="CapFeeds"/> is looked at, in seconds. Default 60; one that fails is looked at more rarely.</summary>
    [Range(30, 3_600)]
    public int CapFeedSeconds { get; set; } = 60;

    /// <summary>Whom people ask about a CAP message (a telephone number, an address). Default: none is named.</summary>
    [StringLength(200)]
    public string? CapContact { get; set; }
}
