using System.Text.Json.Nodes;
using Madang.Operations;

namespace Madang.Web;

/// <summary>The page on which an automation is written.</summary>
/// <param name="Visit">The reader and the page.</param>
/// <param name="Known">The automation that is changed; null for a new one, which begins dry.</param>
/// <param name="When">The kind of trigger whose fields are shown.</param>
/// <param name="Does">The kind of act whose fields are shown.</param>
/// <param name="Data">What stands in the fields at first.</param>
/// <param name="Groups">The fields.</param>
public sealed record AutomationFormView(Visit Visit, KnownAutomation? Known, string When, string Does, JsonObject Data, IReadOnlyList<DataGroup> Groups)
{
    /// <summary>The form as it was sent.</summary>
    public Filled Filled { get; init; } = Filled.Empty;

    /// <summary>What the automation of the form would do, in a sentence; null while nobody asked.</summary>
    public RuleText? Preview { get; init; }

    /// <summary>The revision from which the reader began; 0 for a new one.</summary>
    public int Seen => Math.Max(Known?.InForce?.Revision ?? 0, Known?.Proposed?.Revision ?? 0);
}
