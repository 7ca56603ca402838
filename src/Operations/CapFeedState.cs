namespace Madang.Operations;

/// <summary>A feed of warnings that the city looks at, and how that went.</summary>
/// <param name="Url">Where it is.</param>
/// <param name="Provider">The code of the provider in whose name its warnings are taken in.</param>
/// <param name="TriedAt">When it was looked at last; null when it never was.</param>
/// <param name="HeardAt">When it answered last; null when it never did.</param>
/// <param name="Failures">How often it failed since then.</param>
/// <param name="Problem">Why it failed; null while it does not.</param>
public sealed record CapFeedState(string Url, string Provider, DateTimeOffset? TriedAt, DateTimeOffset? HeardAt, int Failures, string? Problem);

/// <summary>A feed of warnings of another agency; an entry of <c>Operations:CapFeeds</c>.</summary>
public sealed class CapFeedOptions
{
    /// <summary>The address of an Atom feed of CAP messages, or of one CAP message; https, and public unless <c>Sensing:WebhooksInside</c> is set.</summary>
    public string Url { get; set; } = "";

    /// <summary>The code of the provider (<c>/api/providers</c>) in whose name its warnings are taken in: they end only what the same provider brought.</summary>
    public string Provider { get; set; } = "";
}
