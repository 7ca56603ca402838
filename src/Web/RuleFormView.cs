using System.Text.Json.Nodes;
using Madang.Operations;

namespace Madang.Web;

/// <summary>The page on which a rule is written, with all its fields.</summary>
/// <param name="Visit">The reader and the page.</param>
/// <param name="Known">The rule that is changed; null for a new one.</param>
/// <param name="Signal">The kind of signal whose fields are shown.</param>
/// <param name="Data">What stands in the fields at first.</param>
/// <param name="Groups">The fields.</param>
public sealed record RuleFormView(Visit Visit, KnownRule? Known, string Signal, JsonObject Data, IReadOnlyList<DataGroup> Groups)
{
    /// <summary>The form as it was sent.</summary>
    public Filled Filled { get; init; } = Filled.Empty;

    /// <summary>What the rule of the form would have done; null while nobody asked.</summary>
    public RuleTrial? Trial { get; init; }

    /// <summary>The rule that was tried.</summary>
    public Rule? Tried { get; init; }

    /// <summary>The revision from which the reader began; 0 for a new rule.</summary>
    public int Seen => Math.Max(Known?.InForce?.Revision ?? 0, Known?.Proposed?.Revision ?? 0);
}
