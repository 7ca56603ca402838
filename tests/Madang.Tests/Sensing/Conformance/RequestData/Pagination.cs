using System.Text.Json.Nodes;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.RequestData;

[Requirement(Requirements.Sensing + "request-data/pagination")]
public sealed class Pagination(SharedSta shared) : IClassFixture<SharedSta>
{
    [Theory, BothEngines]
    public async Task Following_the_next_links_gives_everything_once_with_every_option(Engine engine)
    {
        var sta = await shared.Get(engine, Numbers.Prepare);
        var results = new List<string>();
        for (JsonNode? page = await sta.Get("Observations?$filter=result lt 101&$orderby=result desc&$select=result&$top=4"); page is not null; page = page["@iot.nextLink"] is { } link ? await sta.Get((string)link!) : null)
        {
            Assert.InRange(page["value"]!.AsArray().Count, 1, 4);
            results.AddRange(page["value"]!.AsArray().Select(one => string.Join(',', one!.AsObject().Select(member => member.Value!.ToString()))));
        }

        Assert.Equal("100,9,8,7,6,5,4,3,2,1,0", string.Join(',', results));
        Assert.Null((await sta.Get("Datastreams(1)/Observations?$top=10"))["@iot.nextLink"]);
    }
}
