using Madang.Operations;

namespace Madang.Web;

/// <summary>The page of one automation: what it does, what came of it, and what waits for a second person.</summary>
/// <param name="Visit">The reader and the page.</param>
/// <param name="Known">What is in force, and what waits.</param>
/// <param name="Revisions">Every revision, the newest first.</param>
/// <param name="Runs">Its runs, the newest first.</param>
public sealed record AutomationView(Visit Visit, KnownAutomation Known, IReadOnlyList<AutomationRevision> Revisions, IReadOnlyList<AutomationRun> Runs)
{
    /// <summary>So many runs are a page.</summary>
    public const int Top = 30;

    /// <summary>The form as it was sent.</summary>
    public Filled Filled { get; init; } = Filled.Empty;

    /// <summary>What was done now, in words.</summary>
    public string? Done { get; init; }

    /// <summary>True for who may change it.</summary>
    public bool MayWrite { get; init; }

    /// <summary>What is shown: what is in force, else what waits.</summary>
    public AutomationRevision Shown => (Known.InForce ?? Known.Proposed)!;
}
