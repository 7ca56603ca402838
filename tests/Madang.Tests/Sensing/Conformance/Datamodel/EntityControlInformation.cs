using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.Datamodel;

[Requirement(Requirements.Sensing + "datamodel/entity-control-information/common-control-information")]
public sealed class EntityControlInformation(SharedSta shared) : IClassFixture<SharedSta>
{
    [Theory, BothEngines]
    public async Task Every_entity_has_an_id_a_self_link_and_a_link_for_each_relation(Engine engine)
    {
        var sta = await shared.Get(engine, ReadCity.Prepare);
        foreach (var set in new[] { "Things", "Locations", "HistoricalLocations", "Datastreams", "Sensors", "ObservedProperties", "Observations", "FeaturesOfInterest" })
        {
            var entity = (await sta.Get(set))["value"]![0]!.AsObject();

            Assert.Equal(1, (int)entity["@iot.id"]!);
            Assert.EndsWith($"/sta/v1.1/{set}(1)", (string)entity["@iot.selfLink"]!, StringComparison.Ordinal);
            Assert.Equal(entity.ToJsonString(), (await sta.Get((string)entity["@iot.selfLink"]!)).ToJsonString());
            Assert.Contains(entity, member => member.Key.EndsWith("@iot.navigationLink", StringComparison.Ordinal));
        }
    }

    [Theory, BothEngines]
    public async Task A_collection_has_its_count_and_next_link_when_there_is_more(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();
        await sta.Observe(datastream, (0, 1), (2, 2), (4, 3));

        var page = await sta.Get("Observations?$top=2&$count=true");

        Assert.Equal(3, (int)page["@iot.count"]!);
        Assert.Single((await sta.Get((string)page["@iot.nextLink"]!))["value"]!.AsArray());
    }
}
