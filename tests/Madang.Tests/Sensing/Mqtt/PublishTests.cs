using System.Net;
using Madang.Sensing.Mqtt.Packets;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing.Conformance;

namespace Madang.Tests.Sensing.Mqtt;

/// <summary>Creating by publishing (OGC 18-088, clause 15: create-observations-via-mqtt/observations-creation).</summary>
[Requirement(Requirements.Sensing + "create-observations-via-mqtt/observations-creation")]
public sealed class PublishTests
{
    [Theory, MemberData(nameof(MqttCity.EnginesAndVersions), MemberType = typeof(MqttCity))]
    public async Task An_Observation_is_stored_by_each_topic_of_the_standard_and_with_each_quality_of_service(Engine engine, int level)
    {
        await using var sta = await MqttCity.Start(engine);
        await using var client = await MqttClient.Connect(sta.City, (MqttVersion)level);
        await client.Publish("v1.1/Datastreams(1)/Observations", """{"result": 1}""", 0);
        await sta.UntilStored(1);
        Assert.Equal(Reason.Success, (await client.Publish("v1.1/Datastreams(1)/Observations", """{"result": 2, "phenomenonTime": "2026-07-19T00:00:00Z"}""", 1, 9)).Reason);
        Assert.Equal(Reason.Success, (await client.Publish("v1.1/Observations", """{"result": 3, "Datastream": {"@iot.id": 1}}""", 2, 8)).Reason);
        var feature = (long)(await sta.Get("FeaturesOfInterest"))["value"]![0]!["@iot.id"]!;
        Assert.Equal(Reason.Success, (await client.Publish($"v1.1/FeaturesOfInterest({feature})/Observations", """{"result": 4, "Datastream": {"@iot.id": 1}}""")).Reason);
        Assert.Equal(Reason.Success, (await client.Publish("sta/v1.1/Datastreams(1)/Observations", """{"result": 5}""")).Reason);
        Assert.Equal(Reason.Success, (await client.Publish("v1.0/Datastreams(1)/Observations", """{"result": 6}""", 2)).Reason);
        await sta.Holds(1, 2, 3, 4, 5, 6);
        Assert.Equal("2026-07-19T00:00:00.000Z", (string)(await sta.Get("Datastreams(1)/Observations?$filter=result eq 2"))["value"]![0]!["phenomenonTime"]!);
    }

    [Theory, BothEngines]
    public async Task Other_entities_and_dataArrays_are_created_as_by_a_POST(Engine engine)
    {
        await using var sta = await MqttCity.Start(engine);
        await using var client = await MqttClient.Connect(sta.City);
        Assert.Equal(Reason.Success, (await client.Publish("v1.1/Things", Sta.Thing("종로 2", "pm10"))).Reason);
        Assert.Equal(["종로 1", "종로 2"], await sta.Names("Things?$orderby=id"));
        Assert.Equal(Reason.Success, (await client.Publish("v1.1/Things(1)/Datastreams", Sta.Datastream("o3"), 2)).Reason);
        Assert.Equal(["pm25", "o3"], await sta.Names("Things(1)/Datastreams?$orderby=id"));
        Assert.Equal(Reason.Success, (await client.Publish("v1.1/CreateObservations", """[{"Datastream": {"@iot.id": 1}, "components": ["result"], "dataArray": [[1], [2], [3]]}]""")).Reason);
        await sta.Holds(1, 2, 3);
        Assert.Equal(Reason.Success, (await client.Publish("v1.1/Observations", """{"result": 4, "Datastream": {"@iot.id": 1}, "FeatureOfInterest": {"name": "여기", "description": "d", "encodingType": "application/geo+json", "feature": {"type": "Point", "coordinates": [127, 37.5]}}}""")).Reason);
        await sta.Holds(1, 2, 3, 4);
    }

    [Theory]
    [InlineData("v1.1/Datastreams(1)/Observations", """{"resul": 1}""", "PayloadFormatInvalid", "resul")]
    [InlineData("v1.1/Datastreams(1)/Observations", "no JSON", "PayloadFormatInvalid", "JSON")]
    [InlineData("v1.1/Datastreams(1)/Observations", """{"result": 1, "result": 2}""", "PayloadFormatInvalid", "result")]
    [InlineData("v1.1/Datastreams(9)/Observations", """{"result": 1}""", "TopicNameInvalid", "Datastream 9")]
    [InlineData("v1.1/Observations", """{"result": 1}""", "PayloadFormatInvalid", "Datastream")]
    [InlineData("v1.1/Things(9)/Datastreams", """{"name": "x"}""", "TopicNameInvalid", "Thing 9")]
    [InlineData("v1.1/Things", """{"name": "x"}""", "PayloadFormatInvalid", "description")]
    [InlineData("v1.1/Things(1)", """{"name": "x"}""", "TopicNameInvalid", "collection")]
    [InlineData("v1.1/Nothings", """{"name": "x"}""", "TopicNameInvalid", "collection")]
    [InlineData("home/kitchen", """{"result": 1}""", "TopicNameInvalid", "v1.1/")]
    [InlineData("v1.1/CreateObservations", """[{"Datastream": {"@iot.id": 1}, "components": ["result"], "dataArray": [[1], [1, 2]]}]""", "PayloadFormatInvalid", "dataArray[1]")]
    public async Task What_cannot_be_stored_is_refused_with_its_reason_and_in_3_1_1_acknowledged_and_counted(string topic, string json, string reason, string word)
    {
        await using var sta = await MqttCity.Start(Engine.Sqlite);
        using var refused = new Counted("madang.sensing.mqtt.messages.refused");
        await using var modern = await MqttClient.Connect(sta.City);
        foreach (var qos in (byte[])[1, 2])
        {
            var answer = await modern.Publish(topic, json, qos);
            Assert.True(answer.Reason == Enum.Parse<Reason>(reason), $"{answer}");
            Assert.Contains(word, answer.Text, StringComparison.Ordinal);
        }

        await using var old = await MqttClient.Connect(sta.City, MqttVersion.V311);
        Assert.Equal(Reason.Success, (await old.Publish(topic, json)).Reason);
        Assert.Equal(Reason.Success, (await old.Publish(topic, json, 2)).Reason);
        Assert.Empty(await sta.Results());
        Assert.True(refused.Sum >= 4, $"counted {refused.Sum}");
    }

    [Theory, BothEngines]
    public async Task Nothing_is_acknowledged_before_its_commit_and_everything_in_its_order(Engine engine)
    {
        await using var sta = await MqttCity.Start(engine);
        await using var client = await MqttClient.Connect(sta.City, MqttVersion.V311);
        var database = (IDatabase)sta.City.Services.GetService(typeof(IDatabase))!;
        var release = new TaskCompletionSource();
        var held = new TaskCompletionSource();
        // Another writer stands in the way of every commit.
        var writer = Task.Run(() => database.Write(
            async scope =>
            {
                await using var command = scope.Connection.CreateCommand();
                command.Transaction = scope.Transaction;
                command.CommandText = engine == Engine.Postgres ? "LOCK TABLE observations IN ACCESS EXCLUSIVE MODE" : "UPDATE things SET name = name";
                await command.ExecuteNonQueryAsync();
                held.SetResult();
                await release.Task.WaitAsync(TestContext.Current.CancellationToken);
                return 0;
            },
            TestContext.Current.CancellationToken));
        await Task.WhenAny(held.Task, writer);
        for (ushort id = 1; id <= 300; id++)
        {
            await client.SendPublish("v1.1/Datastreams(1)/Observations", $$"""{"result": {{id}}}""", (byte)(id % 2 + 1), id);
        }

        await client.HearsNothing();
        release.SetResult();
        await writer;
        for (ushort id = 1; id <= 300; id++)
        {
            var ack = await client.Next<AckPacket>();
            Assert.Equal((id % 2 == 0 ? PacketKind.PubAck : PacketKind.PubRec, id), (ack.Kind, ack.Id));
        }

        Assert.Equal(300, (int)(await sta.Get("Datastreams(1)/Observations?$count=true&$top=1"))["@iot.count"]!);
    }

    [Fact]
    public async Task A_topic_alias_stands_for_its_topic()
    {
        await using var sta = await MqttCity.Start(Engine.Sqlite);
        await using var client = await MqttClient.Connect(sta.City);
        await client.SendPublish("v1.1/Datastreams(1)/Observations", """{"result": 1}""", 1, 1, properties: new Properties().Add(PropertyId.TopicAlias, 3));
        Assert.Equal(Reason.Success, (await client.Next<AckPacket>()).Reason);
        await client.SendPublish("", """{"result": 2}""", 1, 2, properties: new Properties().Add(PropertyId.TopicAlias, 3));
        Assert.Equal(Reason.Success, (await client.Next<AckPacket>()).Reason);
        await sta.Holds(1, 2);
        await client.SendPublish("", """{"result": 3}""", 1, 3, properties: new Properties().Add(PropertyId.TopicAlias, 17));
        Assert.Equal(Reason.TopicAliasInvalid, await client.End());
    }

    [Fact]
    public async Task A_message_to_be_retained_ends_a_connection_of_5_and_is_a_message_in_3_1_1()
    {
        await using var sta = await MqttCity.Start(Engine.Sqlite);
        await using var modern = await MqttClient.Connect(sta.City);
        Assert.Equal(0u, modern.Welcome.Properties.Number(PropertyId.RetainAvailable));
        await modern.Send(new PublishPacket("v1.1/Datastreams(1)/Observations", new("{\"result\":1}"u8.ToArray()), 1, true, false, 1));
        Assert.Equal(Reason.RetainNotSupported, await modern.End());
        await using var old = await MqttClient.Connect(sta.City, MqttVersion.V311);
        await old.Send(new PublishPacket("v1.1/Datastreams(1)/Observations", new("{\"result\":2}"u8.ToArray()), 1, true, false, 1));
        await old.Next<AckPacket>();
        await sta.Holds(2);
    }

    [Fact]
    public async Task A_web_request_without_an_upgrade_is_told_what_is_spoken_here()
    {
        await using var sta = await MqttCity.Start(Engine.Sqlite);
        using var answer = await sta.City.Client.GetAsync("/mqtt", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.UpgradeRequired, answer.StatusCode);
    }
}
