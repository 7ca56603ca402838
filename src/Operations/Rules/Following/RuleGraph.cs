using Madang.Kernel;

namespace Madang.Operations.Rules;

/// <summary>Which rules go by which, and whether they can.</summary>
/// <param name="inForce">The newest approved revision of each rule.</param>
internal sealed class RuleGraph(IEnumerable<RuleRevision> inForce)
{
    /// <summary>The most rules one above the other.</summary>
    public const int Deepest = 3;

    /// <summary>The lock under which rules are written one after the other; no id of a rule is empty.</summary>
    public const string Lock = "";

    private readonly Dictionary<string, (Rule Rule, bool IsOn)> rules = inForce.ToDictionary(revision => revision.Id, revision => (revision.Rule, revision.IsOn));

    /// <summary>Whether a rule can be written: by what it goes by, and by those that go by it.</summary>
    /// <exception cref="InvalidInputException">What it names does not fit, by the name of the field.</exception>
    /// <exception cref="CityRuleException">Others go by it and could not any more (409, naming them).</exception>
    public void CheckWrite(string id, Rule rule, bool isOn)
    {
        Check(id, rule, isOn);
        rules[id] = (rule, isOn);
        foreach (var (user, known) in rules.Where(each => each.Value.IsOn && each.Key != id).OrderBy(each => each.Key, StringComparer.Ordinal).ToList())
        {
            if (PathsOf(user).Any(path => path.Contains(id)))
            {
                try
                {
                    Check(user, known.Rule, true);
                }
                catch (InvalidInputException wrong)
                {
                    throw new CityRuleException("rule-is-used", $"The rule '{user}' goes by this one and could not any more ({wrong.Message}). Change it or switch it off first.");
                }
            }
        }
    }

    /// <summary>Whether a rule can go by what it names.</summary>
    public void Check(string id, Rule rule, bool isOn)
    {
        rules[id] = (rule, isOn);
        foreach (var (use, field) in Following.UsesOf(rule))
        {
            RuleCheck.Need(rules.TryGetValue(use.Rule, out var used), field + ".rule", "is no rule that is in force");
            RuleCheck.Need(!isOn || used.IsOn, field + ".rule", $"rests: '{use.Rule}' is to be switched on first");
            RuleCheck.Need(used.Rule.Data == rule.Data, field + ".rule", "is of the other world: real and simulated data are never mixed");
            RuleCheck.Need(use.Level is null || used.Rule.Levels.Any(level => level.Name == use.Level), field + ".level", $"is no level of '{use.Rule}'");
            RuleCheck.Need(!rule.IsPublic || used.Rule.IsPublic || used.Rule.Signal is FactsSignal, "isPublic", $"is false, since '{use.Rule}' is not told to everybody");
            RuleCheck.Need(rule.Signal is not CountSignal || used.Rule.Each == RuleSubject.Datastream, field + ".rule", "is a rule that speaks for each datastream");
            RuleCheck.Need(rule.Signal is not CombinationSignal || used.Rule.Each >= rule.Each, field + ".rule", "speaks for less than this one; what speaks for each datastream can be counted");
        }

        foreach (var path in PathsOf(id))
        {
            var field = path.Count > 1 ? Following.UsesOf(rule).First(each => each.Use.Rule == path[1]).Field + ".rule" : "signal";
            RuleCheck.Need(path.Distinct().Count() == path.Count, field, "goes round in a circle: " + string.Join(" → ", path));
            RuleCheck.Need(path.Count <= Deepest, field, $"is one of more than {Deepest} rules one above the other: " + string.Join(" → ", path));
            RuleCheck.Need(!rule.IsPublic || rules[path[^1]].Rule.Signal is not FactsSignal, "isPublic", $"is false, since '{path[^1]}' tells of what not everybody may know");
        }
    }

    /// <summary>Whether what a rule says comes from facts that not everybody may know, by however many rules.</summary>
    public bool GoesByFacts(string id) => PathsOf(id).Any(path => rules.TryGetValue(path[^1], out var last) && last.Rule.Signal is FactsSignal);

    /// <summary>Every way down from a rule; one that comes upon a rule again, or is too deep, ends there.</summary>
    private IEnumerable<IReadOnlyList<string>> PathsOf(string id)
    {
        var open = new Stack<IReadOnlyList<string>>([[id]]);
        while (open.TryPop(out var path))
        {
            var used = path.Count > Deepest || path.Take(path.Count - 1).Contains(path[^1]) || !rules.TryGetValue(path[^1], out var last) ? [] : Following.UsesOf(last.Rule).Select(each => each.Use.Rule).Distinct().ToList();
            if (used.Count == 0)
            {
                yield return path;
            }

            foreach (var each in used)
            {
                open.Push([.. path, each]);
            }
        }
    }
}
