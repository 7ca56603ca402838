using Madang.Places;
using Madang.Sensing;
using NetTopologySuite.Geometries;

namespace Madang.Operations.Cap;

/// <summary>An area of a message (CAP 1.2, 3.2.4).</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Rings">Its outlines, closed, longitude and latitude.</param>
/// <param name="Centre">The middle of a circle; null for none.</param>
/// <param name="District">The code of the district; null for none.</param>
internal sealed record CapPlace(RuleText Name, IReadOnlyList<Coordinate[]> Rings, Coordinate? Centre, string? District)
{
    /// <summary>The radius of a circle about a sensor, in km: its own corner of the city. How far a reading reaches nobody knows.</summary>
    public const double RadiusKm = 0.5;
}

/// <summary>Finds where an alert speaks of.</summary>
internal sealed class CapPlaces(PlaceBook book, SensingQueries sensing)
{
    private const int MostPlaces = 100;

    /// <param name="rule">Its rule.</param>
    /// <param name="subject">Its subject.</param>
    /// <param name="name">What people call that.</param>
    /// <param name="members">The subjects of an alert for many; null for one that stands for itself.</param>
    /// <param name="cancel">Ends the work.</param>
    /// <returns>At least one place.</returns>
    public async Task<IReadOnlyList<CapPlace>> Find(Rule rule, string subject, RuleText name, IReadOnlyList<string>? members, CancellationToken cancel)
    {
        var districts = await book.ListDistricts(cancel);
        IReadOnlyList<CapPlace> found = (rule.Each, members) switch
        {
            (_, not null) => Shapes(districts, await DistrictsOf(members, cancel)),
            (RuleSubject.Datastream, _) => await Around(subject, name, cancel),
            (RuleSubject.District, _) => Shapes(districts, [subject]),
            (RuleSubject.Region, _) => Shapes(districts, rule.Scope.Regions.FirstOrDefault(region => region.Code == subject)?.Districts ?? []),
            _ => Shapes(districts, rule.Scope.Districts.Count > 0 ? rule.Scope.Districts : [.. districts.Select(place => place.Code)]),
        };
        return found.Count > 0 ? found : [new CapPlace(name, [], null, null)];
    }

    private static List<CapPlace> Shapes(IReadOnlyList<Place> districts, IReadOnlyCollection<string> codes) =>
        [.. districts.Where(place => codes.Contains(place.Code)).Take(MostPlaces).Select(place => new CapPlace(new(place.NameKo, place.NameEn), CapShape.Rings(place.Shape), null, place.Code))];

    private async Task<IReadOnlyList<CapPlace>> Around(string subject, RuleText name, CancellationToken cancel) =>
        (await Streams([subject], cancel)) is [{ Longitude: { } longitude, Latitude: { } latitude }, ..]
            ? [new CapPlace(name, [], new Coordinate(longitude, latitude), (await book.FindDistrict(longitude, latitude, cancel))?.Place.Code)] : [];

    private async Task<HashSet<string>> DistrictsOf(IReadOnlyList<string> members, CancellationToken cancel)
    {
        var codes = new HashSet<string>();
        foreach (var stream in await Streams(members, cancel))
        {
            if (stream is { Longitude: { } longitude, Latitude: { } latitude } && await book.FindDistrict(longitude, latitude, cancel) is { } at)
            {
                codes.Add(at.Place.Code);
            }
        }

        return codes;
    }

    private async Task<IReadOnlyList<LatestReading>> Streams(IReadOnlyList<string> subjects, CancellationToken cancel) =>
        await sensing.ListLatest([.. subjects.Select(subject => long.TryParse(subject, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var id) ? id : 0)], cancel);
}
