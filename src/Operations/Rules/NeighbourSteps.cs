namespace Madang.Operations.Rules;

/// <summary>The steps of a datastream against its neighbours.</summary>
internal static class NeighbourSteps
{
    /// <summary>Each value less the median of those that told of the same step; null while fewer than <see cref="Neighbours.Fewest"/> did.</summary>
    public static IEnumerable<Step> Of(IEnumerable<Step> own, IEnumerable<Step> others)
    {
        var told = others.Where(step => step.Value is not null).ToLookup(step => (step.From, step.To), step => step.Value!.Value);
        return own.Select(step => step with { Value = step.Value is { } value && told[(step.From, step.To)].Order().ToList() is { Count: >= Neighbours.Fewest } near ? value - Median(near) : null });
    }

    private static double Median(List<double> sorted) => (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
}
