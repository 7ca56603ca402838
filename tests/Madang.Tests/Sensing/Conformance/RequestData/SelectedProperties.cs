using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
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

    [Theory, BothEngines]
    public async Task A_part_of_a_property_comes_alone_in_its_place(Engine engine)
    {
        var sta = await shared.Get(engine, Numbers.Prepare);

        Assert.Equal("""{"properties":{"owner":{"dept":"스마트도시과"},"rank":7}}""", Written(await sta.Get("Things(1)?$select=properties/rank,properties/owner/dept")));
        Assert.Equal("""{"properties":{"owner":{"dept":"스마트도시과"}}}""", Written(await sta.Get("Things(1)?$select=properties/owner,properties/owner/dept")));
        Assert.Equal("""{"properties":{}}""", Written(await sta.Get("Things(1)?$select=properties/nothing/at/all,properties/rank/of,properties/'a, b'")));
        Assert.Equal(4, (await sta.Get("Things(1)?$select=properties/rank,properties"))["properties"]!.AsObject().Count);
        Assert.Equal("""{"unitOfMeasurement":{"symbol":"㎍/㎥"}}""", Written(await sta.Get("Datastreams(1)?$select=unitOfMeasurement/symbol")));
        Assert.Equal("""[{"@iot.id":1,"unitOfMeasurement":{"symbol":"㎍/㎥"}}]""", Written((await sta.Get("Things(1)?$expand=Datastreams($select=id,unitOfMeasurement/symbol)"))["Datastreams"]!));
        Assert.Equal("""{"result":null}""", Written((await sta.Get("Observations?$select=result/a&$top=1&$filter=result gt 0"))["value"]![0]!));
    }

    [Theory]
    [InlineData("Things?$select=name/first", HttpStatusCode.BadRequest)]
    [InlineData("Things?$select=Datastreams/name", HttpStatusCode.BadRequest)]
    [InlineData("Things?$select=nothing/a", HttpStatusCode.BadRequest)]
    [InlineData("Things?$select=properties/", HttpStatusCode.BadRequest)]
    [InlineData("Things?$select=properties//a", HttpStatusCode.BadRequest)]
    [InlineData("Things?$select=properties/a b", HttpStatusCode.BadRequest)]
    [InlineData("Things?$select=properties/'a", HttpStatusCode.BadRequest)]
    [InlineData("Things?$select=now()/a", HttpStatusCode.BadRequest)]
    [InlineData("Things?$select=properties/list[0]", HttpStatusCode.NotImplemented)]
    [InlineData("Things?$select=properties/a&$resultFormat=CSV", HttpStatusCode.BadRequest)]
    public async Task What_has_no_parts_is_refused(string address, HttpStatusCode status)
    {
        var problem = await (await shared.Get(Engine.Sqlite, Numbers.Prepare)).Get(address, status);

        Assert.Equal("$select", (string)problem["field"]!);
    }

    private static string Written(JsonNode json) => json.ToJsonString(new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
