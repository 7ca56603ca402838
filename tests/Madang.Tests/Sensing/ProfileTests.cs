using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing;

public sealed class ProfileTests
{
    [Theory, BothEngines]
    public async Task The_same_entities_stand_behind_the_older_root_in_its_own_words(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();

        var root = await sta.Get("/sta/v1.0");
        var thing = await sta.Get("/sta/v1.0/Things(1)?$expand=Locations,Datastreams/Sensor");

        Assert.Null(root["serverSettings"]);
        Assert.EndsWith("/sta/v1.0/Things", (string)root["value"]![0]!["url"]!, StringComparison.Ordinal);
        Assert.EndsWith("/sta/v1.0/Things(1)", (string)thing["@iot.selfLink"]!, StringComparison.Ordinal);
        Assert.Equal(7, (int)thing["properties"]!["rank"]!);
        Assert.Null(thing["Locations"]![0]!["properties"]);
        Assert.EndsWith($"/sta/v1.0/Datastreams({datastream})/Observations", (string)thing["Datastreams"]![0]!["Observations@iot.navigationLink"]!, StringComparison.Ordinal);
        Assert.NotNull((await sta.Get($"ObservedProperties(1)"))["properties"]);
        Assert.Null((await sta.Get("/sta/v1.0/ObservedProperties(1)"))["properties"]);
    }

    [Theory, BothEngines]
    public async Task What_a_profile_does_not_know_is_no_property_there(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();

        await sta.Get("/sta/v1.0/Sensors?$select=properties", HttpStatusCode.BadRequest);
        await sta.Get("/sta/v1.0/Datastreams?$filter=Sensor/properties/a eq 1".Replace(" ", "%20", StringComparison.Ordinal), HttpStatusCode.BadRequest);
        await sta.Get("/sta/v1.0/Sensors(1)/properties", HttpStatusCode.NotFound);
        var problem = await sta.Post("/sta/v1.0/ObservedProperties", """{ "name": "n", "definition": "d", "description": "d", "properties": {} }""", HttpStatusCode.BadRequest);

        Assert.Equal("properties", (string)problem["field"]!);
        Assert.Equal(9, (long)(await sta.Post("/sta/v1.0/Datastreams(1)/Observations", """{ "result": 9 }"""))["result"]!);
    }
}
