using Madang.Operations;

namespace Madang.Web;

/// <summary>The page of one rule: what it says, what it said before, and what another one would have done.</summary>
/// <param name="Visit">The reader and the page.</param>
/// <param name="Known">The rule in force, and what waits for a second person.</param>
/// <param name="Revisions">Every revision, the newest first; none for who may not change rules.</param>
public sealed record RuleView(Visit Visit, KnownRule Known, IReadOnlyList<RuleRevision> Revisions)
{
    /// <summary>The days over which a rule can be tried here.</summary>
    public static IReadOnlyList<int> TrialDays { get; } = [7, 30, 365];

    /// <summary>The form as it was sent.</summary>
    public Filled Filled { get; init; } = Filled.Empty;

    /// <summary>What was done now, in words.</summary>
    public string? Done { get; init; }

    /// <summary>What the rule of the form would have done; null while nobody asked.</summary>
    public RuleTrial? Trial { get; init; }

    /// <summary>The rule that was tried.</summary>
    public Rule? Tried { get; init; }

    /// <summary>What is shown: what is in force, else what waits.</summary>
    public RuleRevision Shown => (Known.InForce ?? Known.Proposed)!;

    /// <summary>True when the reader may change rules.</summary>
    public bool MayWrite { get; init; }
}
