namespace Madang.Operations.Live;

/// <summary>How readings of one measure become one figure.</summary>
internal static class Mean
{
    /// <summary>A mean of compass directions says nothing (350° and 10° are not south).</summary>
    public static bool Exists(string measure) => !measure.EndsWith("_direction", StringComparison.Ordinal);

    public static string Method(string measure) => measure == "noise"
        ? "10·log10 of the mean of 10^(L/10): the mean of the energy, because decibels do not add"
        : "arithmetic mean of the newest reading of each datastream";

    /// <summary>What a reading adds to the sum of its measure.</summary>
    public static double Part(string measure, double value) => measure == "noise" ? Math.Pow(10, value / 10) : value;

    /// <summary>The mean of a sum of so many <see cref="Part"/>s, with one more digit than a reader can use, so that a difference of two means is not made wrong by rounding.</summary>
    public static double Of(string measure, double sum, int count)
    {
        var mean = measure == "noise" ? 10 * Math.Log10(sum / count) : sum / count;
        return Math.Round(mean, Measures.Decimals(measure) + 1);
    }
}
