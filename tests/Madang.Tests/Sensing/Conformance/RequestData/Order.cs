using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.RequestData;

[Requirement(Requirements.Sensing + "request-data/order")]
public sealed class Order(SharedSta shared) : IClassFixture<SharedSta>
{
    [Theory, BothEngines]
    public async Task Filter_comes_before_count_order_skip_and_top_and_those_before_expand_and_select(Engine engine)
    {
        var sta = await shared.Get(engine, Numbers.Prepare);

        // Written in the wrong order on purpose: the order of evaluation is the standard's.
        var page = await sta.Get("Observations?$select=result&$expand=Datastream($select=name)&$top=2&$skip=1&$orderby=result desc&$count=true&$filter=result lt 100");

        Assert.Equal(10, (int)page["@iot.count"]!);
        Assert.Equal("""[{"result":8,"Datastream":{"name":"pm25"}},{"result":7,"Datastream":{"name":"pm25"}}]""", page["value"]!.ToJsonString());
    }
}
