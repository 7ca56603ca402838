using Madang.Operations;

namespace Madang.Web;

/// <summary>All that the front page is drawn from: the city now, and what map and table show of it.</summary>
/// <param name="City">The city now; sentence and tiles speak of it alone.</param>
/// <param name="Measure">The code of the measure that colours the map, one of <see cref="Measures.Main"/>.</param>
/// <param name="Day">The last day, by ten minutes.</param>
/// <param name="Step">Which of the day's steps map and table show; null for now.</param>
/// <param name="Sort">How the table is sorted.</param>
/// <param name="Stations">The sensors that measure it, at that moment.</param>
/// <param name="Archive">What there is when nothing is heard now; null when something is, or when there is nothing at all.</param>
/// <param name="BaseMap">The address of a style to lie below the data; null for a plain ground.</param>
public sealed record NowView(CityView City, string Measure, CityDay Day, int? Step, TableSort Sort, IReadOnlyList<StationReading> Stations, Archive? Archive, string? BaseMap)
{
    /// <summary>Where the figures come from, in words; the source of most sensors first.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>How many sensors of this world are left out of every count, because they have been silent for a week.</summary>
    public required int Dormant { get; init; }

    /// <summary>Who is responsible for the sensors; for most of them first.</summary>
    public required IReadOnlyList<string> Owners { get; init; }

    /// <summary>The reader's language.</summary>
    public Language Language => City.Language;

    /// <summary>How values of the measure are coloured.</summary>
    public Scale Scale { get; } = Scale.Of(Measure)!;

    /// <summary>True when the address asks for a moment that is none of the last day, so that now is shown.</summary>
    public required bool IsOutside { get; init; }

    /// <summary>True when map and table show the past.</summary>
    public bool IsPast => Step is not null;

    /// <summary>The start of the ten minutes that are shown; null for now.</summary>
    public DateTimeOffset? At => Step is { } step ? StartOf(step) : null;

    /// <summary>The start of the newest ten minutes.</summary>
    public DateTimeOffset Last => StartOf(Steps - 1);

    /// <summary>How many steps the day has.</summary>
    public int Steps => Day.Measures[Measure].City.Count;

    /// <summary>The start of a step of the day.</summary>
    public DateTimeOffset StartOf(int step) => Day.From + (step * Day.Step);

    /// <summary>A district's mean of a measure at the moment that is shown; null when it is not known.</summary>
    public double? Find(string district, string measure) => Step is { } step
        ? Day.Measures[measure].Districts.GetValueOrDefault(district)?[step]
        : City.Now.Districts.FirstOrDefault(one => one.Code == district)?.Find(measure)?.Value;

    /// <summary>The unit of a measure: as its sensors write it, and without one as it is usual.</summary>
    public string UnitOf(string measure) => City.Now.Find(measure)?.Unit ?? Day.Measures.GetValueOrDefault(measure)?.Unit ?? measure switch
    {
        "o3" => "ppm",
        "temperature" => "℃",
        "humidity" => "%",
        "noise" => "dB",
        _ => "㎍/㎥",
    };

    /// <summary>The same page with another part of its query.</summary>
    public string With(params ReadOnlySpan<(string Name, string? Value)> changes) => City.Visit.With(changes);
}

/// <summary>Sensors without a now: what was brought in from an archive.</summary>
/// <param name="Sensors">All of them, dormant ones too.</param>
/// <param name="Newest">The time of the newest reading; null when there is none.</param>
public sealed record Archive(IReadOnlyList<SensorNow> Sensors, DateTimeOffset? Newest);

/// <summary>How the table of districts is sorted.</summary>
/// <param name="Column">A measure's code, <c>name</c>, <c>sensors</c> or <c>last</c>; null for the order of codes.</param>
/// <param name="Descending">The greatest first.</param>
public sealed record TableSort(string? Column, bool Descending)
{
    /// <summary>The columns one can sort by.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["name", .. Measures.Main, "sensors", "last"];

    /// <summary>Reads <c>?sort=</c>: a column, with a minus before it for the greatest first. A page is lenient: a column that does not exist is none.</summary>
    public static TableSort Parse(string? word)
    {
        var descending = word is ['-', ..];
        var column = descending ? word![1..] : word;
        return column is not null && Columns.Contains(column) ? new(column, descending) : new(null, false);
    }

    /// <summary>The word for the address after a column's head was chosen: numbers begin with the greatest, names with the first.</summary>
    public string Next(string column) => column == Column ? (Descending ? column : "-" + column) : column == "name" ? column : "-" + column;

    /// <summary>What <c>aria-sort</c> says of a column; null when the table is not sorted by it.</summary>
    public string? Describe(string column) => column != Column ? null : Descending ? "descending" : "ascending";
}
