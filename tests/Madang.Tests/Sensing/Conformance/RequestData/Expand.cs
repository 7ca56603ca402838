using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.RequestData;

[Requirement(Requirements.Sensing + "request-data/expand")]
public sealed class Expand(SharedSta shared) : IClassFixture<SharedSta>
{
    [Theory, BothEngines]
    public async Task Relations_come_inline_by_name_path_and_with_options_of_their_own(Engine engine)
    {
        var sta = await shared.Get(engine, Numbers.Prepare);

        var thing = await sta.Get("Things(1)?$expand=Locations,Datastreams($expand=Observations($filter=result gt 3;$orderby=result desc;$skip=1;$top=2;$count=true;$select=result)),Datastreams/Sensor($select=name)");
        var stream = thing["Datastreams"]![0]!;

        Assert.Equal("세종로", (string)thing["Locations"]![0]!["name"]!);
        Assert.Equal("""[{"result":8},{"result":7}]""", stream["Observations"]!.ToJsonString());
        Assert.Equal(6, (int)stream["Observations@iot.count"]!);
        Assert.Equal("6,5", await sta.Results((string)stream["Observations@iot.nextLink"]!));
        Assert.Equal("sensor", (string)stream["Sensor"]!["name"]!);
    }

    [Theory, BothEngines]
    public async Task What_is_behind_a_page_of_many_is_that_of_each(Engine engine)
    {
        var sta = await shared.Get(engine, Numbers.Prepare);

        var streams = (await sta.Get("Datastreams?$expand=Observations($orderby=phenomenonTime desc;$top=1;$select=result),Thing($expand=Locations)"))["value"]!.AsArray();

        Assert.Equal(["9", "102"], streams.Select(stream => stream!["Observations"]![0]!["result"]!.ToString()));
        Assert.Equal(["종로 1", "둘"], streams.Select(stream => (string)stream!["Thing"]!["name"]!));
        await sta.Get("Things?$expand=Datastreams/Nothing", HttpStatusCode.BadRequest);
    }
}
