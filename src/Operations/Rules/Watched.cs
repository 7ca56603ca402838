using Madang.Places;
using Madang.Sensing;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Prepared;

namespace Madang.Operations.Rules;

/// <summary>One subject of a rule with the datastreams it watches for it.</summary>
/// <param name="Code">The datastream's id, the district's or region's code, or <c>city</c>.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Streams">In order of id; of a datastream it is that one alone, or that one and then its neighbours, the nearest first.</param>
internal sealed record Watched(string Code, RuleText Name, IReadOnlyList<LatestReading> Streams)
{
    /// <summary>Of a combination: for each rule that it goes by the subjects of that rule which count here.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Others { get; init; } = [];

    /// <summary>The district of a datastream whose rule asks for it.</summary>
    public string? District { get; init; }
}

/// <summary>Finds what a rule watches now: the subjects it speaks for, and the datastreams in its scope.</summary>
internal sealed class WatchFinder(SensingQueries sensing, SensingHistory history, PlaceBook places)
{
    public const string City = "city";

    public static readonly RuleText WholeCity = new("시 전체", "The whole city");

    private const int MostAsked = 1_000;

    /// <summary>Every subject that has a datastream, in order of its code; of a schedule the city, without any.</summary>
    public async Task<IReadOnlyList<Watched>> Find(Rule rule, CancellationToken cancel) =>
        await Find(rule, rule.Signal is ScheduleSignal ? [] : await sensing.ListLatest(rule.Scope.Datastreams.Count == 0 || rule.Signal is NeighboursSignal ? null : rule.Scope.Datastreams.ToHashSet(), cancel), cancel);

    /// <summary>The same among some datastreams.</summary>
    public async Task<IReadOnlyList<Watched>> Find(Rule rule, IReadOnlyList<LatestReading> among, CancellationToken cancel)
    {
        if (rule.Signal is ScheduleSignal)
        {
            return [new Watched(City, WholeCity, [])];
        }

        var scope = rule.Scope;
        var things = scope.Tag is null && scope.Kind is null ? null : await history.ListThings(scope.Tag, scope.Kind, among.Count <= MostAsked ? [.. among.Select(stream => stream.Thing).Distinct()] : null, cancel);
        var area = scope.Polygon.Count == 0 ? null : PreparedGeometryFactory.Prepare(AreaOf(scope.Polygon));
        var needsDistrict = scope.Districts.Count > 0 || rule.Each is RuleSubject.District or RuleSubject.Region || rule.Signal is CombinationSignal;
        var (districts, ids) = (scope.Districts.ToHashSet(), scope.Datastreams.ToHashSet());
        var found = new List<(LatestReading Stream, string? District)>();
        foreach (var stream in among)
        {
            if ((ids.Count == 0 || ids.Contains(stream.Datastream)) && stream.Simulated == (rule.Data == CityData.Simulated) && (scope.Measure is null || stream.Measure == scope.Measure) && (scope.Unit is null || stream.Unit == scope.Unit)
                && things?.Contains(stream.Thing) != false && (area is null || (stream is { Longitude: { } longitude, Latitude: { } latitude } && area.Covers(new Point(longitude, latitude)))))
            {
                var district = needsDistrict ? await District(stream, cancel) : null;
                if (districts.Count == 0 || (district is not null && districts.Contains(district)))
                {
                    found.Add((stream, district));
                }
            }
        }

        var nearest = rule.Signal is NeighboursSignal near ? await Nearest(rule, near, among, cancel) : null;
        return rule.Each switch
        {
            RuleSubject.Datastream => [.. found.Select(each => new Watched(CodeOf(each.Stream), NameOf(each.Stream), [each.Stream, .. nearest?.Find(each.Stream) ?? []]) { District = each.District })],
            RuleSubject.District => await Districts(found, cancel),
            RuleSubject.Region => Regions(scope.Regions, found),
            _ => [new Watched(City, WholeCity, [.. found.Select(each => each.Stream)])],
        };
    }

    /// <summary>The area inside these corners.</summary>
    public static Polygon AreaOf(IReadOnlyList<double[]> corners) => new(new LinearRing([.. corners.Append(corners[0]).Select(corner => new Coordinate(corner[0], corner[1]))]));

    private static IReadOnlyList<Watched> Regions(IReadOnlyList<RuleRegion> regions, List<(LatestReading Stream, string? District)> found)
    {
        var regionOf = regions.SelectMany(region => region.Districts, (region, district) => (region.Code, District: district)).ToDictionary(each => each.District, each => each.Code);
        var streams = found.Where(each => each.District is not null && regionOf.ContainsKey(each.District)).ToLookup(each => regionOf[each.District!], each => each.Stream);
        return [.. regions.Select(region => new Watched(region.Code, region.Name, [.. streams[region.Code]]))];
    }

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

    /// <summary>The code of a datastream as a subject.</summary>
    public static string CodeOf(LatestReading stream) => stream.Datastream.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>What a neighbour is asked about is whether it measures the same, and is of the same kind: not whether the rule speaks for it too.</summary>
    private async Task<Neighbours> Nearest(Rule rule, NeighboursSignal signal, IReadOnlyList<LatestReading> among, CancellationToken cancel)
    {
        var kind = rule.Scope.Kind is { } wanted ? await history.ListThings(null, wanted, null, cancel) : null;
        return new Neighbours(signal, among.Where(stream => MayBeNear(rule, stream) && kind?.Contains(stream.Thing) != false));
    }

    private static bool MayBeNear(Rule rule, LatestReading stream) => stream.Simulated == (rule.Data == CityData.Simulated) && stream.Measure == rule.Scope.Measure && stream.Unit == rule.Scope.Unit;

    private static RuleText NameOf(LatestReading stream) => new(stream.ThingName, stream.NameEn ?? stream.ThingName);
}
