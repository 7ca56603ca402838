using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing;

public sealed class CreateTests
{
    [Theory, BothEngines]
    public async Task A_thing_is_created_with_everything_inline_and_read_back_along_its_links(Engine engine)
    {
        await using var sta = await Sta.Start(engine);

        var thing = await sta.Post("Things", Sta.Thing());
        var read = await sta.Get((string)thing["@iot.selfLink"]!);
        var location = await sta.Get((string)read["Locations@iot.navigationLink"]!);
        var datastream = (await sta.Get((string)read["Datastreams@iot.navigationLink"]!))["value"]![0]!;
        var property = await sta.Get((string)datastream["ObservedProperty@iot.navigationLink"]!);

        Assert.Equal("종로 1", (string)read["name"]!);
        Assert.Equal("스마트도시과", (string)read["properties"]!["owner"]!["dept"]!);
        Assert.Equal(126.977, (double)location["value"]![0]!["location"]!["coordinates"]![0]!);
        Assert.Equal("㎍/㎥", (string)datastream["unitOfMeasurement"]!["symbol"]!);
        Assert.Equal("초미세먼지", (string)property["name"]!);
        Assert.Equal("종로 1", (string)(await sta.Get($"Datastreams({datastream["@iot.id"]})/Thing"))["name"]!);
    }

    [Theory, BothEngines]
    public async Task A_deep_insert_with_one_bad_member_stores_nothing_and_names_it(Engine engine)
    {
        await using var sta = await Sta.Start(engine);

        var problem = await sta.Post("Things", Sta.Thing().Replace("\"encodingType\": \"text/plain\", ", "", StringComparison.Ordinal), HttpStatusCode.BadRequest);

        Assert.Equal("Datastreams[0].Sensor.encodingType", (string)problem["field"]!);
        foreach (var set in new[] { "Things", "Locations", "Sensors", "ObservedProperties", "Datastreams", "HistoricalLocations" })
        {
            Assert.Equal(0, (int)(await sta.Get(set + "?$count=true"))["@iot.count"]!);
        }
    }

    [Theory, BothEngines]
    public async Task Existing_entities_are_linked_by_id(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var first = await sta.CreateDatastream();
        var sensor = (long)(await sta.Get($"Datastreams({first})/Sensor"))["@iot.id"]!;
        var property = (long)(await sta.Get($"Datastreams({first})/ObservedProperty"))["@iot.id"]!;
        var thing = (long)(await sta.Get($"Datastreams({first})/Thing"))["@iot.id"]!;

        var second = await sta.Create($"Things({thing})/Datastreams", $$"""
            { "name": "둘째", "description": "d", "observationType": "OM_Observation", "unitOfMeasurement": { "name": null, "symbol": null, "definition": null },
              "Sensor": { "@iot.id": {{sensor}} }, "ObservedProperty": { "@iot.id": {{property}} } }
            """);
        var problem = await sta.Post("Datastreams", $$"""
            { "name": "셋째", "description": "d", "observationType": "OM_Observation", "unitOfMeasurement": {}, "Thing": { "@iot.id": 999 },
              "Sensor": { "@iot.id": {{sensor}} }, "ObservedProperty": { "@iot.id": {{property}} } }
            """, HttpStatusCode.BadRequest);

        Assert.Equal(thing, (long)(await sta.Get($"Datastreams({second})/Thing"))["@iot.id"]!);
        Assert.Equal(2, (await sta.Get($"Sensors({sensor})/Datastreams"))["value"]!.AsArray().Count);
        Assert.Equal("Thing", (string)problem["field"]!);
    }

    [Theory, BothEngines]
    public async Task A_things_move_leaves_a_historical_location_behind(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var thing = await sta.Create("Things", Sta.Thing());

        await sta.Post($"Things({thing})/Locations", """{ "name": "청계천", "description": "d", "encodingType": "application/geo+json", "location": { "type": "Point", "coordinates": [127.0, 37.569] } }""");

        Assert.Equal(["청계천"], await sta.Names($"Things({thing})/Locations"));
        var past = await sta.Get($"Things({thing})/HistoricalLocations?$expand=Locations($select=name)&$orderby=id");
        Assert.Equal(["세종로", "청계천"], past["value"]!.AsArray().Select(one => (string)one!["Locations"]![0]!["name"]!));
    }

    [Theory, BothEngines]
    public async Task A_past_location_in_the_past_moves_nothing_and_the_newest_one_does(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var thing = await sta.Create("Things", Sta.Thing());
        var place = await sta.Create("Locations", """{ "name": "한강", "description": "d", "encodingType": "application/geo+json", "location": { "type": "Point", "coordinates": [127.0, 37.52] } }""");

        await sta.Post("HistoricalLocations", $$"""{ "time": "2001-01-01T00:00:00Z", "Thing": { "@iot.id": {{thing}} }, "Locations": [{ "@iot.id": {{place}} }] }""");
        Assert.Equal(["세종로"], await sta.Names($"Things({thing})/Locations"));

        await sta.Post("HistoricalLocations", $$"""{ "time": "2199-01-01T00:00:00Z", "Thing": { "@iot.id": {{thing}} }, "Locations": [{ "@iot.id": {{place}} }] }""");
        Assert.Equal(["한강"], await sta.Names($"Things({thing})/Locations"));
    }

    [Theory, BothEngines]
    public async Task The_same_place_is_the_same_feature_until_it_changes(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();
        var thing = (long)(await sta.Get($"Datastreams({datastream})/Thing"))["@iot.id"]!;
        var location = (long)(await sta.Get($"Things({thing})/Locations"))["value"]![0]!["@iot.id"]!;

        await sta.Observe(datastream, (0, 1));
        await sta.Observe(datastream, (2, 1));
        Assert.Equal(1, (int)(await sta.Get("FeaturesOfInterest?$count=true"))["@iot.count"]!);

        await sta.Patch($"Locations({location})", """{ "location": { "type": "Point", "coordinates": [126.99, 37.58] } }""");
        await sta.Observe(datastream, (4, 1));

        var features = await sta.Get("FeaturesOfInterest?$expand=Observations($select=id)&$orderby=id");
        Assert.Equal([2, 1], features["value"]!.AsArray().Select(feature => feature!["Observations"]!.AsArray().Count));
        Assert.Equal("Polygon", (string)(await sta.Get($"Datastreams({datastream})"))["observedArea"]!["type"]!);
    }

    [Theory, BothEngines]
    public async Task An_observation_of_a_thing_without_a_place_is_refused_and_says_so(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var thing = await sta.Create("Things", $$"""{ "name": "어딘가", "description": "d", "Datastreams": [{{Sta.Datastream()}}] }""");
        var datastream = (long)(await sta.Get($"Things({thing})/Datastreams"))["value"]![0]!["@iot.id"]!;

        var problem = await sta.Post($"Datastreams({datastream})/Observations", """{ "result": 1 }""", HttpStatusCode.BadRequest);

        Assert.Contains("no Location", (string)problem["detail"]!, StringComparison.Ordinal);
        Assert.Equal(0, (int)(await sta.Get("Observations?$count=true"))["@iot.count"]!);
        await sta.Post($"Datastreams({datastream})/Observations", """
            { "result": 1, "FeatureOfInterest": { "name": "여기", "description": "d", "encodingType": "application/geo+json", "feature": { "type": "Point", "coordinates": [127, 37.5] } } }
            """);
        Assert.Equal(["여기"], await sta.Names("FeaturesOfInterest"));
    }

    [Theory, BothEngines]
    public async Task A_Location_made_below_a_HistoricalLocation_tells_that_place_too_and_of_the_newest_where_the_Thing_is(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        const string Place = """{ "name": "세종로 2", "description": "d", "encodingType": "text/plain", "location": "2층" }""";
        var old = await sta.Create("Things(1)/HistoricalLocations", """{ "time": "2001-01-01T00:00:00Z", "Locations": [{ "@iot.id": 1 }] }""");

        await sta.Post($"HistoricalLocations({old})/Locations", Place);
        Assert.Equal(["세종로", "세종로 2"], await sta.Names($"HistoricalLocations({old})/Locations"));
        Assert.Equal(["세종로"], await sta.Names("Things(1)/Locations"));

        await sta.Post("HistoricalLocations(1)/Locations", Place.Replace("세종로 2", "세종로 3", StringComparison.Ordinal));
        Assert.Equal(["세종로", "세종로 3"], await sta.Names("HistoricalLocations(1)/Locations"));
        Assert.Equal(["세종로", "세종로 3"], await sta.Names("Things(1)/Locations"));
        Assert.Equal(2, (await sta.Get("HistoricalLocations"))["value"]!.AsArray().Count);
        await sta.Post("HistoricalLocations(9)/Locations", Place, HttpStatusCode.NotFound);
    }
}
