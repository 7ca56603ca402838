using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.Extensions;

[Requirement(Requirements.Sensing + "multi-datastream/relations")]
public sealed class MultiDatastreamRelations
{
    [Theory, BothEngines]
    public async Task It_belongs_to_a_thing_and_a_sensor_and_has_properties_and_observations(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var multi = await Multi.Make(sta);
        await sta.Post($"MultiDatastreams({multi})/Observations", """{ "result": [1, 2] }""");
        foreach (var path in new[] { "Thing", "Sensor", "ObservedProperties(2)", "ObservedProperties(3)", "Observations(1)" })
        {
            await sta.Get($"MultiDatastreams({multi})/{path}");
        }

        foreach (var path in new[] { "Things(1)", "Sensors(2)", "ObservedProperties(3)" })
        {
            Assert.Equal([multi], (await sta.Get($"{path}/MultiDatastreams"))["value"]!.AsArray().Select(each => (long)each!["@iot.id"]!));
        }

        Assert.Equal(multi, (long)(await sta.Get("Observations(1)/MultiDatastream"))["@iot.id"]!);
        await sta.Get("Observations(1)/Datastream", HttpStatusCode.NotFound);
    }
}
