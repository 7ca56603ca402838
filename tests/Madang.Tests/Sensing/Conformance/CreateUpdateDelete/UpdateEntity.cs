using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.CreateUpdateDelete;

[Requirement(Requirements.Sensing + "create-update-delete/update-entity")]
public sealed class UpdateEntity
{
    [Theory, BothEngines]
    public async Task Patch_changes_what_it_names_and_leaves_the_rest(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        var thing = await sta.Patch("Things(1)", """{ "description": "새 설명" }""");
        Assert.Equal(("종로 1", "새 설명", 7), ((string)thing["name"]!, (string)thing["description"]!, (int)thing["properties"]!["rank"]!));
        var other = await sta.Create("Things", """{ "name": "둘째", "description": "d" }""");
        await sta.Patch("Datastreams(1)", $$"""{ "Thing": { "@iot.id": {{other}} } }""");
        Assert.Equal("둘째", (string)(await sta.Get("Datastreams(1)/Thing"))["name"]!);
    }

    [Theory, BothEngines]
    public async Task Patch_refuses_what_may_not_change_and_what_is_not_there(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        Assert.Equal("@iot.id", (string)(await sta.Patch("Things(1)", """{ "@iot.id": 5 }""", HttpStatusCode.BadRequest))["field"]!);
        Assert.Equal("colour", (string)(await sta.Patch("Things(1)", """{ "colour": "red" }""", HttpStatusCode.BadRequest))["field"]!);
        Assert.Equal("Datastreams[0]", (string)(await sta.Patch("Things(1)", $$"""{ "Datastreams": [{{Sta.Datastream()}}] }""", HttpStatusCode.BadRequest))["field"]!);
        await sta.Patch("Things(9)", """{ "name": "x" }""", HttpStatusCode.NotFound);
        await sta.Patch("Things", """{ "name": "x" }""", HttpStatusCode.MethodNotAllowed);
    }
}
