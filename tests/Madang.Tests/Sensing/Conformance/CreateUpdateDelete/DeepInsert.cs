using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.CreateUpdateDelete;

[Requirement(Requirements.Sensing + "create-update-delete/deep-insert")]
public sealed class DeepInsert
{
    [Theory, BothEngines]
    public async Task An_entity_is_created_with_all_that_stands_inside_it(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.Create("Things", Sta.Thing().Replace("\"Sensor\":", "\"Observations\": [{ \"result\": 1 }, { \"result\": 2 }], \"Sensor\":", StringComparison.Ordinal));
        var thing = await sta.Get("Things(1)?$expand=Locations,HistoricalLocations,Datastreams($expand=Sensor,ObservedProperty,Observations($expand=FeatureOfInterest))");
        var datastream = thing["Datastreams"]![0]!;
        Assert.Equal("세종로", (string)thing["Locations"]![0]!["name"]!);
        Assert.Single(thing["HistoricalLocations"]!.AsArray());
        Assert.Equal("sensor", (string)datastream["Sensor"]!["name"]!);
        Assert.Equal([1, 2], datastream["Observations"]!.AsArray().Select(each => (int)each!["result"]!).Order());
        Assert.Equal("세종로", (string)datastream["Observations"]![0]!["FeatureOfInterest"]!["name"]!);
    }
}
