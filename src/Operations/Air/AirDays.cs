namespace Madang.Operations.Air;

/// <summary>Daily means of places by pollutant over a long time.</summary>
/// <param name="cityHours">The hourly means of the city, by pollutant.</param>
internal sealed class AirDays(IReadOnlyDictionary<string, Dictionary<DateTimeOffset, double>>? cityHours = null)
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

    /// <summary>The mean of the city of the hour that ends then; null when nothing is known.</summary>
    public double? CityAt(string measure, DateTimeOffset end) => cityHours?.GetValueOrDefault(measure)?.TryGetValue(end, out var value) == true ? value : null;

    private (double? Day, double? Afternoon) Find(string place, string measure, DateOnly day) => known.TryGetValue((place, measure), out var mine) ? mine.GetValueOrDefault(day) : default;
}
