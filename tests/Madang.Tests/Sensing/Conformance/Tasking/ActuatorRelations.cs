using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.Tasking;

[Requirement(Requirements.Tasking + "actuator/relations")]
public sealed class ActuatorRelations
{
    [Theory, BothEngines]
    public async Task It_has_capabilities(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await Lamps.Make(sta);
        Assert.Equal("level", (string)(await sta.Get($"{Lamps.Root}/Actuators(1)/TaskingCapabilities(1)"))["name"]!);
    }
}
