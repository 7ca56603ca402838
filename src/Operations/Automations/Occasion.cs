namespace Madang.Operations.Automations;

/// <summary>What starts an automation, once.</summary>
/// <param name="Cause">A word of its own, such as <c>alert:5:warning</c>.</param>
/// <param name="Where">Where it is, as people call it.</param>
internal sealed record Occasion(string Cause, RuleText Where)
{
    public static readonly RuleText City = new("시 전체", "The whole city");

    /// <summary>The codes of the districts in which it is; null for the whole city.</summary>
    public IReadOnlyList<string>? Districts { get; init; }

    public long? Alert { get; init; }

    public long? Incident { get; init; }

    /// <summary>True when somebody starts it by hand, to see what it would do.</summary>
    public bool IsTrial { get; init; }

    /// <summary>A text with the place filled in.</summary>
    public RuleText Fill(RuleText text) => new(text.Ko.Replace("{where}", Where.Ko, StringComparison.Ordinal), text.En.Replace("{where}", Where.En, StringComparison.Ordinal));
}
