namespace Madang.Operations.Live;

/// <summary>City-wide curves: the last mean of each ten minutes of the data's clock, for a day. Only the computing loop writes here.</summary>
internal sealed class History
{
    public static readonly TimeSpan Step = TimeSpan.FromMinutes(10);
    private static readonly string[] Kept = ["pm25", "pm10", "temperature", "noise"];

    /// <summary>A day of ten-minute steps.</summary>
    public const int Most = 144;

    private readonly Dictionary<string, List<HistoryPoint>> curves = Kept.ToDictionary(measure => measure, _ => new List<HistoryPoint>());

    public static bool Keeps(string measure) => Kept.Contains(measure);

    public void Add(DateTimeOffset clock, IReadOnlyList<Figure> figures)
    {
        var at = new DateTimeOffset(clock.UtcTicks - (clock.UtcTicks % Step.Ticks), TimeSpan.Zero);
        foreach (var (measure, curve) in curves)
        {
            curve.RemoveAll(point => point.At >= at || point.At < at - (Step * Most));
            if (figures.FirstOrDefault(figure => figure.Measure == measure) is { } figure)
            {
                curve.Add(new(at, figure.Value));
            }
        }
    }

    public IReadOnlyDictionary<string, IReadOnlyList<HistoryPoint>> ToPoints() =>
        curves.ToDictionary(curve => curve.Key, curve => (IReadOnlyList<HistoryPoint>)[.. curve.Value]);
}
