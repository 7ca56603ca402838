using System.Text.Json.Serialization;
using Madang.Operations.Live;

namespace Madang.Operations;

/// <summary>A rule as somebody wrote it once; its body never changes.</summary>
/// <param name="Id">The rule's own word, such as <c>pm25</c>.</param>
/// <param name="Revision">Counts from 1.</param>
/// <param name="Rule">The rule.</param>
/// <param name="IsOn">True when it judges while it is in force; false when it rests.</param>
/// <param name="State">What became of it.</param>
/// <param name="MadeBy">Who wrote it, an opaque id; null when it came with Madang, or that is not kept any more.</param>
/// <param name="MadeAt">When.</param>
public sealed record RuleRevision(string Id, int Revision, Rule Rule, bool IsOn, RuleReview State, string? MadeBy, DateTimeOffset MadeAt)
{
    /// <summary>Who approved or refused it; null while nobody did, where no second person was needed, or that is not kept any more.</summary>
    public string? ReviewedBy { get; init; }

    /// <summary>When it was approved or refused.</summary>
    public DateTimeOffset? ReviewedAt { get; init; }

    /// <summary>What the reviewer said.</summary>
    public string? Note { get; init; }

    /// <summary>From when it is in force; null when it never was.</summary>
    public DateTimeOffset? InForceAt { get; init; }
}

/// <summary>A rule of the city: what is in force of it, and what waits for a second person.</summary>
/// <param name="Id">Its own word.</param>
/// <param name="InForce">The newest revision that was approved; null when there is none yet.</param>
/// <param name="Proposed">The revision that waits for review; null when none does.</param>
public sealed record KnownRule(string Id, RuleRevision? InForce, RuleRevision? Proposed);

/// <summary>What became of a revision.</summary>
[JsonConverter(typeof(KebabEnum<RuleReview>))]
public enum RuleReview
{
    /// <summary>It waits for a second person.</summary>
    Proposed = 1,

    /// <summary>It is, or was, in force.</summary>
    Approved = 2,

    /// <summary>A second person refused it.</summary>
    Refused = 3,

    /// <summary>A later one was written before anybody reviewed it.</summary>
    Overtaken = 4,
}
