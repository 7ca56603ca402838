using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.CreateUpdateDelete;

[Requirement(Requirements.Sensing + "create-update-delete/historical-location-auto-creation")]
public sealed class HistoricalLocationAutoCreation
{
    [Theory, BothEngines]
    public async Task Each_move_of_a_thing_leaves_a_historical_location(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        var place = await sta.Create("Locations", Bodies.One.First(one => one.Set == "Locations").Body);
        await sta.Patch("Things(1)", $$"""{ "Locations": [{ "@iot.id": {{place}} }] }""");
        Assert.Equal(["n"], await sta.Names("Things(1)/Locations"));
        Assert.Equal(2, (await sta.Get("Things(1)/HistoricalLocations"))["value"]!.AsArray().Count);
        await sta.Create("Things(1)/Locations", Bodies.One.First(one => one.Set == "Locations").Body.Replace("\"n\"", "\"m\"", StringComparison.Ordinal));
        Assert.Equal(["m"], await sta.Names("Things(1)/Locations"));
        Assert.Equal(3, (await sta.Get("Things(1)/HistoricalLocations"))["value"]!.AsArray().Count);
    }
}
