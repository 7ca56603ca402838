using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.CreateUpdateDelete;

[Requirement(Requirements.Sensing + "create-update-delete/delete-entity")]
public sealed class DeleteEntity
{
    [Theory, BothEngines]
    public async Task What_hangs_on_an_entity_goes_with_it_and_nothing_else_does(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        async Task<string> Left() => string.Join(' ', await Task.WhenAll(new[] { "Things", "Locations", "HistoricalLocations", "Datastreams", "Sensors", "ObservedProperties", "Observations", "FeaturesOfInterest" }
            .Select(async set => (await sta.Get(set))["value"]!.AsArray().Count.ToString(System.Globalization.CultureInfo.InvariantCulture))));
        foreach (var (set, left) in new[]
        {
            ("Observations", "1 1 1 1 1 1 0 1"), ("FeaturesOfInterest", "1 1 1 1 1 1 0 0"), ("Datastreams", "1 1 1 0 1 1 0 1"), ("Sensors", "1 1 1 0 0 1 0 1"),
            ("ObservedProperties", "1 1 1 0 1 0 0 1"), ("Locations", "1 0 0 1 1 1 1 1"), ("HistoricalLocations", "1 1 0 1 1 1 1 1"), ("Things", "0 1 0 0 1 1 0 1"),
        })
        {
            foreach (var each in new[] { "Things", "Locations", "Sensors", "ObservedProperties", "FeaturesOfInterest" })
            {
                foreach (var entity in (await sta.Get(each))["value"]!.AsArray())
                {
                    await sta.Delete($"{each}({entity!["@iot.id"]})");
                }
            }

            Assert.Equal("0 0 0 0 0 0 0 0", await Left());
            var datastream = await sta.CreateDatastream();
            await sta.Post($"Datastreams({datastream})/Observations", """{ "result": 1 }""");
            Assert.Equal("1 1 1 1 1 1 1 1", await Left());
            await sta.Delete($"{set}({(await sta.Get(set))["value"]![0]!["@iot.id"]})");
            Assert.True(left == await Left(), $"{set}: {await Left()}, not {left}");
        }
    }

    [Theory, BothEngines]
    public async Task What_is_not_there_is_404_and_a_set_is_never_deleted_whole(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.Delete("Things(1)", HttpStatusCode.NotFound);
        await sta.Delete("Things", HttpStatusCode.MethodNotAllowed);
    }
}
