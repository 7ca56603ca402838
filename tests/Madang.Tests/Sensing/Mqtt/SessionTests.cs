using System.Text;
using Madang.Sensing.Mqtt.Packets;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Mqtt;

public sealed class SessionTests
{
    [Theory, InlineData(4), InlineData(5)]
    public async Task A_client_who_comes_back_finds_its_session_and_what_it_did_not_acknowledge(int level)
    {
        var version = (MqttVersion)level;
        await using var sta = await MqttCity.Start(Engine.Sqlite);
        var first = await MqttClient.Connect(sta.City, version, "dash", clean: false, expiry: 60);
        Assert.False(first.Welcome.SessionPresent);
        await first.Subscribe(1, "v1.1/Observations?$select=result");
        await first.Subscribe(2, "v1.1/Datastreams(1)/Observations?$select=id");
        await sta.Post("Datastreams(1)/Observations", """{"result": 1}""");
        await sta.Post("Datastreams(1)/Observations", """{"result": 2}""");
        var seen = new List<PublishPacket>();
        for (var count = 0; count < 4; count++)
        {
            seen.Add(await first.Next<PublishPacket>());
        }

        // One of QoS 1 is acknowledged, one of QoS 2 half of it.
        await first.Send(new AckPacket(PacketKind.PubAck, seen.First(one => one.Qos == 1).Id, Reason.Success));
        await first.Send(new AckPacket(PacketKind.PubRec, seen.First(one => one.Qos == 2).Id, Reason.Success));
        Assert.Equal(PacketKind.PubRel, (await first.Next<AckPacket>()).Kind);
        await first.DisposeAsync();
        await sta.Post("Datastreams(1)/Observations", """{"result": 3}""");

        await using var again = await MqttClient.Open(sta.City, version);
        await again.Connect("dash", clean: false, expiry: 60);
        Assert.True(again.Welcome.SessionPresent);
        var heard = new List<string>();
        for (var count = 0; count < 5; count++)
        {
            switch (await again.Next(typeof(PublishPacket), typeof(AckPacket)))
            {
                case PublishPacket publish:
                    var text = Encoding.UTF8.GetString(publish.Payload.FirstSpan);
                    // The third may have gone out once already, before the server knew that nobody reads it.
                    heard.Add($"{publish.Qos}{(publish.Dup && !text.Contains(":3}", StringComparison.Ordinal) ? "d" : "")} {text}");
                    break;
                case AckPacket { Kind: PacketKind.PubRel } release:
                    heard.Add("release");
                    await again.Send(new AckPacket(PacketKind.PubComp, release.Id, Reason.Success));
                    break;
            }
        }

        Assert.Equal(["1 {\"result\":3}", "1d {\"result\":2}", "2 {\"@iot.id\":3}", "2d {\"@iot.id\":2}", "release"], heard.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_session_ends_with_its_connection_a_clean_start_or_its_time()
    {
        await using var sta = await MqttCity.Start(Engine.Sqlite);
        await (await MqttClient.Connect(sta.City, client: "a")).DisposeAsync();
        await using (var none = await MqttClient.Connect(sta.City, client: "a", clean: false, expiry: 60))
        {
            Assert.False(none.Welcome.SessionPresent);
        }

        await using (var clean = await MqttClient.Connect(sta.City, client: "a", clean: true, expiry: 1))
        {
            Assert.False(clean.Welcome.SessionPresent);
        }

        for (var present = true; present;)
        {
            await Task.Delay(1500, TestContext.Current.CancellationToken);
            await using var late = await MqttClient.Connect(sta.City, client: "a", clean: false, expiry: 1);
            present = late.Welcome.SessionPresent;
        }
    }

    [Fact]
    public async Task The_same_client_of_the_same_caller_takes_its_connection_over()
    {
        await using var sta = await MqttCity.Start(Engine.Sqlite);
        await using var before = await MqttClient.Connect(sta.City, client: "a");
        await using var after = await MqttClient.Connect(sta.City, client: "a");
        Assert.Equal(Reason.SessionTakenOver, await before.End());
        await after.HearsNothing();
    }

    [Theory, BothEngines]
    public async Task A_message_of_QoS_2_that_comes_again_is_stored_once_also_when_the_connection_broke(Engine engine)
    {
        await using var sta = await MqttCity.Start(engine);
        var first = await MqttClient.Connect(sta.City, client: "a", clean: false, expiry: 60);
        await first.SendPublish("v1.1/Datastreams(1)/Observations", """{"result": 1}""", 2, 5);
        await first.Next<AckPacket>();
        await first.DisposeAsync();
        await using var again = await MqttClient.Connect(sta.City, client: "a", clean: false, expiry: 60);
        await again.SendPublish("v1.1/Datastreams(1)/Observations", """{"result": 1}""", 2, 5, dup: true);
        Assert.Equal((PacketKind.PubRec, Reason.Success), (await again.Next<AckPacket>()) is var ack ? (ack.Kind, ack.Reason) : default);
        await again.Send(new AckPacket(PacketKind.PubRel, 5, Reason.Success));
        Assert.Equal((PacketKind.PubComp, Reason.Success), (await again.Next<AckPacket>()) is var done ? (done.Kind, done.Reason) : default);
        await sta.Holds(1);

        // The identifier is free now: the same number is another message.
        await again.Publish("v1.1/Datastreams(1)/Observations", """{"result": 1}""", 2, 5);
        await sta.Holds(1, 1);
        await again.Send(new AckPacket(PacketKind.PubRel, 77, Reason.Success));
        Assert.Equal(Reason.PacketIdentifierNotFound, (await again.Next<AckPacket>()).Reason);
    }

    [Fact]
    public async Task A_message_of_QoS_1_that_says_it_comes_again_is_known_in_a_kept_session()
    {
        await using var sta = await MqttCity.Start(Engine.Sqlite);
        var first = await MqttClient.Connect(sta.City, MqttVersion.V311, "a", clean: false);
        await first.Publish("v1.1/Datastreams(1)/Observations", """{"result": 1}""", 1, 5);
        await first.DisposeAsync();
        await using var again = await MqttClient.Connect(sta.City, MqttVersion.V311, "a", clean: false);
        await again.SendPublish("v1.1/Datastreams(1)/Observations", """{"result": 1}""", 1, 5, dup: true);
        await again.Next<AckPacket>();
        await sta.Holds(1);
        await again.SendPublish("v1.1/Datastreams(1)/Observations", """{"result": 2}""", 1, 5, dup: true);
        await again.Next<AckPacket>();
        await sta.Holds(1, 2);
    }

    [Theory, BothEngines]
    public async Task A_will_is_stored_when_its_client_goes_without_a_word_and_not_when_it_says_goodbye(Engine engine)
    {
        await using var sta = await MqttCity.Start(engine);
        var will = new WillMessage("v1.1/Datastreams(1)/Observations", Encoding.UTF8.GetBytes("""{"result": 99}"""), 1, false);
        await using (var polite = await MqttClient.Connect(sta.City, client: "a", will: will))
        {
            await polite.Send(new DisconnectPacket(Reason.Success));
            await polite.End();
        }

        await using (var late = await MqttClient.Connect(sta.City, client: "b", clean: false, expiry: 60, will: will with { Payload = Encoding.UTF8.GetBytes("""{"result": 98}"""), Properties = new Properties().Add(PropertyId.WillDelayInterval, 3600) }))
        {
            // Comes back before the delay is over.
        }

        await using var back = await MqttClient.Connect(sta.City, client: "b", clean: false, expiry: 0);
        await (await MqttClient.Connect(sta.City, client: "c", will: will)).DisposeAsync();
        await sta.UntilStored(1);
        await using (var asked = await MqttClient.Connect(sta.City, client: "d", will: will with { Payload = Encoding.UTF8.GetBytes("""{"result": 97}""") }))
        {
            await asked.Send(new DisconnectPacket(Reason.DisconnectWithWill));
            await asked.End();
        }

        await sta.UntilStored(2);
        await sta.Holds(99, 97);
    }

    [Fact]
    public async Task Who_does_not_say_who_it_is_or_falls_silent_is_disconnected()
    {
        await using var sta = await MqttCity.Start(Engine.Sqlite, settings => settings["Mqtt:ConnectSeconds"] = "1");
        await using var mute = await MqttClient.Open(sta.City, MqttVersion.V5);
        await using var silent = await MqttClient.Connect(sta.City, keepAlive: 1);
        Assert.Null(await mute.End());
        Assert.Equal(Reason.KeepAliveTimeout, await silent.End());
    }

    [Fact]
    public async Task What_breaks_the_protocol_ends_the_connection_with_its_reason()
    {
        await using var sta = await MqttCity.Start(Engine.Sqlite, settings => settings["Mqtt:MaxPacketKilobytes"] = "1");
        await using var twice = await MqttClient.Connect(sta.City);
        await twice.Send(new ConnectPacket(MqttVersion.V5, "x", true, 0));
        Assert.Equal(Reason.ProtocolError, await twice.End());
        await using var bad = await MqttClient.Connect(sta.City);
        await bad.Send([0x00, 0x00]);
        Assert.Equal(Reason.MalformedPacket, await bad.End());
        await using var large = await MqttClient.Connect(sta.City);
        await large.SendPublish("v1.1/Observations", new string(' ', 2000));
        Assert.Equal(Reason.PacketTooLarge, await large.End());
        await using var first = await MqttClient.Open(sta.City, MqttVersion.V5);
        await first.Send(PingPacket.Request);
        Assert.Null(await first.End());
    }

    [Fact]
    public async Task A_slow_subscriber_loses_what_may_be_lost_which_is_counted_and_is_told_of_what_may_not()
    {
        await using var sta = await MqttCity.Start(Engine.Sqlite, settings => settings["Mqtt:SessionMessages"] = "100");
        using var dropped = new Counted("madang.sensing.mqtt.messages.dropped");
        using var overflowed = new Counted("madang.sensing.mqtt.sessions.overflowed");
        await using var careless = await MqttClient.Open(sta.City, MqttVersion.V5, reads: false);
        await careless.Send(new ConnectPacket(MqttVersion.V5, "careless", true, 0));
        await careless.Send(new SubscribePacket(1, [new AskedSubscription("v1.1/Observations", 0)]));
        var away = await MqttClient.Connect(sta.City, client: "away", clean: false, expiry: 60);
        await away.Subscribe(1, "v1.1/Observations");
        await away.DisposeAsync();
        await using var careful = await MqttClient.Connect(sta.City, client: "careful", clean: false, expiry: 60, receiveMaximum: 1);
        await careful.Subscribe(1, "v1.1/Observations");

        var text = new string('x', 20_000);
        for (var request = 0; dropped.Sum == 0; request++)
        {
            Assert.True(request < 100, "nothing was dropped");
            await sta.Post("CreateObservations", $$"""[{"Datastream": {"@iot.id": 1}, "components": ["result"], "dataArray": [{{string.Join(',', Enumerable.Range(0, 300).Select(_ => $"[\"{text}\"]"))}}]}]""");
        }

        Assert.Equal(Reason.QuotaExceeded, await careful.End());
        Assert.True(overflowed.Sum >= 2, $"{overflowed.Sum} sessions overflowed");
        await using var back = await MqttClient.Connect(sta.City, client: "away", clean: false, expiry: 60);
        Assert.False(back.Welcome.SessionPresent);
    }

    [Fact]
    public async Task A_server_that_stops_acknowledges_what_came_and_says_so()
    {
        await using var sta = await MqttCity.Start(Engine.Sqlite);
        await using var client = await MqttClient.Connect(sta.City);
        await client.SendPublish("v1.1/Datastreams(1)/Observations", """{"result": 1}""");
        await client.HearsAcknowledgement();
        var stopping = sta.City.Stop();
        Assert.Equal(Reason.ServerShuttingDown, await client.End());
        await stopping;
    }
}
