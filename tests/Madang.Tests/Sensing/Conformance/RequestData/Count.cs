using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.RequestData;

[Requirement(Requirements.Sensing + "request-data/count")]
public sealed class Count(SharedSta shared) : IClassFixture<SharedSta>
{
    [Theory, BothEngines]
    public async Task The_count_is_of_all_that_fit_whatever_the_page_holds(Engine engine)
    {
        var sta = await shared.Get(engine, Numbers.Prepare);
        async Task<int?> Number(string question) => (int?)(await sta.Get(question))["@iot.count"];

        Assert.Equal(13, await Number("Observations?$count=true&$top=2&$skip=3"));
        Assert.Equal(4, await Number("Datastreams(1)/Observations?$count=true&$filter=result gt 5&$top=0"));
        Assert.Null(await Number("Observations?$count=false"));
        Assert.Null(await Number("Observations"));
        Assert.Equal([10, 3], (await sta.Get("Datastreams?$expand=Observations($count=true;$top=1)"))["value"]!.AsArray().Select(one => (int)one!["Observations@iot.count"]!));
        await sta.Get("Observations?$count=maybe", HttpStatusCode.BadRequest);
    }
}
