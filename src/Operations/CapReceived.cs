namespace Madang.Operations;

/// <summary>A warning of another agency, as it came in CAP 1.2.</summary>
/// <param name="Id">Its number here.</param>
/// <param name="Sender">Who sent it, by the name it gives itself.</param>
/// <param name="Identifier">The sender's name for it.</param>
/// <param name="Sent">When it was sent.</param>
/// <param name="Status"><c>Actual</c>, or <c>Exercise</c>, <c>System</c>, <c>Test</c>, <c>Draft</c>, which are never in force.</param>
/// <param name="Kind"><c>Alert</c>, <c>Update</c> or <c>Cancel</c>.</param>
/// <param name="Scope"><c>Public</c>, or <c>Restricted</c> and <c>Private</c>, which officials alone see.</param>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="Expires">The last end that it names; null for a Cancel without one.</param>
/// <param name="EndedAt">When a later message took its place, or cancelled it; null while none did.</param>
/// <param name="IsInForce">True while it speaks of what is so.</param>
/// <param name="Says">What it says, in each of its languages.</param>
public sealed record CapReceived(
    long Id, string Sender, string Identifier, DateTimeOffset Sent, string Status, string Kind, string Scope, DateTimeOffset ReceivedAt, DateTimeOffset? Expires, DateTimeOffset? EndedAt, bool IsInForce, IReadOnlyList<CapTold> Says);

/// <summary>What a warning says in one language; its texts are the sender's and nobody checked them.</summary>
/// <param name="Language">Such as <c>ko-KR</c>.</param>
/// <param name="Category">Such as <c>Met</c> or <c>Fire</c>.</param>
/// <param name="Event">What happens.</param>
/// <param name="Headline">In one line; null for none.</param>
/// <param name="SenderName">What people call the agency; null where it does not say.</param>
/// <param name="Urgency">How soon to act.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Certainty">How sure it is.</param>
/// <param name="Areas">Where, in words; at most a hundred.</param>
/// <param name="From">Since when; null where it does not say.</param>
/// <param name="Expires">Until when.</param>
public sealed record CapTold(
    string Language, string Category, string Event, string? Headline, string? SenderName, string Urgency, string Severity, string Certainty, IReadOnlyList<string> Areas, DateTimeOffset? From, DateTimeOffset? Expires);
