using System.Net;
using Madang.Sensing.Mqtt.Packets;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing.Conformance.Tasking;
using Madang.Tests.Sensing.Mqtt;
using Madang.Tests.Trust;

namespace Madang.Tests.Sensing;

/// <summary>Keys that may do one thing alone, at Things that the public does not see: by HTTP and MQTT alike.</summary>
public sealed class CommandKeyTests
{
    private const string Level = """{ "taskingParameters": { "level": 40 } }""";

    private const string ByReference = """{ "taskingParameters": { "level": 41 }, "TaskingCapability": { "@iot.id": 1 } }""";

    [Theory, BothEngines]
    public async Task A_key_that_only_commands_makes_Tasks_for_its_providers_hidden_Things_and_reads_nothing(Engine engine)
    {
        await using var city = await ClosedCity.Start(engine, settings: values => values["Mqtt:Listen"] = "127.0.0.1:0");
        var department = await city.Department("d");
        var hidden = await city.Provider("hidden", department, isPublic: false);
        var (_, all) = await city.Key(hidden, ["read", "write", "command"]);
        var (_, commander) = await city.Key(hidden, ["command"]);
        var (_, writer) = await city.Key(hidden, ["write"]);
        var (_, stranger) = await city.Key(await city.Provider("other", department), ["read", "write", "command"]);
        await city.Thing(all);
        await ClosedCity.Send(city.With(all), HttpMethod.Post, $"{Lamps.Root}/Things(1)/TaskingCapabilities", Lamps.Capability, HttpStatusCode.Created);

        await ClosedCity.Send(city.With(commander), HttpMethod.Post, $"{Lamps.Root}/TaskingCapabilities(1)/Tasks", Level, HttpStatusCode.Created);
        await ClosedCity.Send(city.With(commander), HttpMethod.Post, $"{Lamps.Root}/Tasks", ByReference, HttpStatusCode.Created);
        await using var device = await MqttClient.Connect(city.City, user: commander);
        Assert.Equal(Reason.Success, (await device.Publish("sta/tasking/v1.1/TaskingCapabilities(1)/Tasks", Level)).Reason);
        Assert.Equal(Reason.Success, (await device.Publish("sta/tasking/v1.1/Tasks", ByReference)).Reason);
        Assert.Equal(4, (await ClosedCity.Send(city.With(all), HttpMethod.Get, $"{Lamps.Root}/Tasks", null, HttpStatusCode.OK))!["value"]!.AsArray().Count);

        await ClosedCity.Send(city.With(commander), HttpMethod.Get, $"{Lamps.Root}/TaskingCapabilities(1)", null, HttpStatusCode.NotFound);
        Assert.Empty((await ClosedCity.Send(city.With(commander), HttpMethod.Get, $"{Lamps.Root}/Tasks", null, HttpStatusCode.OK))!["value"]!.AsArray());
        Assert.Equal((byte)Reason.TopicFilterInvalid, Assert.Single(await device.Subscribe(1, "sta/tasking/v1.1/TaskingCapabilities(1)/Tasks")));
        await ClosedCity.Send(city.With(commander), HttpMethod.Post, "/sta/v1.1/Datastreams(1)/Observations", """{ "result": 1 }""", HttpStatusCode.Forbidden);
        Assert.Equal(Reason.NotAuthorized, (await device.Publish("v1.1/Datastreams(1)/Observations", """{ "result": 1 }""")).Reason);

        await ClosedCity.Send(city.With(writer), HttpMethod.Post, "/sta/v1.1/Datastreams(1)/Observations", """{ "result": 1 }""", HttpStatusCode.Created);
        await ClosedCity.Send(city.With(writer), HttpMethod.Post, $"{Lamps.Root}/TaskingCapabilities(1)/Tasks", Level, HttpStatusCode.Forbidden);
        await ClosedCity.Send(city.With(stranger), HttpMethod.Post, $"{Lamps.Root}/TaskingCapabilities(1)/Tasks", Level, HttpStatusCode.NotFound);
    }

    [Theory, BothEngines]
    public async Task A_key_that_only_writes_learns_nothing_of_what_it_changes(Engine engine)
    {
        await using var city = await ClosedCity.Start(engine);
        var hidden = await city.Provider("hidden", await city.Department("d"), isPublic: false);
        var (_, all) = await city.Key(hidden, ["read", "write"]);
        var writer = city.With((await city.Key(hidden, ["write"])).Secret);
        await city.Thing(all);
        await ClosedCity.Send(city.With(all), HttpMethod.Post, "/sta/v1.1/Datastreams(1)/Observations", """{ "result": 7.5 }""", HttpStatusCode.Created);

        foreach (var address in new[] { "Things(1)", "Datastreams(1)", "Observations(1)", "Sensors(1)" })
        {
            var answer = (await ClosedCity.Send(writer, HttpMethod.Patch, "/sta/v1.1/" + address, "{}", HttpStatusCode.OK))!.AsObject();
            Assert.Equal(["@iot.id", "@iot.selfLink"], answer.Select(member => member.Key).Order(StringComparer.Ordinal));
            Assert.True((await ClosedCity.Send(city.With(all), HttpMethod.Patch, "/sta/v1.1/" + address, "{}", HttpStatusCode.OK))!.AsObject().Count > 4);
            using var patch = new HttpRequestMessage(HttpMethod.Patch, "/sta/v1.1/" + address) { Content = new StringContent("[]", System.Text.Encoding.UTF8, "application/json-patch+json") };
            using var refused = await writer.SendAsync(patch, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }

        await ClosedCity.Send(city.With(all), HttpMethod.Post, "/api/deletions", """{ "query": "Datastreams(1)/Observations?$filter=result gt 7" }""", HttpStatusCode.Created);
        Assert.Empty((await ClosedCity.Send(writer, HttpMethod.Get, "/api/deletions", null, HttpStatusCode.OK))!.AsArray());
        await ClosedCity.Send(writer, HttpMethod.Post, "/api/deletions/1/start", null, HttpStatusCode.NotFound);
    }
}
