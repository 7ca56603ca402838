using System.Net;
using Madang.Sensing.Mqtt.Packets;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Trust;

namespace Madang.Tests.Sensing.Mqtt;

/// <summary>Device doors by MQTT: a payload published to doors/NAME is taken in as POST /doors/NAME takes it.</summary>
public sealed class DoorTopicTests
{
    private const string Topic = "doors/street-light";

    private const string Payload = """{"lamps": [{"pole": "P-1", "at": 1784400000, "dim": 70, "w": 56, "lon": 126.98, "lat": 37.57}]}""";

    [Theory, MemberData(nameof(MqttCity.EnginesAndVersions), MemberType = typeof(MqttCity))]
    public async Task What_fits_is_stored_and_what_does_not_is_kept_when_it_is_acknowledged(Engine engine, int level)
    {
        await using var sta = await MqttCity.Start(engine);
        await using var client = await MqttClient.Connect(sta.City, (MqttVersion)level);

        Assert.Equal(Reason.Success, (await client.Publish(Topic, Payload)).Reason);
        Assert.Equal(["70", "56"], await sta.Names("Observations?$orderby=id", "result"));
        Assert.Equal(Reason.Success, (await client.Publish(Topic, Payload.Replace("1784400000", "1784400300", StringComparison.Ordinal), 2, 5)).Reason);
        Assert.Equal(4, (await sta.Names("Observations", "result")).Length);
        Assert.Equal(Reason.Success, (await client.Publish(Topic, "no JSON at all", 1, 2)).Reason);
        Assert.Equal(Reason.Success, (await client.Publish(Topic, Payload.Replace("70", "700", StringComparison.Ordinal), 2, 3)).Reason);
        Assert.Equal(2, (await sta.Get("/doors/street-light/kept")).AsArray().Count);
        await client.Publish(Topic, "nor this", 0);
        for (var tries = 0; (await sta.Get("/doors/street-light/kept")).AsArray().Count < 3; tries++)
        {
            Assert.True(tries < 200, "A payload of QoS 0 was not kept.");
            await Task.Delay(25, TestContext.Current.CancellationToken);
        }
    }

    [Theory, MemberData(nameof(MqttCity.EnginesAndVersions), MemberType = typeof(MqttCity))]
    public async Task What_comes_again_is_acknowledged_and_stored_once(Engine engine, int level)
    {
        await using var sta = await MqttCity.Start(engine);
        await using var client = await MqttClient.Connect(sta.City, (MqttVersion)level);

        foreach (var (qos, id) in new[] { (1, 2), (1, 3), (2, 4), (2, 5), (1, 6) })
        {
            Assert.Equal(Reason.Success, (await client.Publish(Topic, Payload, (byte)qos, (ushort)id)).Reason);
        }

        Assert.Equal(["70", "56"], await sta.Names("Observations?$orderby=id", "result"));
        Assert.Equal(8, (int)(await sta.Get("/doors")).AsArray().Single(door => (string)door!["name"]! == "street-light")!["repeated"]!);
    }

    [Fact]
    public async Task No_such_door_and_nothing_in_a_payload_are_refused()
    {
        await using var sta = await MqttCity.Start(Engine.Sqlite);
        await using var client = await MqttClient.Connect(sta.City);
        Assert.Equal(Reason.TopicNameInvalid, (await client.Publish("doors/nothing", Payload)).Reason);
        Assert.Equal(Reason.TopicNameInvalid, (await client.Publish("doors/street-light/kept", Payload)).Reason);
        Assert.Equal(Reason.PayloadFormatInvalid, (await client.Publish(Topic, "")).Reason);
        Assert.Equal((byte)Reason.TopicFilterInvalid, Assert.Single(await client.Subscribe(1, Topic)));
    }

    [Theory, BothEngines]
    public async Task It_takes_the_right_to_write(Engine engine)
    {
        await using var city = await ClosedCity.Start(engine, settings: values => values["Mqtt:Listen"] = "127.0.0.1:0");
        var provider = await city.Provider("a", await city.Department("d"), isPublic: false);
        var (_, writer) = await city.Key(provider, ["write"]);
        var (_, reader) = await city.Key(provider, ["read"]);

        await using var blind = await MqttClient.Connect(city.City, user: reader);
        Assert.Equal(Reason.NotAuthorized, (await blind.Publish(Topic, Payload)).Reason);
        await using var nobody = await MqttClient.Connect(city.City);
        Assert.Equal(Reason.NotAuthorized, (await nobody.Publish(Topic, Payload)).Reason);
        await using var device = await MqttClient.Connect(city.City, user: writer);
        Assert.Equal(Reason.Success, (await device.Publish(Topic, Payload)).Reason);
        Assert.Equal(2, (await ClosedCity.Send(city.With(reader), HttpMethod.Get, "/sta/v1.1/Observations", null, HttpStatusCode.OK))!["value"]!.AsArray().Count);
        Assert.Empty((await ClosedCity.Send(city.With(null), HttpMethod.Get, "/sta/v1.1/Observations", null, HttpStatusCode.OK))!["value"]!.AsArray());
    }
}
