using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.DataArrays;

[Requirement(Requirements.Sensing + "data-array/data-array")]
public sealed class DataArray(SharedSta shared) : IClassFixture<SharedSta>
{
    [Theory, BothEngines]
    public async Task Observations_are_read_grouped_by_datastream_with_their_components_named_once(Engine engine)
    {
        var sta = await shared.Get(engine, RequestData.Numbers.Prepare);

        var page = await sta.Get("Observations?$resultFormat=dataArray&$select=result,phenomenonTime&$filter=result ge 8&$orderby=id&$top=4&$count=true");
        var groups = page["value"]!.AsArray();

        Assert.Equal(5, (int)page["@iot.count"]!);
        Assert.Equal(["http://localhost/sta/v1.1/Datastreams(1)", "http://localhost/sta/v1.1/Datastreams(2)"], groups.Select(group => (string)group!["Datastream@iot.navigationLink"]!));
        Assert.Equal("""["result","phenomenonTime"]""", groups[0]!["components"]!.ToJsonString());
        Assert.Equal("""[[8,"2026-07-19T00:16:00.000Z"],[9,"2026-07-19T00:18:00.000Z"]]""", groups[0]!["dataArray"]!.ToJsonString());
        Assert.Equal(2, (int)groups[1]!["dataArray@iot.count"]!);
        Assert.Equal("[[102,\"2026-07-19T00:04:00.000Z\"]]", (await sta.Get((string)page["@iot.nextLink"]!))["value"]![0]!["dataArray"]!.ToJsonString());
    }

    [Theory, BothEngines]
    public async Task The_usual_components_come_where_none_are_selected(Engine engine)
    {
        var sta = await shared.Get(engine, RequestData.Numbers.Prepare);

        var group = (await sta.Get("Datastreams(1)/Observations?$resultFormat=dataArray&$top=1"))["value"]![0]!;

        Assert.Equal("""["id","phenomenonTime","resultTime","result"]""", group["components"]!.ToJsonString());
        Assert.Equal("""[[1,"2026-07-19T00:00:00.000Z",null,0]]""", group["dataArray"]!.ToJsonString());
    }

    [Theory]
    [InlineData("Things?$resultFormat=dataArray")]
    [InlineData("Observations?$resultFormat=dataArray&$expand=Datastream")]
    [InlineData("Observations?$resultFormat=dataArray&$select=Datastream")]
    [InlineData("Datastreams?$expand=Observations($resultFormat=dataArray)")]
    public async Task What_it_cannot_carry_is_refused(string question) =>
        Assert.NotEmpty((string)(await (await shared.Get(Engine.Sqlite, RequestData.Numbers.Prepare)).Get(question, HttpStatusCode.BadRequest))["field"]!);

    [Theory, BothEngines]
    public async Task Observations_are_written_as_arrays_and_each_is_answered_with_its_address_or_error(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();

        var answer = await sta.Post("CreateObservations", """
            [{ "Datastream": { "@iot.id": 1 }, "components": ["phenomenonTime", "result"], "dataArray@iot.count": 2, "dataArray": [["2026-07-19T00:00:00Z", 20], ["yesterday", 21]] }]
            """);

        Assert.Equal("""["http://localhost/sta/v1.1/Observations(1)","error"]""", answer.ToJsonString());
        Assert.Equal(20, (int)(await sta.Get("Observations(1)"))["result"]!);
    }
}
