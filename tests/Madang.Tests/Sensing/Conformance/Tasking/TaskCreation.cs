using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.Tasking;

[Requirement(Requirements.Tasking + "create-tasks/task-creation")]
public sealed class TaskCreation
{
    [Theory, BothEngines]
    public async Task A_task_is_created_for_a_capability_when_its_parameters_fit(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await Lamps.Make(sta);
        var task = await sta.Post($"{Lamps.Root}/TaskingCapabilities(1)/Tasks", """{ "taskingParameters": { "level": 100 } }""");
        Assert.Equal(100, (int)(await sta.Get((string)task["@iot.selfLink"]!))["taskingParameters"]!["level"]!);
        Assert.Equal("taskingParameters.level", (string)(await sta.Post($"{Lamps.Root}/TaskingCapabilities(1)/Tasks", """{ "taskingParameters": { "level": 101 } }""", HttpStatusCode.BadRequest))["field"]!);
        Assert.Equal("taskingParameters.colour", (string)(await sta.Post($"{Lamps.Root}/TaskingCapabilities(1)/Tasks", """{ "taskingParameters": { "level": 1, "colour": "red" } }""", HttpStatusCode.BadRequest))["field"]!);
    }
}
