using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.ResourcePaths;

[Requirement(Requirements.Sensing + "resource-path/resource-path-to-entities")]
public sealed class ResourcePathToEntities(SharedSta shared) : IClassFixture<SharedSta>
{
    [Theory, BothEngines]
    public async Task Every_kind_of_address_leads_where_the_standard_says(Engine engine)
    {
        var sta = await shared.Get(engine, RequestData.Numbers.Prepare);

        foreach (var set in (await sta.Get("/sta/v1.1"))["value"]!.AsArray())
        {
            Assert.NotNull((await sta.Get((string)set!["url"]!))["value"]);
        }

        Assert.Equal("종로 1", (string)(await sta.Get("Things(1)"))["name"]!);
        Assert.Equal("""{"name":"pm25"}""", (await sta.Get("Datastreams(1)/name")).ToJsonString());
        Assert.Equal("pm25", await sta.City.Client.GetStringAsync("/sta/v1.1/Datastreams(1)/name/$value", TestContext.Current.CancellationToken));
        Assert.Equal(["pm25"], await sta.Names("Things(1)/Datastreams"));
        Assert.EndsWith("/Datastreams(1)", (string)(await sta.Get("Things(1)/Datastreams/$ref"))["value"]![0]!["@iot.selfLink"]!, StringComparison.Ordinal);
        Assert.Equal("세종로", (string)(await sta.Get("Things(1)/Datastreams(1)/Observations(1)/FeatureOfInterest"))["name"]!);
    }

    [Theory]
    [InlineData("Things(2)/Datastreams(1)", HttpStatusCode.NotFound)]
    [InlineData("Things(1)/Datastreams(1)/Observations(11)", HttpStatusCode.NotFound)]
    [InlineData("Things(99)/Datastreams", HttpStatusCode.NotFound)]
    [InlineData("Things(1)/nothing", HttpStatusCode.NotFound)]
    [InlineData("Things/Datastreams", HttpStatusCode.BadRequest)]
    [InlineData("Things('1')", HttpStatusCode.BadRequest)]
    [InlineData("Observations(1)/resultTime/$value", HttpStatusCode.NoContent)]
    public async Task Each_link_of_a_path_is_checked(string path, HttpStatusCode expected)
    {
        foreach (var engine in new[] { Engine.Sqlite, Engine.Postgres })
        {
            await (await shared.Get(engine, RequestData.Numbers.Prepare)).Get(path, expected);
        }
    }
}
