using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.CreateUpdateDelete;

[Requirement(Requirements.Sensing + "create-update-delete/link-to-existing-entities")]
public sealed class LinkToExistingEntities
{
    [Theory, BothEngines]
    public async Task A_reference_by_id_links_what_is_there_and_one_to_nothing_is_refused(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        var datastream = await sta.Create("Datastreams", Bodies.One.First(one => one.Set == "Datastreams").Body);
        Assert.Equal("종로 1", (string)(await sta.Get($"Datastreams({datastream})/Thing"))["name"]!);
        Assert.Equal(2, (await sta.Get("Sensors(1)/Datastreams"))["value"]!.AsArray().Count);
        var problem = await sta.Post("Datastreams", Bodies.One.First(one => one.Set == "Datastreams").Body.Replace("\"Sensor\": { \"@iot.id\": 1 }", "\"Sensor\": { \"@iot.id\": 77 }", StringComparison.Ordinal), HttpStatusCode.BadRequest);
        Assert.Equal("Sensor", (string)problem["field"]!);
    }
}
