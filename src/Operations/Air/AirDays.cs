namespace Madang.Operations.Air;

/// <summary>Daily means of places by pollutant over a long time.</summary>
internal sealed class AirDays
{
    private readonly Dictionary<(string Place, string Measure), Dictionary<DateOnly, (double? Day, double? Afternoon)>> known = [];

    /// <summary>Adds a day, when something is known of it.</summary>
    public void Add(string place, string measure, DateOnly day, double? mean, double? afternoon)
    {
        if (mean is null && afternoon is null)
        {
            return;
        }

        if (!known.TryGetValue((place, measure), out var mine))
        {
            known.Add((place, measure), mine = []);
        }

        mine[day] = (mean, afternoon);
    }

    /// <summary>The mean of a whole day; null when too little is known.</summary>
    public double? Mean(string place, string measure, DateOnly day) => Find(place, measure, day).Day;

    /// <summary>The mean of its hours up to <see cref="ForecastMaker.Afternoon"/>.</summary>
    public double? Afternoon(string place, string measure, DateOnly day) => Find(place, measure, day).Afternoon;

    private (double? Day, double? Afternoon) Find(string place, string measure, DateOnly day) => known.TryGetValue((place, measure), out var mine) ? mine.GetValueOrDefault(day) : default;
}
