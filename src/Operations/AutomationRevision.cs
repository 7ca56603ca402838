namespace Madang.Operations;

/// <summary>An automation as somebody wrote it once; its body never changes.</summary>
/// <param name="Id">Its own word, such as <c>pm-warning-notice</c>.</param>
/// <param name="Revision">Counts from 1.</param>
/// <param name="Automation">The automation.</param>
/// <param name="IsOn">True when it runs while it is in force; false when it rests.</param>
/// <param name="State">What became of it.</param>
/// <param name="MadeBy">Who wrote it, an opaque id; null when it came with Madang.</param>
/// <param name="MadeAt">When.</param>
public sealed record AutomationRevision(string Id, int Revision, Automation Automation, bool IsOn, RuleReview State, string? MadeBy, DateTimeOffset MadeAt)
{
    /// <summary>Who approved or refused it; null while nobody did, and where no second person was needed.</summary>
    public string? ReviewedBy { get; init; }

    /// <summary>When it was approved or refused.</summary>
    public DateTimeOffset? ReviewedAt { get; init; }

    /// <summary>What the reviewer said.</summary>
    public string? Note { get; init; }

    /// <summary>From when it is in force; null when it never was.</summary>
    public DateTimeOffset? InForceAt { get; init; }
}

/// <summary>An automation of the city: what is in force of it, and what waits for a second person.</summary>
/// <param name="Id">Its own word.</param>
/// <param name="InForce">The newest revision that was approved; null when there is none yet.</param>
/// <param name="Proposed">The revision that waits for review; null when none does.</param>
/// <param name="PausedAt">When it paused itself, because it ran too often; null while it does not.</param>
public sealed record KnownAutomation(string Id, AutomationRevision? InForce, AutomationRevision? Proposed, DateTimeOffset? PausedAt)
{
    /// <summary>True when it runs.</summary>
    public bool Runs => InForce is { IsOn: true } && PausedAt is null;
}
