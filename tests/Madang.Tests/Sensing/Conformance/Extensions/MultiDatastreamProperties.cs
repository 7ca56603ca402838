using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.Extensions;

[Requirement(Requirements.Sensing + "multi-datastream/properties")]
public sealed class MultiDatastreamProperties
{
    [Theory, BothEngines]
    public async Task It_has_the_properties_of_its_table(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var multi = await Multi.Make(sta);
        await sta.Post($"MultiDatastreams({multi})/Observations", """{ "phenomenonTime": "2026-07-19T00:00:00Z", "resultTime": "2026-07-19T00:01:00Z", "result": [1, 2] }""");
        var read = await sta.Get($"MultiDatastreams({multi})");
        Assert.Equal(
            ["name", "description", "observationType", "multiObservationDataTypes", "unitOfMeasurements", "observedArea", "phenomenonTime", "resultTime", "properties"],
            read.AsObject().Select(member => member.Key).Where(name => !name.Contains("@iot.", StringComparison.Ordinal)));
        Assert.Equal("http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_ComplexObservation", (string)read["observationType"]!);
    }
}
