using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.CreateUpdateDelete;

[Requirement(Requirements.Sensing + "create-update-delete/historical-location-manual-creation")]
public sealed class HistoricalLocationManualCreation
{
    [Theory, BothEngines]
    public async Task One_of_the_past_is_kept_and_one_newer_than_all_moves_the_thing(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        var place = await sta.Create("Locations", Bodies.One.First(one => one.Set == "Locations").Body);
        await sta.Create("HistoricalLocations", $$"""{ "time": "2001-01-01T00:00:00Z", "Thing": { "@iot.id": 1 }, "Locations": [{ "@iot.id": {{place}} }] }""");
        Assert.Equal(["세종로"], await sta.Names("Things(1)/Locations"));
        await sta.Create("Things(1)/HistoricalLocations", $$"""{ "time": "2099-01-01T00:00:00Z", "Locations": [{ "@iot.id": {{place}} }] }""");
        Assert.Equal(["n"], await sta.Names("Things(1)/Locations"));
        Assert.Equal(3, (await sta.Get("Things(1)/HistoricalLocations"))["value"]!.AsArray().Count);
    }
}
