namespace Madang.Operations.Air;

/// <summary>Hourly means of places by pollutant, as the country publishes them.</summary>
/// <param name="zone">The city's.</param>
internal sealed class AirHours(TimeZoneInfo zone)
{
    /// <summary>Of a stretch, at least so much must be known for its mean to count.</summary>
    public const double Complete = 0.75;

    private readonly Dictionary<(string Place, string Measure), Dictionary<DateTimeOffset, double>> hours = [];
    private readonly Dictionary<(string Place, string Measure), Dictionary<DateOnly, double>> days = [];

    public void AddHour(string place, string measure, DateTimeOffset end, double value) => Of(hours, place, measure)[end] = value;

    /// <summary>The mean of a whole day, of stations that tell no hours.</summary>
    public void AddDay(string place, string measure, DateOnly day, double value) => Of(days, place, measure)[day] = value;

    /// <summary>The mean of the hour that ends then; null when too little is known.</summary>
    public double? At(string place, string measure, DateTimeOffset end) => hours.TryGetValue((place, measure), out var known) && known.TryGetValue(end, out var value) ? value : null;

    /// <summary>The last hours up to one, the newest last.</summary>
    public IReadOnlyList<double?> Last(string place, string measure, DateTimeOffset end, int count) => [.. Enumerable.Range(1 - count, count).Select(back => At(place, measure, end.AddHours(back)))];

    /// <summary>The mean of the hours of a day that end until an hour of the city's clock (24 for all), and how many of them are known; null when too few are.</summary>
    public (double? Mean, int Known) Mean(string place, string measure, DateOnly day, int until)
    {
        if (!hours.TryGetValue((place, measure), out var known))
        {
            return (null, 0);
        }

        var start = Start(day);
        List<double> values = [.. Enumerable.Range(1, until).Select(hour => known.TryGetValue(start.AddHours(hour), out var value) ? value : (double?)null).OfType<double>()];
        return (values.Count >= Complete * until ? values.Average() : null, values.Count);
    }

    /// <summary>The mean of a whole day; null when too little is known.</summary>
    private double? DayMean(string place, string measure, DateOnly day) =>
        Mean(place, measure, day, 24).Mean ?? (days.TryGetValue((place, measure), out var known) && known.TryGetValue(day, out var value) ? value : null);

    /// <summary>Every day of <c>[from, to)</c> of every place, its hours forgotten but for those of the city.</summary>
    public AirDays ToDays(DateOnly from, DateOnly to)
    {
        var all = new AirDays(hours.Where(each => each.Key.Place == AirReader.City).ToDictionary(each => each.Key.Measure, each => each.Value));
        foreach (var (place, measure) in hours.Keys.Union(days.Keys))
        {
            for (var day = from; day < to; day = day.AddDays(1))
            {
                all.Add(place, measure, day, DayMean(place, measure, day), Mean(place, measure, day, ForecastMaker.Afternoon).Mean);
            }
        }

        return all;
    }

    /// <summary>Midnight, in the city.</summary>
    public DateTimeOffset Start(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUniversalTime();
    }

    /// <summary>The day of the city that holds a moment.</summary>
    public DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);

    private static Dictionary<TKey, double> Of<TKey>(Dictionary<(string, string), Dictionary<TKey, double>> all, string place, string measure)
        where TKey : notnull
    {
        if (!all.TryGetValue((place, measure), out var mine))
        {
            all.Add((place, measure), mine = []);
        }

        return mine;
    }
}
