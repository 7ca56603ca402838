using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.RequestData;

[Requirement(Requirements.Sensing + "request-data/skip")]
public sealed class Skip(SharedSta shared) : IClassFixture<SharedSta>
{
    [Theory, BothEngines]
    public async Task So_many_are_left_out_at_the_beginning(Engine engine)
    {
        var sta = await shared.Get(engine, Numbers.Prepare);

        Assert.Equal("8,9", await sta.Results("Datastreams(1)/Observations?$skip=8"));
        Assert.Equal("2,1", await sta.Results("Datastreams(1)/Observations?$orderby=result desc&$skip=7&$top=2"));
        Assert.Equal("", await sta.Results("Observations?$skip=1000"));
        await sta.Get("Observations?$skip=x", HttpStatusCode.BadRequest);
    }
}
