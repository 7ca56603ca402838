using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing;

public sealed class MultiDatastreamTests
{
    internal const string Wind = """
        {
          "name": "바람", "description": "풍향과 풍속",
          "multiObservationDataTypes": ["OM_Measurement", "OM_Measurement"],
          "unitOfMeasurements": [{ "name": "degree", "symbol": "°", "definition": "ucum:deg" }, { "name": "metre per second", "symbol": "m/s", "definition": "ucum:m/s" }],
          "Sensor": { "name": "anemometer", "description": "d", "encodingType": "text/plain", "metadata": "none" },
          "ObservedProperties": [
            { "name": "풍향", "definition": "http://example.org/direction", "description": "d" },
            { "name": "풍속", "definition": "http://example.org/speed", "description": "d" }
          ]
        }
        """;

    [Theory, BothEngines]
    public async Task It_holds_arrays_of_results_for_several_properties_in_their_order(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        var multi = await sta.Create("Things(1)/MultiDatastreams", Wind);

        var observation = await sta.Post($"MultiDatastreams({multi})/Observations", """{ "phenomenonTime": "2026-07-19T00:00:00Z", "result": [270, 3.5] }""");
        await sta.Post("Observations", $$"""{ "phenomenonTime": "2026-07-19T00:10:00Z", "result": [280, 4], "MultiDatastream": { "@iot.id": {{multi}} } }""");
        await sta.Post("CreateObservations", $$"""[{ "MultiDatastream": { "@iot.id": {{multi}} }, "components": ["phenomenonTime", "result"], "dataArray": [["2026-07-19T00:20:00Z", [290, null]]] }]""");

        var read = await sta.Get($"MultiDatastreams({multi})?$expand=Thing,Sensor,ObservedProperties,Observations($count=true)");
        Assert.Equal("http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_ComplexObservation", (string)read["observationType"]!);
        Assert.Equal("m/s", (string)read["unitOfMeasurements"]![1]!["symbol"]!);
        Assert.Equal(["풍향", "풍속"], read["ObservedProperties"]!.AsArray().Select(each => (string)each!["name"]!));
        Assert.Equal(3, (int)read["Observations@iot.count"]!);
        Assert.Equal("2026-07-19T00:00:00.000Z/2026-07-19T00:20:00.000Z", (string)read["phenomenonTime"]!);
        Assert.Equal("Point", (string)read["observedArea"]!["type"]!);
        Assert.EndsWith("/MultiDatastream", (string)observation["MultiDatastream@iot.navigationLink"]!, StringComparison.Ordinal);
        Assert.Null(observation["Datastream@iot.navigationLink"]);
        Assert.Equal(3.5, (double)(await sta.Get($"Observations({observation["@iot.id"]})"))["result"]![1]!);
        Assert.Equal("바람", (string)(await sta.Get($"Observations({observation["@iot.id"]})/MultiDatastream"))["name"]!);
        Assert.Equal(["2026-07-19T00:10:00.000Z", "2026-07-19T00:20:00.000Z"], await sta.Names($"MultiDatastreams({multi})/Observations?$filter=result[1] gt 3.6 or result[1] eq null", "phenomenonTime"));
        Assert.Equal(["바람"], await sta.Names("ObservedProperties(3)/MultiDatastreams"));
    }

    [Theory, BothEngines]
    public async Task Datastreams_and_multi_datastreams_are_never_taken_for_each_other(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var plain = await sta.CreateDatastream();
        var multi = await sta.Create("Things(1)/MultiDatastreams", Wind);

        Assert.Equal(["pm25"], await sta.Names("Datastreams"));
        Assert.Equal(["바람"], await sta.Names("MultiDatastreams"));
        await sta.Get($"Datastreams({multi})", HttpStatusCode.NotFound);
        await sta.Get($"MultiDatastreams({plain})", HttpStatusCode.NotFound);
        await sta.Get($"/api/series/{multi}?from=2026-07-19T00:00:00Z&to=2026-07-20T00:00:00Z&step=1h", HttpStatusCode.NotFound);
        await sta.Post($"Datastreams({multi})/Observations", """{ "result": 1 }""", HttpStatusCode.NotFound);
        await sta.Post($"Datastreams({multi})/Observations", """{ "result": [1, 2] }""", HttpStatusCode.NotFound);
        await sta.Post($"MultiDatastreams({plain})/Observations", """{ "result": [1, 2] }""", HttpStatusCode.NotFound);
        await sta.Delete($"Datastreams({multi})", HttpStatusCode.NotFound);
        await sta.Post("Observations", $$"""{ "result": [1, 2], "Datastream": { "@iot.id": {{plain}} }, "MultiDatastream": { "@iot.id": {{multi}} } }""", HttpStatusCode.BadRequest);
        var both = (await sta.Get($"Things(1)?$expand=Datastreams,MultiDatastreams"))!;
        Assert.Equal((1, 1), (both["Datastreams"]!.AsArray().Count, both["MultiDatastreams"]!.AsArray().Count));
    }

    [Theory, BothEngines]
    public async Task Lists_and_results_of_other_lengths_are_refused_by_name(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        async Task<string> Refused(string from, string to) =>
            (string)(await sta.Post("Things(1)/MultiDatastreams", Wind.Replace(from, to, StringComparison.Ordinal), HttpStatusCode.BadRequest))["field"]!;

        Assert.Equal("unitOfMeasurements", await Refused("\"OM_Measurement\", \"OM_Measurement\"", "\"OM_Measurement\", \"OM_Measurement\", \"OM_Measurement\""));
        Assert.Equal("multiObservationDataTypes[1]", await Refused("\"OM_Measurement\", \"OM_Measurement\"", "\"OM_Measurement\", 5"));
        Assert.Equal("multiObservationDataTypes[0]", await Refused("\"OM_Measurement\", \"OM_Measurement\"", "\"OM_Measurment\", \"OM_Measurement\""));
        Assert.Equal("unitOfMeasurements[0]", await Refused("{ \"name\": \"degree\", \"symbol\": \"°\", \"definition\": \"ucum:deg\" }", "null"));
        Assert.Equal("observationType", await Refused("\"name\": \"바람\"", "\"observationType\": \"OM_Measurement\", \"name\": \"바람\""));
        Assert.Equal(0, (int)(await sta.Get("MultiDatastreams?$count=true"))["@iot.count"]!);

        var multi = await sta.Create("Things(1)/MultiDatastreams", Wind);
        var problem = await sta.Post($"MultiDatastreams({multi})/Observations", """{ "result": [1, 2, 3] }""", HttpStatusCode.BadRequest);
        Assert.Equal("result", (string)problem["field"]!);
        Assert.Equal("result", (string)(await sta.Post($"MultiDatastreams({multi})/Observations", """{ "result": 7 }""", HttpStatusCode.BadRequest))["field"]!);
    }

    [Theory, BothEngines]
    public async Task It_is_changed_as_a_whole_and_keeps_its_length_once_it_has_observations(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        var multi = await sta.Create("Things(1)/MultiDatastreams", Wind);
        await sta.Patch($"MultiDatastreams({multi})", """{ "ObservedProperties": [{ "@iot.id": 3 }, { "@iot.id": 2 }], "name": "바람 2" }""");
        Assert.Equal(["풍속", "풍향"], await sta.Names($"MultiDatastreams({multi})/ObservedProperties"));

        await sta.Patch($"MultiDatastreams({multi})", """{ "ObservedProperties": [{ "@iot.id": 3 }] }""", HttpStatusCode.BadRequest);
        var observation = await sta.Create($"MultiDatastreams({multi})/Observations", """{ "result": [1, 2] }""");
        await sta.Patch($"MultiDatastreams({multi})", """{ "ObservedProperties": [{ "@iot.id": 3 }], "multiObservationDataTypes": ["OM_Measurement"], "unitOfMeasurements": [{}] }""", HttpStatusCode.Conflict);
        await sta.Patch($"Observations({observation})", """{ "result": [5] }""", HttpStatusCode.BadRequest);
        Assert.Equal(6, (int)(await sta.Patch($"Observations({observation})", """{ "result": [5, 6] }"""))["result"]![1]!);
        await sta.Patch($"Observations({observation})", """{ "Datastream": { "@iot.id": 1 } }""", HttpStatusCode.BadRequest);
    }

    [Theory, BothEngines]
    public async Task It_goes_with_any_of_its_properties_its_sensor_or_its_thing(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        var multi = await sta.Create("Things(1)/MultiDatastreams", Wind);
        await sta.Post($"MultiDatastreams({multi})/Observations", """{ "result": [1, 2] }""");
        await sta.Delete("ObservedProperties(3)");
        await sta.Get($"MultiDatastreams({multi})", HttpStatusCode.NotFound);
        Assert.Empty((await sta.Get("Observations"))["value"]!.AsArray());
        Assert.Equal(["pm25"], await sta.Names("Datastreams"));

        await sta.Create("Things(1)/MultiDatastreams", Wind);
        await sta.Delete("Things(1)");
        Assert.Empty(await sta.Names("MultiDatastreams"));
    }
}
