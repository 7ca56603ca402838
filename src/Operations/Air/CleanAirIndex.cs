namespace Madang.Operations.Air;

/// <summary>The sub-index of one pollutant.</summary>
/// <param name="Measure">Its code.</param>
/// <param name="Value">Its concentration as the country publishes it: whole ㎍/㎥, thousandths of a ppm (carbon monoxide: hundredths).</param>
/// <param name="Index">0 to 500.</param>
internal sealed record SubIndex(string Measure, double Value, int Index);

/// <summary>The comprehensive air-quality index of a place at an hour.</summary>
/// <param name="Index">0 to 500; null when one of the pollutants that it needs is missing.</param>
/// <param name="Added">What was added to the highest sub-index because several are unhealthy: 0, 50 or 75.</param>
/// <param name="Parts">The sub-indices, the highest first.</param>
/// <param name="Missing">The needed pollutants of which nothing is known.</param>
internal sealed record AirIndex(int? Index, int Added, IReadOnlyList<SubIndex> Parts, IReadOnlyList<string> Missing)
{
    /// <summary>The grade of the index; null without one.</summary>
    public AirGrade? Grade => Index is { } index ? CleanAirIndex.GradeOf(index) : null;
}

/// <summary>
/// 통합대기환경지수 (CAI): 환경부, 한국환경공단 에어코리아 "통합대기환경지수". Each pollutant's concentration is laid on a scale from
/// 0 to 500 by lines between the limits of four groups; the highest counts, and more when several are unhealthy.
/// </summary>
internal static class CleanAirIndex
{
    /// <summary>Where an index of the third group begins, which is unhealthy.</summary>
    private const int Unhealthy = 101;

    private const int TwoUnhealthy = 50, ThreeUnhealthy = 75, Highest = 500;

    /// <summary>The lowest and the highest index of each group.</summary>
    private static readonly (int From, int To)[] Groups = [(0, 50), (51, 100), (101, 250), (251, Highest)];

    /// <summary>The highest concentration of each group: ppm, and ㎍/㎥ for particles (mean or predicted mean of 24 hours).</summary>
    private static readonly Dictionary<string, double[]> Limits = new()
    {
        ["so2"] = [0.020, 0.050, 0.150, 1],
        ["no2"] = [0.030, 0.060, 0.200, 2],
        ["co"] = [2, 9, 15, 50],
        ["o3"] = [0.030, 0.090, 0.150, 0.600],
        ["pm10"] = [30, 80, 150, 600],
        ["pm25"] = [15, 35, 75, 500],
    };

    /// <summary>Without one of these there is no index.</summary>
    private static readonly string[] Needed = ["pm10", "pm25", "no2", "o3"];

    /// <summary>The pollutants that have a sub-index.</summary>
    public static IReadOnlyCollection<string> Measures => Limits.Keys;

    /// <summary>The sub-index of a concentration; null when the measure has none, or the value is below zero.</summary>
    public static SubIndex? Of(string measure, double value)
    {
        var shown = Operations.Measures.Published(measure, value);
        if (!Limits.TryGetValue(measure, out var limits) || !(shown >= 0))
        {
            return null;
        }

        var group = Array.FindIndex(limits, limit => shown <= limit);
        if (group < 0)
        {
            return new SubIndex(measure, shown, Highest);
        }

        // A group begins one step of what is published above the limit of the one before it.
        var from = group == 0 ? 0 : limits[group - 1] + Math.Pow(10, -Operations.Measures.Decimals(measure));
        var (low, high) = Groups[group];
        return new SubIndex(measure, shown, (int)Math.Round(((high - low) / (limits[group] - from) * (shown - from)) + low, MidpointRounding.AwayFromZero));
    }

    /// <summary>The index of a place from the concentrations that are known, by measure.</summary>
    public static AirIndex Of(IReadOnlyDictionary<string, double> values)
    {
        List<SubIndex> parts = [.. values.Select(each => Of(each.Key, each.Value)).OfType<SubIndex>().OrderByDescending(part => part.Index).ThenBy(part => part.Measure, StringComparer.Ordinal)];
        List<string> missing = [.. Needed.Where(measure => parts.TrueForAll(part => part.Measure != measure))];
        if (missing.Count > 0)
        {
            return new AirIndex(null, 0, parts, missing);
        }

        var added = parts.Count(part => part.Index >= Unhealthy) switch { >= 3 => ThreeUnhealthy, 2 => TwoUnhealthy, _ => 0 };
        return new AirIndex(Math.Min(parts[0].Index + added, Highest), added, parts, []);
    }

    /// <summary>The grade of an index.</summary>
    public static AirGrade GradeOf(int index) => (AirGrade)Array.FindIndex(Groups, group => index <= group.To);
}
