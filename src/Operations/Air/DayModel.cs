namespace Madang.Operations.Air;

/// <summary>A day to foretell and what is known for it.</summary>
/// <param name="Day">The day that is foretold.</param>
/// <param name="Last">The last mean that is known, ㎍/㎥.</param>
/// <param name="Before">The mean of the day before that.</param>
/// <param name="Value">What it was; not a number while nobody knows.</param>
internal readonly record struct DaySample(DateOnly Day, double Last, double Before, double Value);

/// <summary>
/// Foretells a daily mean: a straight line through the last day's mean and that of the day before it, by least squares; with the
/// season, as one wave of a year, once a whole year is known (before, the wave would be drawn past what was seen).
/// </summary>
internal sealed class DayModel
{
    /// <summary>So many days make a year's wave known.</summary>
    private const int WholeYear = 330;

    /// <summary>Keeps a system solvable in which a column says nothing.</summary>
    private const double Ridge = 1e-6;

    private readonly double[] weights;
    private readonly bool withSeason;

    private DayModel(double[] weights, bool withSeason) => (this.weights, this.withSeason) = (weights, withSeason);

    public static DayModel Fit(IReadOnlyCollection<DaySample> samples)
    {
        var withSeason = samples.Max(sample => sample.Day.DayNumber) - samples.Min(sample => sample.Day.DayNumber) >= WholeYear;
        var size = Row(default, withSeason).Length;
        var system = new double[size, size + 1];
        foreach (var sample in samples)
        {
            var row = Row(sample, withSeason);
            for (var line = 0; line < size; line++)
            {
                for (var column = 0; column < size; column++)
                {
                    system[line, column] += row[line] * row[column];
                }

                system[line, size] += row[line] * sample.Value;
            }
        }

        for (var line = 0; line < size; line++)
        {
            system[line, line] += Ridge;
        }

        return new DayModel(Solve(system, size), withSeason);
    }

    /// <summary>The mean that is expected, ㎍/㎥; never below zero.</summary>
    public double Foretell(DaySample sample) => Math.Max(0, Row(sample, withSeason).Zip(weights, (one, weight) => one * weight).Sum());

    private static double[] Row(DaySample sample, bool withSeason)
    {
        if (!withSeason)
        {
            return [1, sample.Last, sample.Before];
        }

        var angle = 2 * Math.PI * sample.Day.DayOfYear / 365.25;
        return [1, sample.Last, sample.Before, Math.Sin(angle), Math.Cos(angle)];
    }

    /// <summary>Gauss and Jordan, the greatest first.</summary>
    private static double[] Solve(double[,] system, int size)
    {
        for (var at = 0; at < size; at++)
        {
            var best = Enumerable.Range(at, size - at).MaxBy(line => Math.Abs(system[line, at]));
            for (var column = 0; column <= size; column++)
            {
                (system[at, column], system[best, column]) = (system[best, column], system[at, column]);
            }

            for (var line = 0; line < size; line++)
            {
                var factor = line == at ? 0 : system[line, at] / system[at, at];
                for (var column = at; factor != 0 && column <= size; column++)
                {
                    system[line, column] -= factor * system[at, column];
                }
            }
        }

        return [.. Enumerable.Range(0, size).Select(line => system[line, size] / system[line, line])];
    }
}
