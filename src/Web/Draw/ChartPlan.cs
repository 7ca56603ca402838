using System.Globalization;
using System.Text;
using Madang.Operations;

namespace Madang.Web.Draw;

/// <summary>
/// A chart with its places: per cent of the plot for what is written, a box of 1,000 by 1,000 that is stretched over the plot for lines. So the
/// same drawing fits every width, and letters keep their size.
/// </summary>
internal sealed class ChartPlan
{
    /// <summary>Two points further apart than this many steps are not joined.</summary>
    private const double GapSteps = 1.75;

    /// <summary>A gap at least this wide (per cent) has room for its words: on any chart, on one of middle width, on a wide one.</summary>
    private const double WordsFit = 30, WordsFitMiddle = 18, WordsFitWide = 10;

    /// <summary>How far above the highest value, as a part of it, a limit may lie and still be drawn.</summary>
    private const double Near = 0.35;

    private readonly ChartView view;

    public ChartPlan(ChartView view)
    {
        this.view = view;
        Decimals = view.Decimals ?? Measures.Decimals(view.Measure);
        (Low, High, Step) = Range();
        YTicks = [.. Count(Low, High, Step).Select(value => new Tick(Across(value), Axis.Text(value, Step), 0))];
        XTicks = Axis.Times(view.Visit.Language, view.Visit.Zone, view.From, view.To);
        Gaps = [.. FindGaps()];
        Lines = [.. view.Lines.Select(line => new Drawn(line, LinePath(line), AreaPath(line), [.. Singles(line)], [.. Outside(line)]))];
        var labels = new ChartLabels(view, this);
        Limits = [.. view.Limits.Where(limit => limit.Value > Low && limit.Value < High).Select(limit => (Across(limit.Value), limit, labels.PlaceOf(limit)))];
        Ends = labels.Ends();
    }

    public double Low { get; }

    public double High { get; }

    /// <summary>The value between two ticks of the y axis.</summary>
    public double Step { get; }

    public int Decimals { get; }

    /// <summary>The y axis; places count from the top.</summary>
    public IReadOnlyList<Tick> YTicks { get; }

    public IReadOnlyList<Tick> XTicks { get; }

    public IReadOnlyList<(double Y, ChartLimit Limit, LimitPlace Place)> Limits { get; }

    /// <summary>The newest point of each line, and where its words stand.</summary>
    public IReadOnlyList<ChartEnd> Ends { get; }

    public IReadOnlyList<ChartGap> Gaps { get; }

    public IReadOnlyList<Drawn> Lines { get; }

    public string BandPath => Closed(view.Band.Select(range => (X(range.At), Y(range.High))), view.Band.Select(range => (X(range.At), Y(range.Low))));

    /// <summary>Where a moment lies, in per cent from the left.</summary>
    public double Along(DateTimeOffset at) => Math.Round((at - view.From) / (view.To - view.From) * 100, 2);

    /// <summary>Where a value lies, in per cent from the top; what is beyond the axis lies on its edge.</summary>
    public double Across(double value) => Math.Round(Math.Clamp((High - value) / (High - Low), 0, 1) * 100, 2);

    /// <summary>True for directions, in degrees clockwise from the north: they have no mean and go round.</summary>
    public static bool IsCompass(string measure) => measure.EndsWith("_direction", StringComparison.Ordinal);

    public static string Units(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>A value as the chart, its table and its read-out say it.</summary>
    public string Say(double value) => Number(value, Decimals);

    /// <summary>A number with so many decimals, a true minus, and powers of ten for what is beyond any sensor.</summary>
    public static string Number(double value, int decimals)
    {
        if (Math.Abs(value) >= 1e9)
        {
            return value.ToString("0.###e0", CultureInfo.InvariantCulture).Replace('-', '−');
        }

        var text = Math.Round(value, decimals, MidpointRounding.AwayFromZero).ToString("F" + decimals, CultureInfo.InvariantCulture);
        return text.TrimStart('-').Trim('0', '.').Length == 0 ? text.TrimStart('-') : text.Replace('-', '−');
    }

    private (double Low, double High, double Step) Range()
    {
        if (IsCompass(view.Measure))
        {
            return (0, 360, 90);
        }

        var values = view.Lines.SelectMany(line => line.Points).SelectMany(point => new[] { point.Value, point.Min ?? point.Value, point.Max ?? point.Value })
            .Concat(view.Band.SelectMany(range => new[] { range.Low, range.High }))
            .Where(value => Plausible.Is(view.Measure, value)).ToList();
        var (low, high) = values.Count == 0 ? (0d, view.Limits.Count > 1 ? view.Limits[1].Value : 1d) : (values.Min(), values.Max());
        if (view.FromZero && low >= 0)
        {
            low = 0;
        }

        // A limit just above the values says how near they are to it.
        var limit = view.Limits.Select(limit => limit.Value).Where(value => value > high && value - high <= Near * Math.Max(high - low, 1e-12)).DefaultIfEmpty(high).Min();
        high = limit > high ? limit + ((limit - low) * 0.04) : high;
        // An axis has no finer steps than the numbers have decimals, and values that are all the same lie in the middle of one a tenth of them wide.
        var least = Math.Max(4 * Math.Pow(10, -Decimals), Math.Abs(high) * (high - low > 0 ? 1e-9 : 0.1));
        if (high - low < least)
        {
            (low, high) = view.FromZero && low == 0 ? (0, low + least) : (((low + high) / 2) - (least / 2), ((low + high) / 2) + (least / 2));
        }

        var step = Axis.Round(high - low);
        return (Math.Floor(low / step) * step, Math.Ceiling(high / step) * step, step);
    }

    private static IEnumerable<double> Count(double low, double high, double step)
    {
        var count = (int)Math.Round((high - low) / step);
        for (var i = 0; i <= count; i++)
        {
            yield return low + (i * step);
        }
    }

    private IEnumerable<ChartGap> FindGaps()
    {
        var until = view.KnownUntil is { } known && known < view.To ? known : view.To;
        var from = view.KnownFrom is { } first && first > view.From ? first : view.From;
        if (view.Lines.Count == 0 || view.Lines[0].Points.Count == 0)
        {
            if (until > from)
            {
                yield return Gap(from, until);
            }

            yield break;
        }

        if (view.Step <= TimeSpan.Zero)
        {
            yield break;
        }

        var points = view.Lines[0].Points;
        var longest = view.Step * GapSteps;
        if (points[0].At - from > longest)
        {
            yield return Gap(from, points[0].At);
        }

        for (var i = 1; i < points.Count; i++)
        {
            if (points[i].At - points[i - 1].At > longest)
            {
                yield return Gap(points[i - 1].To ?? points[i - 1].At, points[i].At);
            }
        }

        if (until - points[^1].At > longest)
        {
            yield return Gap(points[^1].To ?? points[^1].At, until);
        }
    }

    private ChartGap Gap(DateTimeOffset from, DateTimeOffset to)
    {
        var (left, right) = (Math.Clamp(Along(from), 0, 100), Math.Clamp(Along(to), 0, 100));
        var width = right - left;
        return new ChartGap(from, to, left, Math.Round(width, 2), width >= WordsFitWide, width >= WordsFit ? 0 : width >= WordsFitMiddle ? 1 : 2);
    }

    /// <summary>The points in runs that a line joins.</summary>
    private IEnumerable<List<ChartPoint>> Runs(ChartLine line)
    {
        var run = new List<ChartPoint>();
        foreach (var point in line.Points.Where(point => Plausible.Is(view.Measure, point.Value)))
        {
            if (run.Count > 0 && view.Step > TimeSpan.Zero && point.At - run[^1].At > view.Step * GapSteps)
            {
                yield return run;
                run = [];
            }

            run.Add(point);
        }

        if (run.Count > 0)
        {
            yield return run;
        }
    }

    private string LinePath(ChartLine line)
    {
        var path = new StringBuilder();
        foreach (var run in Runs(line).Where(run => run.Count > 1))
        {
            Trace(path, run.Select(point => (X(point.Middle), Y(point.Value))), 'M');
        }

        return path.ToString();
    }

    private string AreaPath(ChartLine line)
    {
        var path = new StringBuilder();
        foreach (var run in Runs(line).Where(run => run.Count > 1 && run.Exists(point => point.Max > point.Min)))
        {
            path.Append(Closed(run.Select(point => (X(point.Middle), Y(point.Max ?? point.Value))), run.Select(point => (X(point.Middle), Y(point.Min ?? point.Value)))));
        }

        return path.ToString();
    }

    private IEnumerable<ChartPoint> Singles(ChartLine line) => Runs(line).Where(run => run.Count == 1).Select(run => run[0]);

    /// <summary>Values that this measure cannot have; drawn on the edge, with their number.</summary>
    private IEnumerable<ChartPoint> Outside(ChartLine line) => line.Points.Where(point => !Plausible.Is(view.Measure, point.Value));

    private static string Closed(IEnumerable<(double X, double Y)> over, IEnumerable<(double X, double Y)> under)
    {
        var path = new StringBuilder();
        Trace(path, over, 'M');
        if (path.Length == 0)
        {
            return "";
        }

        Trace(path, under.Reverse(), 'L');
        return path.Append('Z').ToString();
    }

    private static void Trace(StringBuilder path, IEnumerable<(double X, double Y)> points, char first)
    {
        foreach (var (x, y) in points)
        {
            path.Append(first).Append(x.ToString("0.#", CultureInfo.InvariantCulture)).Append(' ').Append(y.ToString("0.#", CultureInfo.InvariantCulture));
            first = 'L';
        }
    }

    private double X(DateTimeOffset at) => (at - view.From) / (view.To - view.From) * 1000;

    private double Y(double value) => Math.Clamp((High - value) / (High - Low), 0, 1) * 1000;
}

/// <summary>A line as it is drawn.</summary>
/// <param name="Line">The line.</param>
/// <param name="Path">Joined points.</param>
/// <param name="Area">From the smallest to the greatest values; empty when there are none.</param>
/// <param name="Singles">Points with a gap on both sides.</param>
/// <param name="Outside">Points that the measure cannot be.</param>
internal sealed record Drawn(ChartLine Line, string Path, string Area, IReadOnlyList<ChartPoint> Singles, IReadOnlyList<ChartPoint> Outside);

/// <summary>A stretch without a reading.</summary>
/// <param name="From">After the last reading.</param>
/// <param name="To">Before the next.</param>
/// <param name="Left">Per cent from the left.</param>
/// <param name="Width">Per cent.</param>
/// <param name="HasRoom">True when words fit into it.</param>
/// <param name="Level">0 when they fit on any chart, 1 and 2 when they give way on narrower ones, as a <see cref="Tick"/> does.</param>
internal sealed record ChartGap(DateTimeOffset From, DateTimeOffset To, double Left, double Width, bool HasRoom, int Level);
