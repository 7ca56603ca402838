using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.Tasking;

[Requirement(Requirements.Tasking + "task/properties")]
public sealed class TaskProperties
{
    [Theory, BothEngines]
    public async Task It_has_the_properties_of_its_table(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await Lamps.Make(sta);
        var read = await sta.Get($"{Lamps.Root}/Tasks(1)");
        Assert.Equal(["creationTime", "taskingParameters"], read.AsObject().Select(member => member.Key).Where(name => !name.Contains("@iot.", StringComparison.Ordinal)));
    }
}
