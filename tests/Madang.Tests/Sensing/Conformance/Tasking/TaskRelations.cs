using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.Tasking;

[Requirement(Requirements.Tasking + "task/relations")]
public sealed class TaskRelations
{
    [Theory, BothEngines]
    public async Task It_belongs_to_a_capability(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await Lamps.Make(sta);
        Assert.Equal("level", (string)(await sta.Get($"{Lamps.Root}/Tasks(1)/TaskingCapability"))["name"]!);
        Assert.Equal("TaskingCapability", (string)(await sta.Post($"{Lamps.Root}/Tasks", """{ "taskingParameters": { "level": 1 } }""", HttpStatusCode.BadRequest))["field"]!);
    }
}
