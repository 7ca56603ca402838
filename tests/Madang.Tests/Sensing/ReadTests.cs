using System.Net;
using System.Text.Json.Nodes;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing;

public sealed class ReadTests
{
    [Theory, BothEngines]
    public async Task The_issue_question_is_answered_with_filter_order_top_count_and_a_next_link(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();
        await sta.Observe(datastream, [.. Enumerable.Range(0, 50).Select(index => (index * 2, 30.0 + (index % 10)))]);

        var page = await sta.Get($"Datastreams({datastream})/Observations?$filter=phenomenonTime gt {Sta.At(10)} and result gt 35&$orderby=phenomenonTime desc&$top=7&$count=true");
        var results = new List<double>();
        var pages = 0;
        for (JsonNode? next = page; next is not null; pages++)
        {
            results.AddRange(next["value"]!.AsArray().Select(one => (double)one!["result"]!));
            next = next["@iot.nextLink"] is { } link ? await sta.Get((string)link!) : null;
        }

        Assert.Equal(20, (int)page["@iot.count"]!);
        Assert.Equal(3, pages);
        Assert.Equal(Enumerable.Range(0, 50).Where(index => index > 5 && index % 10 > 5).Reverse().Select(index => 30.0 + (index % 10)), results);
    }

    [Theory, BothEngines]
    public async Task Expand_select_and_nested_options_give_exactly_what_was_asked(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();

        var thing = (await sta.Get("Things?$expand=Datastreams($expand=ObservedProperty;$select=name),Locations"))["value"]![0]!.AsObject();

        Assert.Equal("pm25", (string)thing["Datastreams"]![0]!["name"]!);
        Assert.Equal(["name", "ObservedProperty"], thing["Datastreams"]![0]!.AsObject().Select(member => member.Key));
        Assert.Equal("초미세먼지", (string)thing["Datastreams"]![0]!["ObservedProperty"]!["name"]!);
        Assert.Equal("세종로", (string)thing["Locations"]![0]!["name"]!);
        Assert.False(thing.ContainsKey("Datastreams@iot.navigationLink"));
        Assert.True(thing.ContainsKey("HistoricalLocations@iot.navigationLink"));
    }

    [Theory, BothEngines]
    public async Task An_expanded_collection_has_its_own_next_link_with_every_option(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();
        await sta.Observe(datastream, (0, 1), (2, 2), (4, 3), (6, 4), (8, 5));

        var expanded = (await sta.Get("Things?$expand=Datastreams/Observations($filter=result gt 1;$orderby=phenomenonTime desc;$top=2;$select=result;$count=true)"))["value"]![0]!["Datastreams"]![0]!;
        var next = await sta.Get((string)expanded["Observations@iot.nextLink"]!);

        Assert.Equal(4, (int)expanded["Observations@iot.count"]!);
        Assert.Equal("""[{"result":5},{"result":4}]""", expanded["Observations"]!.ToJsonString());
        Assert.Equal("""[{"result":3},{"result":2}]""", next["value"]!.ToJsonString());
        Assert.Null(next["@iot.nextLink"]);
    }

    [Theory, BothEngines]
    public async Task Top_zero_counts_only_and_an_exactly_full_last_page_has_no_next_link(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();
        await sta.Observe(datastream, (0, 1), (2, 2));

        var none = await sta.Get("Observations?$top=0&$count=true");
        var full = await sta.Get("Observations?$top=2");

        Assert.Equal(2, (int)none["@iot.count"]!);
        Assert.Empty(none["value"]!.AsArray());
        Assert.Null(none["@iot.nextLink"]);
        Assert.Null(full["@iot.nextLink"]);
    }

    [Theory, BothEngines]
    public async Task A_path_through_many_means_at_least_one(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var one = await sta.CreateDatastream("하나");
        var two = await sta.CreateDatastream("둘");
        await sta.Observe(one, (0, 10), (2, 50));
        await sta.Observe(two, (0, 10));

        Assert.Equal(["하나"], await sta.Names("Things?$filter=Datastreams/Observations/result gt 40"));
        Assert.Equal(["둘"], await sta.Names("Things?$filter=not (Datastreams/Observations/result gt 40)"));
        Assert.Equal(["둘", "하나"], await sta.Names("Things?$orderby=name"));
        Assert.Equal(["하나", "둘"], (await sta.Get("Datastreams?$orderby=Thing/name desc&$expand=Thing"))["value"]!.AsArray().Select(row => (string)row!["Thing"]!["name"]!));
    }

    [Theory, BothEngines]
    public async Task An_interval_is_compared_as_an_interval(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();
        await sta.Post($"Datastreams({datastream})/Observations", """{ "phenomenonTime": "2026-07-18T15:00:00Z/2026-07-19T15:00:00Z", "result": 5 }""");

        async Task<int> Count(string filter) => (int)(await sta.Get($"Observations?$filter={filter}&$count=true"))["@iot.count"]!;

        Assert.Equal(0, await Count("phenomenonTime lt 2026-07-19T00:00:00Z"));
        Assert.Equal(1, await Count("phenomenonTime lt 2026-07-19T15:00:00Z"));
        Assert.Equal(1, await Count("phenomenonTime gt 2026-07-18T14:59:59Z"));
        Assert.Equal(0, await Count("phenomenonTime gt 2026-07-18T15:00:00Z"));
        Assert.Equal(1, await Count("phenomenonTime ge 2026-07-18T15:00:00Z"));
        Assert.Equal(0, await Count("phenomenonTime eq 2026-07-18T15:00:00Z"));
    }

    [Theory, BothEngines]
    public async Task A_property_can_be_read_alone_and_raw(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();

        Assert.Equal("pm25", (string)(await sta.Get($"Datastreams({datastream})/name"))["name"]!);
        Assert.Equal("pm25", await sta.City.Client.GetStringAsync($"/sta/v1.1/Datastreams({datastream})/name/$value", TestContext.Current.CancellationToken));
        await sta.Get($"Datastreams({datastream})/phenomenonTime/$value", HttpStatusCode.NoContent);
    }

    [Theory, BothEngines]
    public async Task The_root_names_every_set_and_only_requirements_that_are_met(Engine engine)
    {
        await using var sta = await Sta.Start(engine);

        var root = await sta.Get("/sta/v1.1");

        Assert.Equal(9, root["value"]!.AsArray().Count);
        foreach (var set in root["value"]!.AsArray())
        {
            await sta.Get((string)set!["url"]!);
        }

        Assert.Equal("ws://localhost/mqtt", (string)root["serverSettings"]!["http://www.opengis.net/spec/iot_sensing/1.1/req/receive-updates-via-mqtt/receive-updates"]!["endpoints"]![0]!);
    }

    [Theory, BothEngines]
    public async Task The_area_of_places_in_one_line_is_a_line_and_of_one_place_a_point(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        async Task<string> Area((double Longitude, double Latitude) place)
        {
            await sta.Post("Datastreams(1)/Observations", FormattableString.Invariant($$"""{ "result": 1, "FeatureOfInterest": { "name": "f", "description": "d", "encodingType": "application/geo+json", "feature": { "type": "Point", "coordinates": [{{place.Longitude}}, {{place.Latitude}}] } } }"""));
            return (await sta.Get("Datastreams(1)"))["observedArea"]!.ToJsonString();
        }

        Assert.Equal("""{"type":"Point","coordinates":[127,37.5]}""", await Area((127, 37.5)));
        Assert.Equal("""{"type":"LineString","coordinates":[[127,37.25],[127,37.5]]}""", await Area((127, 37.25)));
        Assert.Equal("""{"type":"Polygon","coordinates":[[[126.5,37.25],[127,37.25],[127,37.5],[126.5,37.5],[126.5,37.25]]]}""", await Area((126.5, 37.25)));
        Assert.Equal(["pm25"], await sta.Names("Datastreams?$filter=st_intersects(observedArea,geography'POINT(126.75 37.4)')"));
    }

    [Theory, BothEngines]
    public async Task What_is_selected_by_name_is_there_also_when_it_has_no_value(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        var empty = await sta.Get("Datastreams(1)?$select=phenomenonTime,resultTime,observedArea");
        await sta.Observe(1, (0, 1));
        var observation = await sta.Get("Observations(1)?$select=validTime,resultTime,parameters,resultQuality");
        var expanded = (await sta.Get("Datastreams(1)?$select=name&$expand=Observations($select=validTime)"))["Observations"]![0]!;

        Assert.Equal("""{"observedArea":null,"phenomenonTime":null,"resultTime":null}""", empty.ToJsonString());
        Assert.Equal("""{"resultTime":null,"resultQuality":null,"validTime":null,"parameters":null}""", observation.ToJsonString());
        Assert.Equal("""{"validTime":null}""", expanded.ToJsonString());
        Assert.False((await sta.Get("Observations(1)")).AsObject().ContainsKey("validTime"));
    }
}
