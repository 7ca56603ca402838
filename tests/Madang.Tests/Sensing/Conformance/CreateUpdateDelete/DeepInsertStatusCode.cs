using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.CreateUpdateDelete;

[Requirement(Requirements.Sensing + "create-update-delete/deep-insert-status-code")]
public sealed class DeepInsertStatusCode
{
    [Theory, BothEngines]
    public async Task It_is_201_for_all_or_an_error_for_nothing_at_all(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.Post("Things", Sta.Thing(), HttpStatusCode.Created);
        await sta.Post("Things", Sta.Thing().Replace("\"definition\": \"http://example.org/pm25\", ", "", StringComparison.Ordinal), HttpStatusCode.BadRequest);
        foreach (var set in new[] { "Things", "Locations", "HistoricalLocations", "Datastreams", "Sensors", "ObservedProperties" })
        {
            Assert.Single((await sta.Get(set))["value"]!.AsArray());
        }
    }
}
