using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.Extensions;

[Requirement(Requirements.Sensing + "multi-datastream/constraints")]
public sealed class MultiDatastreamConstraints
{
    [Theory, BothEngines]
    public async Task Types_units_properties_and_results_are_as_many_and_in_one_order(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var multi = await Multi.Make(sta);
        Assert.Equal(["a", "b"], await sta.Names($"MultiDatastreams({multi})/ObservedProperties"));
        await sta.Post($"MultiDatastreams({multi})/Observations", """{ "result": [1] }""", HttpStatusCode.BadRequest);
        await sta.Post($"MultiDatastreams({multi})/Observations", """{ "result": 1 }""", HttpStatusCode.BadRequest);
        await sta.Patch($"MultiDatastreams({multi})", """{ "unitOfMeasurements": [{}] }""", HttpStatusCode.BadRequest);
        await sta.Patch($"MultiDatastreams({multi})", """{ "multiObservationDataTypes": ["OM_Measurement"] }""", HttpStatusCode.BadRequest);
        await sta.Patch($"MultiDatastreams({multi})", """{ "ObservedProperties": [{ "@iot.id": 2 }] }""", HttpStatusCode.BadRequest);
    }
}
