using Madang.Operations.Air;
using Madang.Sensing;

namespace Madang.Operations.Rules;

/// <summary>Makes the steps of a signal from what was summed up by ten minutes, hour or day.</summary>
internal static class StepSignals
{
    /// <summary>The steps of one station. One of which too few readings are known has no value.</summary>
    /// <param name="signal">Which sum, and how much must be known.</param>
    /// <param name="measure">The measure: pollutants of the air are judged as the country publishes them.</param>
    /// <param name="points">In order of time.</param>
    /// <param name="station">How often it speaks, or nothing, so that one reading is enough; one that speaks once a step, and not of a span, speaks of the step that has just ended.</param>
    public static IEnumerable<Step> Station(MeanSignal signal, string? measure, IEnumerable<SeriesPoint> points, LatestReading station)
    {
        var judged = JudgedAs(measure);
        return points.Select(point =>
        {
            var width = point.To - point.From;
            var expected = station.Cadence is { } every ? Math.Max(1, width / every) : 1;
            var back = station.Cadence >= width && !station.IsSpan ? width : TimeSpan.Zero;
            return new Step(point.From - back, point.To - back, point.Count >= signal.Complete * expected ? judged(Sum(signal.Of, point)) : null);
        });
    }

    /// <summary>How far each hour lies from the mean of the same hour on the days before, of which at least half must be known.</summary>
    public static IEnumerable<Step> Usual(IReadOnlyCollection<Step> hours, int days)
    {
        var values = hours.Where(step => step.Value is not null).ToDictionary(step => step.From, step => step.Value!.Value);
        foreach (var hour in hours)
        {
            List<double> before = [.. Enumerable.Range(1, days).Where(day => values.ContainsKey(hour.From.AddDays(-day))).Select(day => values[hour.From.AddDays(-day)])];
            yield return hour with { Value = hour.Value is { } value && before.Count * 2 >= days ? value - before.Average() : null };
        }
    }

    private static double Sum(RuleSum sum, SeriesPoint point) => sum switch { RuleSum.Max => point.Max, RuleSum.Min => point.Min, _ => point.Mean };

    /// <summary>What makes of a value the one that is judged: a pollutant of the air as the country publishes it, all else as it is.</summary>
    public static Func<double, double> JudgedAs(string? measure) => measure is not null && CleanAirIndex.Measures.Contains(measure) ? value => Measures.Published(measure, value) : value => value;
}
