using System.Net;
using System.Text.Encodings.Web;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.RequestData;

[Requirement(Requirements.Sensing + "request-data/select")]
public sealed class SelectedProperties(SharedSta shared) : IClassFixture<SharedSta>
{
    [Theory, BothEngines]
    public async Task Only_what_is_named_comes(Engine engine)
    {
        var sta = await shared.Get(engine, Numbers.Prepare);

        Assert.Equal("""{"@iot.id":1,"name":"종로 1"}""", (await sta.Get("Things(1)?$select=id,name")).ToJsonString(new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Equal(["result", "Datastream@iot.navigationLink"], (await sta.Get("Observations?$select=result,Datastream&$top=1"))["value"]![0]!.AsObject().Select(member => member.Key));
        await sta.Get("Things?$select=nothing", HttpStatusCode.BadRequest);
    }
}
