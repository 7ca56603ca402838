using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing.Mqtt;

namespace Madang.Tests.Sensing.Conformance.Tasking;

[Requirement(Requirements.Tasking + "receive-updates-via-mqtt/receive-updated")]
public sealed class UpdatesViaMqtt
{
    [Theory, BothEngines]
    public async Task A_device_hears_of_the_tasks_it_is_given(Engine engine)
    {
        await using var sta = await MqttCity.Start(engine);
        await sta.Create($"{Lamps.Root}/Things(1)/TaskingCapabilities", Lamps.Capability);
        await using var device = await MqttClient.Connect(sta.City);
        Assert.Equal([1], await device.Subscribe(1, "sta/tasking/v1.1/TaskingCapabilities(1)/Tasks"));

        await sta.Create($"{Lamps.Root}/TaskingCapabilities(1)/Tasks", """{ "taskingParameters": { "level": 40 } }""");

        Assert.Equal(40, (int)(await device.Message()).Json["taskingParameters"]!["level"]!);
    }
}
