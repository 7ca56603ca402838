namespace Madang.Web;

/// <summary>A chart over time: what is drawn, before it has places on a page. `Pages/Frame/Chart.razor` draws it and the table of the same points.</summary>
/// <param name="Visit">The reader: language and the city's zone.</param>
/// <param name="Id">A word that begins the ids of the chart's elements; one of a kind on its page.</param>
/// <param name="Title">What is drawn, as a caption says it: 초미세먼지 PM2.5, 하루.</param>
/// <param name="Measure">The measure's code, for decimals and for what it can be.</param>
/// <param name="Unit">The unit's symbol.</param>
/// <param name="From">The first moment drawn.</param>
/// <param name="To">The first moment after what is drawn.</param>
/// <param name="Step">How far apart points are when none is missing; zero when that is not known, and then no gap is.</param>
/// <param name="Lines">The lines; gaps are those of the first one.</param>
public sealed record ChartView(
    Visit Visit, string Id, string Title, string Measure, string Unit, DateTimeOffset From, DateTimeOffset To, TimeSpan Step, IReadOnlyList<ChartLine> Lines)
{
    /// <summary>A range behind the lines, the city's for instance; empty for none.</summary>
    public IReadOnlyList<ChartRange> Band { get; init; } = [];

    /// <summary>What the range is.</summary>
    public string? BandName { get; init; }

    /// <summary>Lines across the chart; only those near the values are drawn.</summary>
    public IReadOnlyList<ChartLimit> Limits { get; init; } = [];

    /// <summary>True for amounts whose axis begins at 0, such as what is in the air.</summary>
    public bool FromZero { get; init; }

    /// <summary>The end of what can be known, the data's own now for instance; what lies after it is empty and no gap. Default: <see cref="To"/>.</summary>
    public DateTimeOffset? KnownUntil { get; init; }

    /// <summary>The first moment of which anything is known; what lies before it is no gap. Null: the beginning of the chart.</summary>
    public DateTimeOffset? KnownFrom { get; init; }

    /// <summary>Decimals of the numbers; null for what the measure has.</summary>
    public int? Decimals { get; init; }

    /// <summary>The address to which the island adds <c>from</c> and <c>to</c> when the reader zooms; null when one cannot.</summary>
    public string? ZoomAddress { get; init; }

    /// <summary>The moment beyond which a zoom does not reach; null when that does not matter.</summary>
    public DateTimeOffset? Latest { get; init; }

    /// <summary>The address of the view before the zoom; null when nothing is zoomed.</summary>
    public string? ResetAddress { get; init; }
}

/// <summary>A line of a chart.</summary>
/// <param name="Name">What it is, as the table's head and the line's own label say it.</param>
/// <param name="Points">Its points in order of time.</param>
/// <param name="Class">A word for styles: <c>main</c> or <c>other</c>.</param>
public sealed record ChartLine(string Name, IReadOnlyList<ChartPoint> Points, string Class = "main");

/// <summary>A point of a line: a moment, or a stretch of time (then drawn in its middle).</summary>
/// <param name="At">The moment, or the start of the stretch.</param>
/// <param name="Value">The value, the mean of a stretch.</param>
/// <param name="To">The end of the stretch; null for a moment.</param>
/// <param name="Min">The smallest value of the stretch.</param>
/// <param name="Max">The greatest value of the stretch.</param>
public sealed record ChartPoint(DateTimeOffset At, double Value, DateTimeOffset? To = null, double? Min = null, double? Max = null)
{
    /// <summary>Where it is drawn.</summary>
    public DateTimeOffset Middle => To is { } to ? At + ((to - At) / 2) : At;
}

/// <summary>A range at a moment.</summary>
/// <param name="At">The moment.</param>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end.</param>
public sealed record ChartRange(DateTimeOffset At, double Low, double High);

/// <summary>A line across a chart.</summary>
/// <param name="Value">Where.</param>
/// <param name="Name">What it says, with the value: 보통 ≤ 35.</param>
/// <param name="Class">A word for styles: the class of values up to it (<c>good</c>, <c>moderate</c>, <c>bad</c>), or none.</param>
public sealed record ChartLimit(double Value, string Name, string? Class = null);
