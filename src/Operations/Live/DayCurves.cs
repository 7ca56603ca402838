namespace Madang.Operations.Live;

/// <summary>
/// The curves of the last day: for the city and for every district, the last mean of each ten minutes of the data's clock,
/// for each of <see cref="Measures.Main"/>. Only the computing loop writes; anybody may read. 26 places take about 180 KB.
/// </summary>
/// <param name="generation">Tells these curves from others of the same world that they take the place of.</param>
internal sealed class DayCurves(long generation)
{
    /// <summary>The place that is the whole city.</summary>
    public const string City = "city";

    /// <summary>A day of ten-minute steps, as it is shown.</summary>
    public const int Most = 144;

    /// <summary>One step more is kept, so that the newest can be compared with a day ago.</summary>
    private const int Kept = Most + 1;

    /// <summary>Steps in an hour.</summary>
    private const int Hour = 6;

    public static readonly TimeSpan Step = TimeSpan.FromMinutes(10);

    private readonly Lock gate = new();
    private readonly Dictionary<string, string> units = [];

    /// <summary>By place and measure; the last number is that of <see cref="newest"/>, and what is not known is NaN.</summary>
    private readonly Dictionary<(string Place, string Measure), double[]> curves = [];

    private long newest = long.MinValue;
    private long edition;
    private CityDay? told;

    /// <summary>The step a moment lies in, counted from the year 1 in UTC.</summary>
    public static long StepOf(DateTimeOffset at) => at.UtcTicks / Step.Ticks;

    /// <summary>The first moment of a step.</summary>
    public static DateTimeOffset StartOf(long step) => new(step * Step.Ticks, TimeSpan.Zero);

    /// <summary>Puts these figures in the place of those of the same ten minutes. Places that are not named are forgotten.</summary>
    public void Add(DateTimeOffset clock, IReadOnlyDictionary<string, IReadOnlyList<Figure>> figures)
    {
        lock (gate)
        {
            MoveTo(StepOf(clock));
            foreach (var gone in curves.Keys.Where(curve => !figures.ContainsKey(curve.Place)).ToList())
            {
                curves.Remove(gone);
                edition++;
            }

            foreach (var (place, known) in figures)
            {
                foreach (var measure in Measures.Main)
                {
                    Put(place, measure, known.FirstOrDefault(figure => figure.Measure == measure));
                }
            }
        }
    }

    /// <summary>The figure with what it was an hour and a day before the step of the newest, a step more or less.</summary>
    public Figure Compare(string place, Figure figure)
    {
        lock (gate)
        {
            return curves.TryGetValue((place, figure.Measure), out var curve) ? figure with { HourBefore = Around(curve, Hour), DayBefore = Around(curve, Most) } : figure;
        }
    }

    /// <summary>The city-wide curves as points, without gaps.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<HistoryPoint>> ToPoints()
    {
        lock (gate)
        {
            return Measures.Main.ToDictionary(measure => measure, measure => (IReadOnlyList<HistoryPoint>)[.. curves.GetValueOrDefault((City, measure), [])
                .Select((value, index) => new HistoryPoint(StartOf(newest - Kept + 1 + index), value)).Where(point => !double.IsNaN(point.Value))]);
        }
    }

    /// <summary>All curves at this moment. <paramref name="wall"/> is where an empty day ends.</summary>
    public CityDay ToDay(string id, CityData data, DateTimeOffset wall)
    {
        lock (gate)
        {
            var last = newest == long.MinValue ? StepOf(wall) : newest;
            id = $"{id}-{generation}-{last}-{edition}";
            return told is { } same && same.Id == id ? same : told = new CityDay(
                id, data, StartOf(last - Most + 1), Step, Measures.Main.ToDictionary(measure => measure, measure => new DayOfMeasure(
                    units.GetValueOrDefault(measure), Shown((City, measure)),
                    curves.Keys.Where(curve => curve.Measure == measure && curve.Place != City).Select(curve => curve.Place).Order(StringComparer.Ordinal)
                        .ToDictionary(place => place, place => Shown((place, measure))))));
        }
    }

    private void Put(string place, string measure, Figure? figure)
    {
        if (!curves.TryGetValue((place, measure), out var curve))
        {
            curves.Add((place, measure), curve = Blank());
            edition++;
        }

        var value = figure?.Value ?? double.NaN;
        if (!curve[^1].Equals(value))
        {
            curve[^1] = value;
            edition++;
        }

        if (figure is not null && place == City && units.GetValueOrDefault(measure) != figure.Unit)
        {
            units[measure] = figure.Unit;
            edition++;
        }
    }

    /// <summary>Goes to another step, forwards or (when the newest reading was deleted) backwards.</summary>
    private void MoveTo(long step)
    {
        if (step == newest)
        {
            return;
        }

        foreach (var (curve, values) in curves.ToList())
        {
            var moved = Blank();
            for (var index = 0; index < Kept; index++)
            {
                var from = index + (step - newest);
                moved[index] = from is >= 0 and < Kept ? values[from] : double.NaN;
            }

            curves[curve] = moved;
        }

        newest = step;
        edition++;
    }

    /// <summary>The number <paramref name="steps"/> before the newest; else that of a step earlier or later.</summary>
    private static double? Around(double[] curve, int steps)
    {
        foreach (var before in (int[])[steps, steps + 1, steps - 1])
        {
            if (before < Kept && !double.IsNaN(curve[Kept - 1 - before]))
            {
                return curve[Kept - 1 - before];
            }
        }

        return null;
    }

    private double?[] Shown((string Place, string Measure) curve) =>
        curves.TryGetValue(curve, out var values) ? [.. values.Skip(Kept - Most).Select(value => double.IsNaN(value) ? (double?)null : value)] : new double?[Most];

    private static double[] Blank()
    {
        var curve = new double[Kept];
        Array.Fill(curve, double.NaN);
        return curve;
    }
}
