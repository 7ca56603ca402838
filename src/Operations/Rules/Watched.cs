using Madang.Kernel;
using Madang.Places;
using Madang.Sensing;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Prepared;

namespace Madang.Operations.Rules;

/// <summary>One subject of a rule with the datastreams it watches for it.</summary>
/// <param name="Code">The datastream's id, the district's or region's code, or <c>city</c>.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Streams">In order of id; of a datastream it is that one alone.</param>
internal sealed record Watched(string Code, RuleText Name, IReadOnlyList<LatestReading> Streams);

/// <summary>Finds what a rule watches now: the subjects it speaks for, and the datastreams in its scope.</summary>
internal sealed class WatchFinder(SensingQueries sensing, SensingHistory history, PlaceBook places)
{
    public const string City = "city";

    private static readonly RuleText WholeCity = new("시 전체", "The whole city");

    /// <summary>Every subject that has a datastream, in order of its code; of a schedule the city, without any.</summary>
    public async Task<IReadOnlyList<Watched>> Find(Rule rule, CancellationToken cancel)
    {
        if (rule.Signal is ScheduleSignal)
        {
            return [new Watched(City, WholeCity, [])];
        }

        var scope = rule.Scope;
        var tagged = scope.Tag is null ? null : await history.ListTagged(scope.Tag, cancel);
        var within = Within(scope.Polygon);
        var wanted = scope.Datastreams.Count == 0 ? null : scope.Datastreams.ToHashSet();
        var districts = scope.Districts.ToHashSet();
        var found = new List<(LatestReading Stream, string? District)>();
        foreach (var stream in await sensing.ListLatest(wanted, cancel))
        {
            if (stream.Simulated == (rule.Data == CityData.Simulated) && (scope.Measure is null || stream.Measure == scope.Measure) && (scope.Unit is null || stream.Unit == scope.Unit)
                && tagged?.Contains(stream.Thing) != false && within(stream) && await District(stream, cancel) is var district && (districts.Count == 0 || (district is not null && districts.Contains(district))))
            {
                found.Add((stream, district));
            }
        }

        return rule.Each switch
        {
            RuleSubject.Datastream => [.. found.Select(each => new Watched(each.Stream.Datastream.ToString(System.Globalization.CultureInfo.InvariantCulture), NameOf(each.Stream), [each.Stream]))],
            RuleSubject.District => await Districts(found, cancel),
            RuleSubject.Region => [.. scope.Regions.Select(region => new Watched(region.Code, region.Name, [.. found.Where(each => each.District is { } code && region.Districts.Contains(code)).Select(each => each.Stream)]))],
            _ => [new Watched(City, WholeCity, [.. found.Select(each => each.Stream)])],
        };
    }

    /// <summary>The datastreams around one that measure the same in the same unit, of real and simulated ones those of its own kind; itself is not among them.</summary>
    public async Task<IReadOnlyList<LatestReading>> FindNear(LatestReading stream, int metres, CancellationToken cancel) =>
        stream is not { Longitude: { } longitude, Latitude: { } latitude } ? []
        : [.. (await sensing.ListLatest(cancel)).Where(other =>
            other.Thing != stream.Thing && other.Measure == stream.Measure && other.Unit == stream.Unit && other.Simulated == stream.Simulated
            && other is { Longitude: { } east, Latitude: { } north } && Globe.Metres(longitude, latitude, east, north) <= metres)];

    private async Task<IReadOnlyList<Watched>> Districts(List<(LatestReading Stream, string? District)> found, CancellationToken cancel)
    {
        var names = (await places.ListDistricts(cancel)).ToDictionary(place => place.Code);
        return
        [
            .. found.Where(each => each.District is not null).GroupBy(each => each.District!, each => each.Stream).OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => new Watched(group.Key, names.TryGetValue(group.Key, out var place) ? new(place.NameKo, place.NameEn) : new(group.Key, group.Key), [.. group])),
        ];
    }

    private async ValueTask<string?> District(LatestReading stream, CancellationToken cancel) =>
        stream is { Longitude: { } longitude, Latitude: { } latitude } && await places.FindDistrict(longitude, latitude, cancel) is { } at ? at.Place.Code : null;

    private static Func<LatestReading, bool> Within(IReadOnlyList<double[]> corners)
    {
        if (corners.Count == 0)
        {
            return _ => true;
        }

        var area = PreparedGeometryFactory.Prepare(new Polygon(new LinearRing([.. corners.Append(corners[0]).Select(corner => new Coordinate(corner[0], corner[1]))])).Buffer(0));
        return stream => stream is { Longitude: { } longitude, Latitude: { } latitude } && area.Covers(new Point(longitude, latitude));
    }

    private static RuleText NameOf(LatestReading stream) => new(stream.ThingName, stream.NameEn ?? stream.ThingName);
}
