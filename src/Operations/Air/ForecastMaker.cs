namespace Madang.Operations.Air;

/// <summary>The city's own forecasts on one day.</summary>
/// <param name="Day">Today.</param>
/// <param name="Forecasts">Of tomorrow and the day after, for each place and measure of which enough is known.</param>
/// <param name="Skills">How good they are.</param>
internal sealed record OwnForecasts(DateOnly Day, IReadOnlyList<AirForecast> Forecasts, IReadOnlyList<ForecastSkill> Skills);

/// <summary>Makes the city's own forecasts from its own history: by the model where it was better than persistence, else by persistence.</summary>
internal static class ForecastMaker
{
    /// <summary>What is foretold.</summary>
    public static readonly string[] Measured = ["pm25", "pm10"];

    /// <summary>So far back goes the history that a model is made from.</summary>
    public const int HistoryDays = 400;

    /// <summary>Today counts by its hours up to this one, once it is over.</summary>
    public const int Afternoon = 16;

    private const int Tomorrow = 1, DayAfter = 2;

    /// <summary>The forecasts as they can be made on a day.</summary>
    /// <param name="places">The places.</param>
    /// <param name="day">Today.</param>
    /// <param name="past">Days that are past; of those from today on nothing is used.</param>
    /// <param name="today">The hours of today, as far as they are over.</param>
    /// <param name="isAfternoon">True when the hours up to <see cref="Afternoon"/> are over.</param>
    public static OwnForecasts Make(IReadOnlyCollection<string> places, DateOnly day, AirDays past, AirHours today, bool isAfternoon)
    {
        var (forecasts, skills) = (new List<AirForecast>(), new List<ForecastSkill>());
        foreach (var (place, measure) in places.SelectMany(_ => Measured, (place, measure) => (place, measure)))
        {
            // In the afternoon the day is known well enough by its first 16 hours; before, the last day that is known is yesterday.
            var soFar = isAfternoon ? today.Mean(place, measure, day, Afternoon).Mean : null;
            var (last, lastDay) = soFar is { } mean ? (mean, day) : (past.Mean(place, measure, day.AddDays(-1)) ?? double.NaN, day.AddDays(-1));
            var before = past.Mean(place, measure, lastDay.AddDays(-1));
            foreach (var ahead in (int[])[Tomorrow, DayAfter])
            {
                var target = day.AddDays(ahead);
                var step = target.DayNumber - lastDay.DayNumber;
                var samples = Samples(past, place, measure, day, step, soFar is not null);
                var skill = HeldOut.Of(place, measure, step, samples);
                skills.Add(skill);
                if (!double.IsNaN(last))
                {
                    var (by, value) = skill.IsUsed && before is { } known ? (ForecastBy.Model, DayModel.Fit(samples).Foretell(new DaySample(target, last, known, double.NaN))) : (ForecastBy.Persistence, last);
                    forecasts.Add(new AirForecast(place, measure, target, Math.Round(value, 1), GradeOf(measure, value), by, null, null));
                }
            }
        }

        return new OwnForecasts(day, forecasts, skills);
    }

    /// <summary>The grade of a daily mean.</summary>
    public static AirGrade GradeOf(string measure, double value) => AirGrades.Of(measure, Measures.Published(measure, value))!.Value;

    /// <summary>Every day of the history that can be foretold from what was known so many days before it. Where the afternoon is known it counts, as it will when it is used.</summary>
    public static IReadOnlyList<DaySample> Samples(AirDays past, string place, string measure, DateOnly until, int daysAhead, bool inTheAfternoon)
    {
        var samples = new List<DaySample>();
        for (var day = until.AddDays(-HistoryDays); day < until; day = day.AddDays(1))
        {
            var last = day.AddDays(-daysAhead);
            if (past.Mean(place, measure, day) is { } value && past.Mean(place, measure, last.AddDays(-1)) is { } before
                && ((inTheAfternoon ? past.Afternoon(place, measure, last) : null) ?? past.Mean(place, measure, last)) is { } known)
            {
                samples.Add(new DaySample(day, known, before, value));
            }
        }

        return samples;
    }
}
