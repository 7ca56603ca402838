using Madang.Operations;
using Madang.Places;

namespace Madang.Web;

/// <summary>The page of one district.</summary>
/// <param name="City">The reader, what is so in the whole city, and all districts.</param>
/// <param name="Place">The district.</param>
/// <param name="Measure">The measure that is looked at, one of <see cref="Measures.Main"/>.</param>
/// <param name="Day">The last day of all districts.</param>
/// <param name="Listed">The district's sensors, in order of name.</param>
/// <param name="Neighbours">The districts it borders on.</param>
public sealed record DistrictView(CityView City, Place Place, string Measure, CityDay Day, IReadOnlyList<SensorNow> Listed, IReadOnlyList<Place> Neighbours)
{
    /// <summary>The most sensors that are listed here; the catalogue has all.</summary>
    public const int MostSensors = 50;

    /// <summary>The reader and the page.</summary>
    public Visit Visit => City.Visit;

    /// <summary>The reader's language.</summary>
    public Language Language => City.Language;

    /// <summary>What is so in this district; null while the figures of a new district are not computed yet.</summary>
    public DistrictNow? Now => City.Now.Districts.FirstOrDefault(district => district.Code == Place.Code);

    /// <summary>The district's figure of the measure; null when nothing is known.</summary>
    public Figure? Figure => Now?.Find(Measure);

    /// <summary>All districts by the measure.</summary>
    public Ranking Ranking { get; } = Ranking.Of(City.Now.Districts, Measure);

    /// <summary>The district's sensors: those with a value of now first, then those with an older one, each in order of name.</summary>
    public IReadOnlyList<SensorNow> Sensors { get; } =
        [.. Listed.OrderBy(sensor => sensor.Find(Measure) switch { { Value: null } or null => 2, { IsCurrent: false } => 1, _ => 0 })];

    /// <summary>The moment from which "how long ago" is counted: a simulation has a clock of its own.</summary>
    public DateTimeOffset Clock => City.Now.Data == CityData.Simulated && City.Now.AsOf is { } at ? at : Visit.At;

    /// <summary>The unit of the measure, wherever in the city it is known; empty when nowhere.</summary>
    public string Unit => Figure?.Unit ?? City.Now.Find(Measure)?.Unit ?? Day.Measures.GetValueOrDefault(Measure)?.Unit ?? "";

    /// <summary>A place's name in the reader's language.</summary>
    public string Name(Place place) => Language.IsKorean ? place.NameKo : place.NameEn;
}
