using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.CreateUpdateDelete;

[Requirement(Requirements.Sensing + "create-update-delete/update-entity-jsonpatch")]
public sealed class UpdateEntityJsonPatch
{
    [Theory, BothEngines]
    public async Task Operations_change_an_entity_whole_or_not_at_all(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        var thing = await sta.Send(HttpMethod.Patch, "Things(1)", """[{ "op": "add", "path": "/properties/floor", "value": 3 }, { "op": "remove", "path": "/properties/rank" }]""", HttpStatusCode.OK, type: "application/json-patch+json");
        Assert.Equal(3, (int)thing["properties"]!["floor"]!);
        Assert.Null(thing["properties"]!["rank"]);
        await sta.Send(HttpMethod.Patch, "Things(1)", """[{ "op": "replace", "path": "/name", "value": "x" }, { "op": "remove", "path": "/properties/rank" }]""", HttpStatusCode.BadRequest, type: "application/json-patch+json");
        Assert.Equal("종로 1", (string)(await sta.Get("Things(1)"))["name"]!);
    }
}
