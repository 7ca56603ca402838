namespace Madang.Operations.Rules;

/// <summary>What a rule goes by besides readings.</summary>
internal static class Following
{
    /// <summary>Facts stand among the ids of rules by this and their name; no id of a rule has a colon.</summary>
    public const string Facts = "facts:";

    /// <summary>The name under which incidents are followed.</summary>
    public const string Incidents = Facts + "incidents";

    /// <summary>True for a rule that goes by the moves of others, or by facts of another module.</summary>
    public static bool Follows(this Rule rule) => rule.Signal is CountSignal or CombinationSignal or FactsSignal;

    /// <summary>The other rules, each with the field that names it.</summary>
    public static IReadOnlyList<(RuleUse Use, string Field)> UsesOf(Rule rule) => rule.Signal switch
    {
        CountSignal count => [(new RuleUse(count.Rule, count.Level), "signal")],
        CombinationSignal combination => [.. combination.Rules.Select((use, index) => (use, FormattableString.Invariant($"signal.rules[{index}]")))],
        _ => [],
    };

    /// <summary>All that it goes by.</summary>
    public static IReadOnlyList<string> KeysOf(Rule rule) => rule.Signal is FactsSignal ? [Incidents] : [.. UsesOf(rule).Select(each => each.Use.Rule).Distinct()];
}
