namespace Madang.Operations;

/// <summary>The districts by their figure of one measure, the highest first: what is compared is the mean of each district's newest readings (<see cref="CityNow.Window"/>), as it is published.</summary>
/// <param name="Measure">The measure's code.</param>
/// <param name="Places">The districts that have a figure.</param>
/// <param name="Unknown">Those that have none; they have no rank.</param>
public sealed record Ranking(string Measure, IReadOnlyList<Ranked> Places, IReadOnlyList<DistrictNow> Unknown)
{
    /// <summary>Makes it. Districts whose published values are the same share the better rank, and the next one counts them all: 1, 2, 2, 4.</summary>
    public static Ranking Of(IReadOnlyList<DistrictNow> districts, string measure)
    {
        var known = districts.Select(district => (District: district, Figure: district.Find(measure))).Where(pair => pair.Figure is not null)
            .Select(pair => (pair.District, Figure: pair.Figure!, Shown: Measures.Published(measure, pair.Figure!.Value)))
            .OrderByDescending(place => place.Shown).ToList();
        var places = known.Select(place => new Ranked(
            place.District, place.Figure, 1 + known.Count(other => other.Shown > place.Shown), known.Count(other => other.Shown.Equals(place.Shown)) > 1)).ToList();
        return new Ranking(measure, places, [.. districts.Where(district => district.Find(measure) is null)]);
    }

    /// <summary>A district's place in it; null when it has no figure.</summary>
    public Ranked? Find(string code) => Places.FirstOrDefault(place => place.District.Code == code);
}

/// <summary>A district's place among the others.</summary>
/// <param name="District">The district.</param>
/// <param name="Figure">What is compared.</param>
/// <param name="Rank">From 1, the highest.</param>
/// <param name="Tied">True when another has the same published value.</param>
public sealed record Ranked(DistrictNow District, Figure Figure, int Rank, bool Tied);
