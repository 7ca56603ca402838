using Madang.Operations.Rules;
using Madang.Places;
using Madang.Sensing;

namespace Madang.Operations.Air;

/// <summary>An air quality station.</summary>
/// <param name="Thing">Its <c>@iot.id</c>.</param>
/// <param name="Name">What people call it.</param>
/// <param name="District">The code of the district it stands in; null outside the city.</param>
/// <param name="Streams">One datastream for each pollutant, in order of id.</param>
internal sealed record AirStation(long Thing, RuleText Name, string? District, IReadOnlyList<LatestReading> Streams);

/// <summary>The air quality stations of one world.</summary>
/// <param name="Newest">The newest reading; null when there is none.</param>
/// <param name="All">In order of id.</param>
internal sealed record AirNetwork(DateTimeOffset? Newest, IReadOnlyList<AirStation> All);

/// <summary>Finds the air quality stations: Things of kind <c>air-station</c>, as the advisories take them. Small sensors do not count.</summary>
internal sealed class AirStations(SensingQueries sensing, WatchFinder finder, PlaceBook places)
{
    /// <summary>The unit in which a pollutant is counted; datastreams in another are left out.</summary>
    public static string UnitOf(string measure) => measure is "pm10" or "pm25" ? "㎍/㎥" : "ppm";

    public async Task<AirNetwork> Find(CityData data, CancellationToken cancel)
    {
        List<LatestReading> streams = [.. (await sensing.ListLatest(cancel)).Where(stream => CleanAirIndex.Measures.Contains(stream.Measure) && stream.Unit == UnitOf(stream.Measure))];
        var found = (await finder.Find(Any(data), streams, cancel)).Select(each => each.Streams[0]).ToList();
        var stations = new List<AirStation>();
        foreach (var thing in found.GroupBy(stream => stream.Thing).OrderBy(thing => thing.Key))
        {
            var first = thing.First();
            var district = first is { Longitude: { } longitude, Latitude: { } latitude } ? (await places.FindDistrict(longitude, latitude, cancel))?.Place.Code : null;
            stations.Add(new AirStation(thing.Key, new(first.ThingName, first.NameEn ?? first.ThingName), district, [.. thing.OrderBy(stream => stream.Datastream).DistinctBy(stream => stream.Measure)]));
        }

        return new AirNetwork(found.Max(stream => stream.At), stations);
    }

    private static Rule Any(CityData data) => ShippedRules.All["pm25"] with { Data = data, Each = RuleSubject.Datastream, Scope = new RuleScope { Kind = "air-station" } };
}
