using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.Tasking;

[Requirement(Requirements.Tasking + "tasking-capability/relations")]
public sealed class TaskingCapabilityRelations
{
    [Theory, BothEngines]
    public async Task It_belongs_to_a_thing_and_an_actuator_and_has_tasks(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await Lamps.Make(sta);
        foreach (var path in new[] { "TaskingCapabilities(1)/Thing", "TaskingCapabilities(1)/Actuator", "TaskingCapabilities(1)/Tasks(1)", "Things(1)/TaskingCapabilities(1)" })
        {
            await sta.Get($"{Lamps.Root}/{path}");
        }

        await sta.Post($"{Lamps.Root}/TaskingCapabilities", Lamps.Capability, HttpStatusCode.BadRequest);
    }
}
