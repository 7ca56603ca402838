namespace Madang.Operations.Air;

/// <summary>
/// The mean of 24 hours as it will probably be, of particles (24시간 예측이동평균, 환경부·한국환경공단 에어코리아): the last twelve hours
/// stand for the half that was, the last four for the half that comes. <c>C24E = (12·C12 + 12·C4) / 24</c>.
/// </summary>
internal static class PredictedMean
{
    private const int Long = 12, Short = 4;

    /// <summary>Of a stretch, at least so much must be known for its mean to count.</summary>
    private const double Complete = 0.75;

    /// <summary>High values between these shares of C12 are expected to sink by a quarter.</summary>
    private const double Low = 0.9, High = 1.7, Sinking = 0.75;

    /// <summary>The value from which an hour is high, ㎍/㎥.</summary>
    private static readonly Dictionary<string, double> HighFrom = new() { ["pm10"] = 70, ["pm25"] = 30 };

    /// <summary>True for measures that have one.</summary>
    public static bool Covers(string measure) => HighFrom.ContainsKey(measure);

    /// <summary>The predicted mean in ㎍/㎥; null for other measures, and where too few of the hours are known.</summary>
    /// <param name="measure">The measure's code.</param>
    /// <param name="hours">Hourly means, the newest last; null where nothing is known. Of more than twelve the last twelve count.</param>
    public static double? Of(string measure, IReadOnlyList<double?> hours)
    {
        if (!HighFrom.TryGetValue(measure, out var highFrom) || MeanOf(hours.TakeLast(Long), Long) is not { } c12)
        {
            return null;
        }

        var c4 = MeanOf(hours.TakeLast(Short).Select(hour => hour is { } value ? Expected(value, c12, highFrom) : (double?)null), Short);
        return ((12 * c12) + (12 * c4)) / 24;
    }

    private static double Expected(double hour, double c12, double highFrom) => hour < highFrom || hour / c12 is < Low or > High ? hour : hour * Sinking;

    private static double? MeanOf(IEnumerable<double?> hours, int all)
    {
        List<double> known = [.. hours.OfType<double>()];
        return known.Count >= Complete * all ? known.Average() : null;
    }
}
