using System.Globalization;

namespace Madang.Operations.Live;

/// <summary>Adds up the current readings of one place, and makes its figures of them.</summary>
internal sealed class Tally
{
    private readonly Dictionary<(string Measure, string Unit), Sum> sums = [];

    public static Tally Of(IEnumerable<Reading> current)
    {
        var tally = new Tally();
        foreach (var reading in current)
        {
            tally.Add(reading);
        }

        return tally;
    }

    /// <summary>Takes a reading in that <see cref="Composer.IsCurrent"/>.</summary>
    public void Add(in Reading reading)
    {
        var key = (reading.Stream.Measure, reading.Stream.Unit);
        if (!sums.TryGetValue(key, out var sum))
        {
            sums.Add(key, sum = new Sum(key.Measure));
        }

        sum.Add(reading.Number!.Value, reading.At!.Value);
    }

    /// <summary>A figure for each measure, in the unit that most of its datastreams have.</summary>
    public List<Figure> ToFigures(string place, CityData data) =>
    [
        .. sums.OrderBy(each => Measures.Rank(each.Key.Measure)).ThenBy(each => each.Key.Measure, StringComparer.Ordinal).ThenByDescending(each => each.Value.Count)
            .DistinctBy(each => each.Key.Measure)
            .Where(each => double.IsFinite(each.Value.Mean))
            .Select(each =>
            {
                var ((measure, unit), sum) = each;
                var source = string.Create(CultureInfo.InvariantCulture, $"/api/city/now/{place}/{Uri.EscapeDataString(measure)}?data={Composer.Word(data)}");
                return new Figure(measure, unit, sum.Mean, AirGrades.Of(measure, Measures.Published(measure, sum.Mean)), sum.Count, sum.First, sum.Last, source);
            }),
    ];

    private sealed class Sum(string measure)
    {
        private double total;

        public int Count { get; private set; }

        public DateTimeOffset First { get; private set; } = DateTimeOffset.MaxValue;

        public DateTimeOffset Last { get; private set; } = DateTimeOffset.MinValue;

        public double Mean => Live.Mean.Of(measure, total, Count);

        public void Add(double value, DateTimeOffset at)
        {
            total += Live.Mean.Part(measure, value);
            Count++;
            First = at < First ? at : First;
            Last = at > Last ? at : Last;
        }
    }
}
