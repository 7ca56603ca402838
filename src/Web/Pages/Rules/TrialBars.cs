using Madang.Operations;

namespace Madang.Web.Pages.Rules;

/// <summary>A stretch of time in which a level would have been in force.</summary>
/// <param name="From">Where it begins, in per cent of the time that was tried.</param>
/// <param name="Width">How long it is, in per cent; at least so much that it can be seen.</param>
/// <param name="Step">The level as a number, 1 for the lowest.</param>
internal sealed record TrialBar(double From, double Width, int Step);

/// <summary>What a rule would have done, as bars along the time.</summary>
internal static class TrialBars
{
    private const double Thinnest = 0.2;

    public static IReadOnlyList<TrialBar> Of(RuleTrial trial, TrialSubject subject, IReadOnlyList<RuleLevel> levels)
    {
        var bars = new List<TrialBar>();
        var (whole, since, step) = (trial.To - trial.From, trial.From, 0);
        foreach (var (at, level) in subject.Moves.Select(move => (move.At, StepOf(levels, move.Level))).Append((trial.To, 0)))
        {
            if (step > 0 && at > since)
            {
                bars.Add(new TrialBar((since - trial.From) / whole * 100, Math.Max(Thinnest, (at - since) / whole * 100), step));
            }

            (since, step) = (at < trial.From ? trial.From : at, level);
        }

        return bars;
    }

    private static int StepOf(IReadOnlyList<RuleLevel> levels, string? name)
    {
        for (var index = 0; index < levels.Count; index++)
        {
            if (levels[index].Name == name)
            {
                return index + 1;
            }
        }

        return 0;
    }
}
