using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.CreateUpdateDelete;

[Requirement(Requirements.Sensing + "create-update-delete/update-entity-put")]
public sealed class UpdateEntityPut
{
    [Theory, BothEngines]
    public async Task Put_replaces_all_properties_and_empties_those_it_does_not_name(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        var thing = await sta.Put("Things(1)", """{ "name": "새 이름", "description": "새 설명" }""");
        Assert.Equal(("새 이름", null), ((string)thing["name"]!, thing["properties"]));
        Assert.Single((await sta.Get("Things(1)/Datastreams"))["value"]!.AsArray());
        Assert.Equal("description", (string)(await sta.Put("Things(1)", """{ "name": "새 이름" }""", HttpStatusCode.BadRequest))["field"]!);
    }
}
