namespace Madang.Sensing.Rollups;

/// <summary>The sums of one bucket.</summary>
internal readonly record struct Rollup(long Start, long Count, double Sum, double Min, double Max, double Last)
{
    /// <summary>Sums up results that come in order of time into buckets that <paramref name="bucket"/> names.</summary>
    public static List<Rollup> SumUp(IEnumerable<(long Time, double Number)> results, Func<long, long> bucket)
    {
        var rollups = new List<Rollup>();
        foreach (var (time, number) in results)
        {
            Append(rollups, new Rollup(bucket(time), 1, number, number, number, number));
        }

        return rollups;
    }

    /// <summary>Sums up smaller buckets, in order of time, into larger ones.</summary>
    public static List<Rollup> Merge(IEnumerable<Rollup> smaller, Func<long, long> bucket)
    {
        var rollups = new List<Rollup>();
        foreach (var rollup in smaller)
        {
            Append(rollups, rollup with { Start = bucket(rollup.Start) });
        }

        return rollups;
    }

    private static void Append(List<Rollup> rollups, Rollup next)
    {
        if (rollups.Count > 0 && rollups[^1] is var current && current.Start == next.Start)
        {
            rollups[^1] = new Rollup(current.Start, current.Count + next.Count, current.Sum + next.Sum, Math.Min(current.Min, next.Min), Math.Max(current.Max, next.Max), next.Last);
        }
        else
        {
            rollups.Add(next);
        }
    }
}
