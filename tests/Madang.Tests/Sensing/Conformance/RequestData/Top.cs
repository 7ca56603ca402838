using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.RequestData;

[Requirement(Requirements.Sensing + "request-data/top")]
public sealed class Top(SharedSta shared) : IClassFixture<SharedSta>
{
    [Theory, BothEngines]
    public async Task At_most_so_many_come_and_the_rest_behind_a_link(Engine engine)
    {
        var sta = await shared.Get(engine, Numbers.Prepare);

        Assert.Equal("0,1,2", await sta.Results("Datastreams(1)/Observations?$top=3"));
        Assert.Equal("""{"value":[]}""", (await sta.Get("Observations?$top=0")).ToJsonString());
        Assert.NotNull((await sta.Get("Datastreams(1)/Observations?$top=9"))["@iot.nextLink"]);
        Assert.Null((await sta.Get("Datastreams(1)/Observations?$top=10"))["@iot.nextLink"]);
        await sta.Get("Observations?$top=-1", HttpStatusCode.BadRequest);
    }
}
