using Madang.Operations;
using Madang.Web.Text;

namespace Madang.Web.Draw;

/// <summary>The points of a chart as rows, in order of time, gaps included: what the table shows and the read-out of the island reads.</summary>
internal sealed class ChartTable
{
    private readonly ChartView view;
    private readonly ChartPlan plan;
    private readonly bool seconds, years;

    public ChartTable(ChartView view, ChartPlan plan)
    {
        (this.view, this.plan) = (view, plan);
        var points = view.Lines.SelectMany(line => line.Points).ToList();
        seconds = points.Exists(point => point.To is null && point.At.UtcTicks % TimeSpan.TicksPerMinute != 0);
        var year = TimeZoneInfo.ConvertTime(view.Visit.At, view.Visit.Zone).Year;
        years = new[] { view.From, view.To.AddTicks(-1) }.Any(at => TimeZoneInfo.ConvertTime(at, view.Visit.Zone).Year != year);
        Columns = [.. view.Lines.SelectMany(Heads), .. view.Band.Count > 0 ? [Words("chart.low", view.BandName), Words("chart.high", view.BandName)] : Array.Empty<string>()];
    }

    /// <summary>The heads of the columns behind the time.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The rows in order of time.</summary>
    public IEnumerable<ChartRow> Rows()
    {
        var lines = view.Lines.Select(line => line.Points.ToLookup(point => point.At)).ToList();
        var band = view.Band.ToLookup(range => range.At);
        var gaps = plan.Gaps.ToDictionary(gap => gap.To);
        foreach (var at in view.Lines.SelectMany(line => line.Points).Select(point => point.At).Distinct().Order())
        {
            if (gaps.Remove(at, out var gap))
            {
                yield return new ChartRow(gap.From, Stretch(gap), []);
            }

            var first = lines.Select(points => points[at].FirstOrDefault()).First(point => point is not null)!;
            yield return new ChartRow(first.Middle, Say(first), [.. view.Lines.Zip(lines).SelectMany(pair => Cells(pair.First, pair.Second[at].FirstOrDefault())), .. Cells(band, at)]);
        }

        foreach (var gap in gaps.Values)
        {
            yield return new ChartRow(gap.From, Stretch(gap), []);
        }
    }

    /// <summary>A point's time in words, as exact as the points are apart.</summary>
    public string Say(ChartPoint point) => point.To - point.At >= TimeSpan.FromHours(20) ? Day(point.At) : Time(point.At);

    /// <summary>A stretch without readings in words.</summary>
    public string Stretch(ChartGap gap) => $"{Time(gap.From)} – {Time(gap.To)}";

    /// <summary>A moment in words, with its year where the chart leaves this year.</summary>
    public string Time(DateTimeOffset at) => (years ? SensorText.Full(view.Visit.Language, view.Visit.Zone, at) : Reading.Moment(view.Visit.Language, view.Visit.Zone, at)) + (seconds ? TimeZoneInfo.ConvertTime(at, view.Visit.Zone).ToString("':'ss", System.Globalization.CultureInfo.InvariantCulture) : "");

    private static bool HasRange(ChartLine line) => line.Points.Any(point => point.Min is not null);

    private string Day(DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, view.Visit.Zone).DateTime;
        var day = Axis.Day(view.Visit.Language, local);
        return !years ? day : view.Visit.Language.IsKorean ? $"{local.Year}년 {Reading.Date(view.Visit.Language, local)}" : $"{day} {local.Year}";
    }

    private string[] Heads(ChartLine line)
    {
        var name = view.Lines.Count > 1 ? line.Name : null;
        return HasRange(line) ? [name ?? Words("chart.mean", null), Words("chart.low", name), Words("chart.high", name)] : [name ?? Words("chart.value", null)];
    }

    private string Words(string key, string? name) => name is null ? view.Visit.Language[key] : $"{name} {view.Visit.Language[key]}";

    private IEnumerable<ChartCell> Cells(ChartLine line, ChartPoint? point)
    {
        yield return Cell(point?.Value);
        if (HasRange(line))
        {
            yield return Cell(point?.Min);
            yield return Cell(point?.Max);
        }
    }

    private IEnumerable<ChartCell> Cells(ILookup<DateTimeOffset, ChartRange> band, DateTimeOffset at) =>
        view.Band.Count == 0 ? [] : [Cell(band[at].FirstOrDefault()?.Low), Cell(band[at].FirstOrDefault()?.High)];

    private ChartCell Cell(double? value) => new(value, value is { } known ? plan.Say(known) : "–", value is null || Plausible.Is(view.Measure, value.Value));
}

/// <summary>A row of a chart's table.</summary>
/// <param name="Middle">Where on the chart it lies.</param>
/// <param name="Time">Its time in words.</param>
/// <param name="Cells">Its numbers; none for a gap.</param>
internal sealed record ChartRow(DateTimeOffset Middle, string Time, IReadOnlyList<ChartCell> Cells);

/// <summary>A number of a chart's table.</summary>
/// <param name="Value">The number; null when there is none.</param>
/// <param name="Text">As it is written.</param>
/// <param name="Plausible">False when the measure cannot be that.</param>
internal sealed record ChartCell(double? Value, string Text, bool Plausible);
