using System.Net;
using Madang.Sensing.Query;
using Madang.Storage;
using NetTopologySuite.Geometries;

namespace Madang.Tests.Sensing.Query;

/// <summary>Shapes in filters, over Locations, FeaturesOfInterest and areas, on both engines.</summary>
public sealed class GeoTests(SharedSta shared) : IClassFixture<SharedSta>
{
    private const string Box = "geography'POLYGON((126.9 37.5,127.1 37.5,127.1 37.7,126.9 37.7,126.9 37.5))'";

    [Theory]
    [InlineData("st_within(location, {Box})", "세종로,길,작은 구역")]
    [InlineData("not (st_within(location, {Box}))", "부산,큰 구역,이름뿐")]
    [InlineData("st_within(location, {Box}) and not (name eq '길') or name eq '부산'", "세종로,부산,작은 구역")]
    [InlineData("st_intersects(location, {Box})", "세종로,길,작은 구역,큰 구역")]
    [InlineData("geo.intersects({Box}, location)", "세종로,길,작은 구역,큰 구역")]
    [InlineData("st_disjoint(location, {Box})", "부산")]
    [InlineData("st_contains(location, geography'POINT(127.05 37.55)')", "작은 구역,큰 구역")]
    [InlineData("st_contains({Box}, location)", "세종로,길,작은 구역")]
    [InlineData("st_within(geography'POINT(127.05 37.55)', location)", "작은 구역,큰 구역")]
    [InlineData("st_equals(location, geometry'POINT(126.977 37.57)')", "세종로")]
    [InlineData("st_equals(location, geography'LINESTRING(127 37.6, 126.95 37.6)')", "길")]
    [InlineData("st_touches(location, geography'LINESTRING(127 37.6, 127 37.65)')", "길,큰 구역")]
    [InlineData("st_crosses(location, geography'LINESTRING(126.97 37.59, 126.97 37.61)')", "길")]
    [InlineData("st_overlaps(location, {Box})", "큰 구역")]
    [InlineData("st_relate(location, {Box}, 'T*F**F***')", "세종로,길,작은 구역")]
    [InlineData("st_relate(location, geography'POINT(129.0756 35.1796)', 'FF*FF****')", "세종로,길,작은 구역,큰 구역")]
    [InlineData("geo.distance(location, geography'POINT(126.978 37.5665)') lt 500", "세종로")]
    [InlineData("geo.distance(location, geography'SRID=4326; POINT(126.978 37.5665) ') gt 100000", "부산")]
    [InlineData("geo.distance(location, geography'POINT(126.978 37.5665)') div 1000 gt 324 and geo.distance(location, geography'POINT(126.978 37.5665)') div 1000 lt 325", "부산")]
    [InlineData("geo.distance(location, geography'POINT(127.05 37.55)') eq 0", "작은 구역,큰 구역")]
    [InlineData("geo.distance(location, geography'LINESTRING(126 37.6,128 37.6)') le 1", "길,큰 구역")]
    [InlineData("geo.length(location) gt 4400 and geo.length(location) lt 4430", "길")]
    [InlineData("geo.length(geography'LINESTRING(0 0,0 1)') gt 110570 and name eq '길'", "길")]
    [InlineData("Things/Locations/name eq '없음' or st_within(location, geography'POINT(1 1)')", "")]
    public async Task Locations_are_found_by_their_shape(string filter, string expected)
    {
        foreach (var engine in new[] { Engine.Sqlite, Engine.Postgres })
        {
            var sta = await shared.Get(engine, Prepare);
            var question = $"Locations?$filter={filter.Replace("{Box}", Box, StringComparison.Ordinal)}&$orderby=id";

            var page = await sta.Get(question + "&$count=true&$top=1");

            Assert.True(expected == string.Join(',', await sta.Names(question)), $"{filter} on {engine}");
            Assert.Equal(expected.Length == 0 ? 0 : expected.Split(',').Length, (int)page["@iot.count"]!);
        }
    }

    [Theory, Hosts.BothEngines]
    public async Task Shapes_behind_relations_and_areas_are_compared_and_sorted(Engine engine)
    {
        var sta = await shared.Get(engine, Prepare);

        Assert.Equal(["종로 1"], await sta.Names($"Things?$filter=st_within(Locations/location, {Box})"));
        Assert.Equal(["1"], await sta.Names($"Observations?$filter=st_within(FeatureOfInterest/feature, {Box})", "@iot.id"));
        Assert.Equal(["세종로"], await sta.Names("FeaturesOfInterest?$filter=geo.distance(feature, geography'POINT(126.977 37.57)') lt 1"));
        Assert.Equal(["pm25"], await sta.Names($"Datastreams?$filter=st_within(observedArea, {Box})"));
        Assert.Equal([1, 0], (await sta.Get($"Things?$orderby=id&$expand=Locations($filter=st_within(location, {Box}))"))["value"]!.AsArray().Select(thing => thing!["Locations"]!.AsArray().Count));
        Assert.Equal([0, 0], (await sta.Get("Things?$orderby=id&$expand=Locations($filter=geo.length(location) gt 1 or geo.distance(location, geography'POINT(1 1)') lt 5;$count=true)"))["value"]!.AsArray().Select(thing => (int)thing!["Locations@iot.count"]!));
        Assert.Equal(["empty"], await sta.Names("Datastreams?$filter=observedArea eq null"));
        Assert.Empty(await sta.Names($"Datastreams?$filter=st_disjoint(observedArea, {Box})"));
        Assert.Equal(["부산", "작은 구역"], (await sta.Names("Locations?$orderby=geo.distance(location, geography'POINT(126.977 37.57)') desc&$filter=location ne null")).Take(2));
        Assert.Equal(["이름뿐", "세종로"], (await sta.Names("Locations?$orderby=geo.distance(location, geography'POINT(126.977 37.57)')")).Take(2));
    }

    [Theory]
    [InlineData("Locations", "st_equals(location, location)", "세종로,부산,길,작은 구역,큰 구역")]
    [InlineData("Locations", "st_disjoint(location, location)", "")]
    [InlineData("Locations", "geo.distance(location, location) eq 0 and name ne '길'", "세종로,부산,작은 구역,큰 구역")]
    [InlineData("Locations", "st_within(location, Things/Datastreams/observedArea)", "세종로")]
    [InlineData("Locations", "not st_intersects(location, Things/Datastreams/observedArea)", "부산,길,작은 구역,큰 구역,이름뿐")]
    [InlineData("Locations", "geo.distance(location, Things/Datastreams/observedArea) lt 10", "세종로")]
    [InlineData("Locations", "geo.distance(location, Things/Datastreams/observedArea) gt 10", "")]
    [InlineData("Locations", "st_relate(location, Things/Locations/location, 'T*F**FFF*')", "세종로")]
    [InlineData("Things", "st_equals(Locations/location, Datastreams/Observations/FeatureOfInterest/feature)", "종로 1")]
    [InlineData("Things", "st_touches(Locations/location, Datastreams/observedArea)", "")]
    [InlineData("Datastreams", "geo.intersects(observedArea, Thing/Locations/location)", "pm25")]
    [InlineData("Datastreams", "st_disjoint(Thing/Locations/location, observedArea)", "")]
    public async Task Two_shapes_that_a_filter_joins_are_compared(string collection, string filter, string expected)
    {
        foreach (var engine in new[] { Engine.Sqlite, Engine.Postgres })
        {
            var sta = await shared.Get(engine, Prepare);
            Assert.True(expected == string.Join(',', await sta.Names($"{collection}?$filter={filter}&$orderby=id")), $"{filter} on {engine}: {string.Join(',', await sta.Names($"{collection}?$filter={filter}&$orderby=id"))}");
            Assert.Equal(expected.Length == 0 ? 0 : expected.Split(',').Length, (int)(await sta.Get($"{collection}?$filter={filter}&$count=true&$top=0"))["@iot.count"]!);
        }
    }

    [Theory]
    [InlineData("st_within(location, geography'POINT(1)')", "POINT(127 37.5)")]
    [InlineData("st_within(location, geography'POINT(200 10)')", "longitude comes first")]
    [InlineData("st_within(location, geography'POLYGON((0 0,1 1,1 0,0 1,0 0))')", "no sound shape")]
    [InlineData("st_within(location, geography'POLYGON EMPTY')", "is empty")]
    [InlineData("st_within(location, geography'SRID=5179;POINT(1 1)')", "SRID 4326")]
    [InlineData("st_within(location, geography'drop table')", "well-known text")]
    [InlineData("st_within(location, geography'GEOMETRYCOLLECTION(POINT(1 1),LINESTRING(0 0,1 1))')", "argument 2 of 'st_within'")]
    [InlineData("st_within(name, geography'POINT(1 1)')", "argument 1 of 'st_within'")]
    [InlineData("st_within(location, 'POINT(1 1)')", "argument 2 of 'st_within'")]
    [InlineData("st_relate(location, geography'POINT(1 1)', 'TTT')", "argument 3 of 'st_relate'")]
    [InlineData("geo.distance(location, geography'POINT(1 1)') eq 'far'", "compares a number with text")]
    [InlineData("location eq 5", "compares a shape with a number")]
    public async Task A_shape_that_is_none_is_refused(string filter, string said)
    {
        var problem = await (await shared.Get(Engine.Sqlite, Prepare)).Get($"Locations?$filter={filter}", HttpStatusCode.BadRequest);

        Assert.Equal("$filter", (string)problem["field"]!);
        Assert.Contains(said, (string)problem["detail"]!, StringComparison.Ordinal);
    }

    [Theory]
    // Degrees of the ellipsoid; Flinders Peak to Buninyong (GDA technical manual); Paris to Washington (Meeus, example 11.c).
    [InlineData(0, 0, 0, 1, 110_574.4, 2e-5)]
    [InlineData(0, 0, 1, 0, 111_319.5, 1e-6)]
    [InlineData(144.42486788889, -37.95103341667, 143.92649552778, -37.65282113889, 54_972.27, 1e-5)]
    [InlineData(2.33722, 48.83639, -77.06556, 38.92139, 6_181_630, 2e-5)]
    [InlineData(127, 37.5, 127, 37.5, 0, 0)]
    public void Distances_are_those_of_the_ellipsoid(double fromLongitude, double fromLatitude, double toLongitude, double toLatitude, double metres, double within)
    {
        var distance = Geodesy.Distance(new Coordinate(fromLongitude, fromLatitude), new Coordinate(toLongitude, toLatitude));

        Assert.InRange(distance, metres * (1 - within), metres * (1 + within));
    }

    private static async Task Prepare(Sta sta)
    {
        await sta.Create("Locations", Location("부산", """{ "type": "Point", "coordinates": [129.0756, 35.1796] }"""));
        await sta.Create("Locations", Location("길", """{ "type": "LineString", "coordinates": [[126.95, 37.6], [127.0, 37.6]] }"""));
        await sta.Create("Locations", Location("작은 구역", """{ "type": "Polygon", "coordinates": [[[127.04, 37.54], [127.06, 37.54], [127.06, 37.56], [127.04, 37.56], [127.04, 37.54]]] }"""));
        await sta.Create("Locations", Location("큰 구역", """{ "type": "Polygon", "coordinates": [[[127.0, 37.5], [127.3, 37.5], [127.3, 37.7], [127.0, 37.7], [127.0, 37.5]]] }"""));
        await sta.Create("Locations", """{ "name": "이름뿐", "description": "d", "encodingType": "text/plain", "location": { "address": "어딘가" } }""");
        await sta.Post("Datastreams(1)/Observations", """{ "result": 1 }""");
        await sta.Create("Things", """{ "name": "빈 것", "description": "d" }""");
        await sta.Create("Things(2)/Datastreams", Sta.Datastream("empty"));
    }

    private static string Location(string name, string shape) =>
        $$"""{ "name": "{{name}}", "description": "d", "encodingType": "application/geo+json", "location": {{shape}} }""";
}
