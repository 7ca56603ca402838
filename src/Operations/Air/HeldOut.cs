namespace Madang.Operations.Air;

/// <summary>
/// How good a model is on days that it has not seen. The history is cut into stretches that hang together; each is foretold by a
/// model made from the others, without the days next to it, which look too much alike.
/// </summary>
internal static class HeldOut
{
    private const int Stretches = 5, GapDays = 3;

    /// <summary>The last value of a grade that is not bad yet, ㎍/㎥.</summary>
    private static readonly Dictionary<string, double> NotBad = new() { ["pm25"] = 35, ["pm10"] = 80 };

    /// <summary>The skill over all of the history.</summary>
    public static ForecastSkill Of(string place, string measure, int daysAhead, IReadOnlyList<DaySample> samples)
    {
        if (samples.Count < ForecastSkill.FewestDays)
        {
            return new ForecastSkill(place, measure, daysAhead, samples.Count, null, samples.Count == 0 ? null : Score(measure, [.. samples.Select(sample => (sample.Last, sample.Value))]));
        }

        var foretold = new List<(double Foretold, double Value)>();
        for (var stretch = 0; stretch < Stretches; stretch++)
        {
            var (first, end) = (samples.Count * stretch / Stretches, samples.Count * (stretch + 1) / Stretches);
            var model = DayModel.Fit([.. samples.Where(sample => sample.Day < samples[first].Day.AddDays(-GapDays) || sample.Day > samples[end - 1].Day.AddDays(GapDays))]);
            foretold.AddRange(samples.Take(first..end).Select(sample => (model.Foretell(sample), sample.Value)));
        }

        return new ForecastSkill(place, measure, daysAhead, samples.Count, Score(measure, foretold), Score(measure, [.. samples.Select(sample => (sample.Last, sample.Value))]));
    }

    /// <summary>How one way of foretelling did.</summary>
    public static ForecastScore Score(string measure, IReadOnlyList<(double Foretold, double Value)> days)
    {
        var (bad, warned) = (days.Count(day => IsBad(measure, day.Value)), days.Count(day => IsBad(measure, day.Foretold)));
        var hits = days.Count(day => IsBad(measure, day.Foretold) && IsBad(measure, day.Value));
        return new ForecastScore(
            Math.Round(Math.Sqrt(days.Average(day => (day.Foretold - day.Value) * (day.Foretold - day.Value))), 3), bad,
            bad == 0 ? null : Math.Round((double)hits / bad, 3), warned == 0 ? null : Math.Round(1 - ((double)hits / warned), 3));
    }

    private static bool IsBad(string measure, double value) => Measures.Published(measure, value) > NotBad[measure];
}
