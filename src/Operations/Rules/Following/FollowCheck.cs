namespace Madang.Operations.Rules;

/// <summary>Whether the fields of a rule that goes by others make sense. Whether the others are there is for <see cref="RuleGraph"/>.</summary>
internal static class FollowCheck
{
    private const int MostRules = 10, LongestWithin = 31 * 1440;

    /// <exception cref="Madang.Kernel.InvalidInputException">A field is wrong, by its name.</exception>
    public static void Check(Rule rule)
    {
        if (!rule.Follows())
        {
            return;
        }

        RuleCheck.Need(rule.Side == RuleSide.Above, "side", "is above for what is counted");
        switch (rule.Signal)
        {
            case CountSignal count:
                CheckUse(new RuleUse(count.Rule, count.Level), "signal");
                CheckWithin(count.WithinMinutes, 0);
                CheckLevels(rule, count.As == CountAs.Share ? 100 : double.MaxValue);
                break;
            case CombinationSignal combination:
                RuleCheck.Need(combination.Rules.Count is >= 1 and <= MostRules && combination.Rules.All(use => use is not null), "signal.rules", $"are 1 to {MostRules}");
                for (var index = 0; index < combination.Rules.Count; index++)
                {
                    var field = $"signal.rules[{index}]";
                    CheckUse(combination.Rules[index], field);
                    RuleCheck.Need(!combination.Rules.Take(index).Contains(combination.Rules[index]), field, "is given twice");
                }

                CheckWhole(rule);
                CheckLevels(rule, combination.Rules.Count);
                break;
            case FactsSignal facts:
                RuleCheck.Need(facts.Kinds.Count <= IncidentKind.All.Count && facts.Kinds.All(kind => IncidentKind.Find(kind) is not null), "signal.kinds", "are codes of kinds of incidents, such as fire");
                CheckWithin(facts.WithinMinutes, 1);
                RuleCheck.Need(rule.Scope is { Measure: null, Unit: null, Kind: null, Tag: null, Polygon.Count: 0, Datastreams.Count: 0 }, "scope", "of facts is districts or regions alone");
                RuleCheck.Need(!rule.IsPublic, "isPublic", "is false for incidents: not everybody may know of them");
                CheckWhole(rule);
                CheckLevels(rule, double.MaxValue);
                break;
        }
    }

    private static void CheckUse(RuleUse use, string field)
    {
        RuleCheck.Need(RuleCheck.IsWord(use.Rule), field + ".rule", "is the id of a rule");
        RuleCheck.Need(use.Level is null || RuleCheck.IsWord(use.Level), field + ".level", "is the name of a level of that rule, or is left out");
    }

    private static void CheckWithin(int minutes, int least) => RuleCheck.Need(minutes >= least && minutes <= LongestWithin, "signal.withinMinutes", $"is a number of minutes from {least} to {LongestWithin}");

    private static void CheckWhole(Rule rule)
    {
        for (var index = 0; index < rule.Levels.Count; index++)
        {
            RuleCheck.Need(double.IsInteger(rule.Levels[index].From), $"levels[{index}].from", "is a whole number");
            RuleCheck.Need(double.IsInteger(rule.Levels[index].Lift), $"levels[{index}].lift", "is a whole number");
        }
    }

    private static void CheckLevels(Rule rule, double most)
    {
        for (var index = 0; index < rule.Levels.Count; index++)
        {
            RuleCheck.Need(rule.Levels[index].From <= most, $"levels[{index}].from", FormattableString.Invariant($"is at most {most}"));
            RuleCheck.Need(rule.Levels[index].Lift > 0, $"levels[{index}].lift", "lies above 0: below nothing there is nothing");
        }
    }
}
