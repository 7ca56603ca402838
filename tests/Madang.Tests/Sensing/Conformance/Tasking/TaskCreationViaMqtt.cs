using Madang.Sensing.Mqtt.Packets;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing.Mqtt;

namespace Madang.Tests.Sensing.Conformance.Tasking;

[Requirement(Requirements.Tasking + "create-tasks-via-mqtt/task-creation")]
public sealed class TaskCreationViaMqtt
{
    [Theory, BothEngines]
    public async Task A_task_is_created_by_publishing_it_when_its_parameters_fit(Engine engine)
    {
        await using var sta = await MqttCity.Start(engine);
        await sta.Create($"{Lamps.Root}/Things(1)/TaskingCapabilities", Lamps.Capability);
        await using var client = await MqttClient.Connect(sta.City);

        Assert.Equal(Reason.Success, (await client.Publish("sta/tasking/v1.1/TaskingCapabilities(1)/Tasks", """{ "taskingParameters": { "level": 40 } }""")).Reason);
        Assert.NotEqual(Reason.Success, (await client.Publish("sta/tasking/v1.1/TaskingCapabilities(1)/Tasks", """{ "taskingParameters": { "level": 101 } }""")).Reason);

        Assert.Equal(40, (int)Assert.Single((await sta.Get($"{Lamps.Root}/Tasks"))["value"]!.AsArray())!["taskingParameters"]!["level"]!);
    }
}
