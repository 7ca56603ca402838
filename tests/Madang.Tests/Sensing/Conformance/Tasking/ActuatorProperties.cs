using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.Tasking;

[Requirement(Requirements.Tasking + "actuator/properties")]
public sealed class ActuatorProperties
{
    [Theory, BothEngines]
    public async Task It_has_the_properties_of_its_table(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await Lamps.Make(sta);
        var read = await sta.Get($"{Lamps.Root}/Actuators(1)");
        Assert.Equal(["name", "description", "encodingType", "metadata", "properties"], read.AsObject().Select(member => member.Key).Where(name => !name.Contains("@iot.", StringComparison.Ordinal)));
    }
}
