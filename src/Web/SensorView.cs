using Madang.Operations;
using Madang.Places;
using Madang.Sensing;

namespace Madang.Web;

/// <summary>All that a sensor's page is drawn from.</summary>
/// <param name="Visit">The reader and the page.</param>
/// <param name="Thing">The Thing.</param>
/// <param name="Now">What is so with it; null when it has no Datastream.</param>
/// <param name="Clock">The newest moment of its world; null when nothing is "now".</param>
/// <param name="Snapshot">The id of the snapshot of its world, from which live changes go on; null when there is none.</param>
/// <param name="Places">The districts with their shapes.</param>
/// <param name="Stream">What is shown; null when there is no Datastream.</param>
public sealed record SensorView(
    Visit Visit, ThingAbout Thing, SensorNow? Now, DateTimeOffset? Clock, string? Snapshot, IReadOnlyList<Place> Places, SensorStream? Stream)
{
    /// <summary>What is wrong with its Datastreams now.</summary>
    public IReadOnlyList<LastingFinding> Findings { get; init; } = [];

    /// <summary>Its MultiDatastreams, by id and name.</summary>
    public IReadOnlyList<(long Id, string Name)> Multis { get; init; } = [];

    /// <summary>The reader's language.</summary>
    public Language Language => Visit.Language;

    /// <summary>The world it belongs to.</summary>
    public CityData Data => Now?.Data ?? CityData.Real;

    /// <summary>True when only its past can be told.</summary>
    public bool IsArchive => Clock is null || Now is null or { Dormant: true };

    /// <summary>The district it stands in; null when it stands in none.</summary>
    public Place? District => Now?.District is { } code ? Places.FirstOrDefault(place => place.Code == code) : null;
}

/// <summary>The Datastream that a sensor's page shows, and what it told in the window.</summary>
/// <param name="About">The Datastream.</param>
/// <param name="Window">From when to when, and how.</param>
/// <param name="Points">The points of the chart.</param>
/// <param name="Count">How many readings they are made of.</param>
/// <param name="Mean">The mean of the readings; null when there is none or it says nothing.</param>
/// <param name="Neighbours">The nearest sensors of the same world that measure the same.</param>
/// <param name="Own">Its own reading with which the neighbours are compared; null when there is none.</param>
public sealed record SensorStream(
    DatastreamAbout About, SensorWindow Window, IReadOnlyList<ChartPoint> Points, long Count, double? Mean, IReadOnlyList<Neighbour> Neighbours, PastReading? Own)
{
    /// <summary>How far apart its points are when none is missing; zero when that cannot be known.</summary>
    public TimeSpan Expected { get; init; }
}

/// <summary>A sensor nearby.</summary>
/// <param name="Sensor">The sensor.</param>
/// <param name="Metres">How far away it stands.</param>
/// <param name="At">When it told its last value in the hour; null when it told none.</param>
/// <param name="Value">That value.</param>
public sealed record Neighbour(SensorNow Sensor, double Metres, DateTimeOffset? At, double? Value);

/// <summary>From when to when a sensor's chart goes.</summary>
/// <param name="Span">The word of the address: <c>hour</c>, <c>day</c>, <c>week</c>, <c>month</c>, <c>year</c>.</param>
/// <param name="From">The first moment.</param>
/// <param name="To">The first moment after it.</param>
/// <param name="Step">The width of its points: <c>raw</c>, <c>10m</c>, <c>1h</c>, <c>1d</c>, as the API says it.</param>
/// <param name="IsChosen">True when the address names the moments; else it is the newest window.</param>
/// <param name="IsZoomed">True when it is longer or shorter than its span.</param>
public sealed record SensorWindow(string Span, DateTimeOffset From, DateTimeOffset To, string Step, bool IsChosen, bool IsZoomed)
{
    /// <summary>The words of the spans, in order of length.</summary>
    public static IReadOnlyList<string> Spans { get; } = ["hour", "day", "week", "month", "year"];

    /// <summary>Where time ends, for now: no window reaches beyond it.</summary>
    public DateTimeOffset? Latest { get; init; }

    /// <summary>The spans that are offered: what is told once a day has no hours to show.</summary>
    public static IReadOnlyList<string> SpansOf(bool daily) => daily ? ["week", "month", "year"] : Spans;

    /// <summary>The window as the query of the API's series.</summary>
    public string Query => $"from={Kernel.IsoTime.Write(From)}&to={Kernel.IsoTime.Write(To)}&step={Step}";
}
