using Madang.Sensing;

namespace Madang.Operations.Live;

/// <summary>Findings as bits: a city of many sensors remembers a set of them for each datastream, and there are only so many sets.</summary>
internal static class FindingSet
{
    private static readonly SensorFinding[] All = Enum.GetValues<SensorFinding>();

    private static readonly IReadOnlyList<SensorFinding>[] Sets = [.. Enumerable.Range(0, 1 << All.Length).Select(set => (IReadOnlyList<SensorFinding>)[.. All.Where((_, bit) => (set & (1 << bit)) != 0)])];

    /// <summary>The findings of a set, in their order; one list for all who have the same.</summary>
    public static IReadOnlyList<SensorFinding> Of(byte set) => Sets[set];

    /// <summary>A set with a finding that began, or without one that ended.</summary>
    public static byte With(byte set, SensorFinding finding, bool began)
    {
        var bit = (byte)(1 << Array.IndexOf(All, finding));
        return began ? (byte)(set | bit) : (byte)(set & ~bit);
    }

    /// <summary>What is in at least one of them.</summary>
    public static IReadOnlyList<SensorFinding> Union(IEnumerable<byte> sets) => Sets[sets.Aggregate(0, (all, set) => all | set)];
}
