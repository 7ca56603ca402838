using System.Runtime.InteropServices;

namespace Madang.Operations.Rules;

/// <summary>The steps of an area, from those of its stations one after the other: of each step only a sum is held, however many stations there are.</summary>
/// <param name="across">What is taken of the stations.</param>
/// <param name="measure">The measure, as <see cref="StepSignals.JudgedAs"/> takes it.</param>
internal sealed class AreaSteps(RuleSum across, string? measure)
{
    private readonly Dictionary<(DateTimeOffset From, DateTimeOffset To), (int Known, double Value)> steps = [];

    /// <summary>Adds a station; of its steps those without a value say only that the step was.</summary>
    public void Add(IEnumerable<Step> station)
    {
        foreach (var step in station)
        {
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(steps, (step.From, step.To), out _);
            if (step.Value is { } mine)
            {
                sum = (sum.Known + 1, sum.Known == 0 ? mine : Join(sum.Value, mine));
            }
        }
    }

    /// <summary>In order of time.</summary>
    public IReadOnlyList<Step> Steps()
    {
        var judged = StepSignals.JudgedAs(measure);
        return [.. steps.OrderBy(step => step.Key).Select(step => new Step(
            step.Key.From, step.Key.To, step.Value.Known == 0 ? null : judged(across == RuleSum.Mean ? step.Value.Value / step.Value.Known : step.Value.Value)))];
    }

    private double Join(double one, double other) => across switch { RuleSum.Max => Math.Max(one, other), RuleSum.Min => Math.Min(one, other), _ => one + other };
}
