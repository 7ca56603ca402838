using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.RequestData;

[Requirement(Requirements.Sensing + "request-data/filter")]
public sealed class Filter(SharedSta shared) : IClassFixture<SharedSta>
{
    [Theory]
    [InlineData("result gt 8", "9,100,101,102")]
    [InlineData("Datastream/name eq 'pm10'", "100,101,102")]
    [InlineData("Datastream/Thing/properties/rank eq 7 and result lt 1", "0")]
    [InlineData("Datastream/Thing/Locations/name eq '세종로' and result ge 102", "102")]
    [InlineData("phenomenonTime lt 2026-07-19T00:02:00Z", "0,100")]
    [InlineData("resultTime eq null and result eq 5", "5")]
    public async Task Only_what_fits_comes(string filter, string expected)
    {
        foreach (var engine in new[] { Engine.Sqlite, Engine.Postgres })
        {
            Assert.Equal(expected, await (await shared.Get(engine, Numbers.Prepare)).Results($"Observations?$orderby=id&$filter={filter}"));
        }
    }

    [Theory, BothEngines]
    public async Task A_filter_works_below_expand_too(Engine engine)
    {
        var sta = await shared.Get(engine, Numbers.Prepare);

        Assert.Equal("""[{"result":9}]""", (await sta.Get("Datastreams(1)?$expand=Observations($filter=result gt 8;$select=result)"))["Observations"]!.ToJsonString());
        await sta.Get("Observations?$filter=result gt", HttpStatusCode.BadRequest);
    }
}
