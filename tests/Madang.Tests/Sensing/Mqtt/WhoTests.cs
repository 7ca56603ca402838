using System.Net;
using System.Text.Json.Nodes;
using Madang.Sensing.Mqtt.Packets;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Trust;

namespace Madang.Tests.Sensing.Mqtt;

/// <summary>Who may come in by MQTT, and what he may do and see there: as over HTTP.</summary>
public sealed class WhoTests
{
    private const string Observations = "v1.1/Datastreams(1)/Observations";

    private static Task<ClosedCity> Start(Engine engine, Action<IDictionary<string, string?>>? settings = null) => ClosedCity.Start(engine, settings: values =>
    {
        values["Mqtt:Listen"] = "127.0.0.1:0";
        settings?.Invoke(values);
    });

    [Theory, MemberData(nameof(MqttCity.EnginesAndVersions), MemberType = typeof(MqttCity))]
    public async Task A_key_comes_in_by_its_id_its_name_or_its_secret_alone_and_nothing_else_does(Engine engine, int level)
    {
        var version = (MqttVersion)level;
        await using var city = await Start(engine);
        var (id, secret) = await city.Key(null);
        await city.Thing(secret);
        foreach (var (user, password) in ((string?, string?)[])[(id, secret), ("시험 열쇠", secret), (secret, null), (secret, ""), ($"mdg_{id}", secret)])
        {
            await using var client = await MqttClient.Connect(city.City, version, user: user, password: password);
            Assert.Equal(Reason.Success, (await client.Publish(Observations, """{"result": 1}""")).Reason);
        }

        var wrong = version == MqttVersion.V5 ? (byte)Reason.BadUserNameOrPassword : (byte)4;
        foreach (var (user, password) in ((string?, string?)[])[(id, secret[..^1]), (id, null), ("other", secret), ("admin", "admin"), (secret + "x", null), (id, "mdg_" + id)])
        {
            await using var client = await MqttClient.Open(city.City, version);
            Assert.Equal(wrong, (await client.Connect(user: user, password: password)).Code);
            Assert.Null(await client.End());
        }
    }

    [Theory, BothEngines]
    public async Task Nobody_hears_what_is_public_and_writes_nothing(Engine engine)
    {
        await using var city = await Start(engine);
        var (_, secret) = await city.Key(null);
        await city.Thing(secret);
        await using var nobody = await MqttClient.Connect(city.City, client: "n", clean: false, expiry: 3600);
        Assert.Equal(0u, nobody.Welcome.Properties.Number(PropertyId.SessionExpiryInterval));
        Assert.Equal([1], await nobody.Subscribe(1, "v1.1/Observations"));
        Assert.Equal(Reason.NotAuthorized, (await nobody.Publish(Observations, """{"result": 1}""")).Reason);
        Assert.Equal(Reason.NotAuthorized, (await nobody.Publish("v1.1/Things", Sta.Thing())).Reason);
        await using var device = await MqttClient.Connect(city.City, user: secret);
        await device.Publish(Observations, """{"result": 2}""");
        Assert.Equal(2, (double)(await nobody.Message()).Json["result"]!);
        await using var willed = await MqttClient.Open(city.City, MqttVersion.V5);
        Assert.Equal((byte)Reason.NotAuthorized, (await willed.Connect(will: new WillMessage(Observations, "{\"result\":3}"u8.ToArray(), 0, false))).Code);
    }

    [Theory, BothEngines]
    public async Task What_may_not_be_seen_is_delivered_to_nobody_who_may_not_see_it(Engine engine)
    {
        await using var city = await Start(engine);
        var department = await city.Department("d");
        var hidden = await city.Provider("hidden", department, isPublic: false);
        var (_, writer) = await city.Key(hidden, ["write"]);
        var (_, reader) = await city.Key(hidden, ["read"]);
        var (_, other) = await city.Key(await city.Provider("other", department), ["read", "write"]);
        await city.Thing(writer);
        await city.Thing(other);

        await using var nobody = await MqttClient.Connect(city.City, MqttVersion.V311);
        await using var stranger = await MqttClient.Connect(city.City, user: other);
        await using var blind = await MqttClient.Connect(city.City, user: writer);
        await using var insider = await MqttClient.Connect(city.City, user: reader);
        foreach (var client in (MqttClient[])[nobody, stranger, blind])
        {
            // What is not seen is not there: refused as what is not.
            Assert.Equal(client == nobody ? [0x80, 0x80, 1] : [0x8F, 0x8F, 1], await client.Subscribe(1, Observations, "v1.1/Things(1)", "v1.1/#"));
        }

        Assert.Equal([1, 1, 1], await insider.Subscribe(1, Observations, "v1.1/Things(1)/name", "v1.1/Datastreams"));
        await using var device = await MqttClient.Connect(city.City, user: writer);
        Assert.Equal(Reason.Success, (await device.Publish(Observations, """{"result": 1}""")).Reason);
        Assert.Equal(Reason.TopicNameInvalid, (await stranger.Publish(Observations, """{"result": 1}""")).Reason);
        Assert.Equal(Observations, (await insider.Message()).Topic);
        await ClosedCity.Send(city.As("root"), HttpMethod.Patch, "/sta/v1.1/Things(1)", """{"name": "비밀"}""", HttpStatusCode.OK);
        Assert.Equal("v1.1/Things(1)/name", (await insider.Message()).Topic);
        await device.Publish("v1.1/Things(1)/Datastreams", Sta.Datastream("o3"));
        foreach (var client in (MqttClient[])[nobody, stranger, blind])
        {
            await client.HearsNothing();
        }
    }

    [Fact]
    public async Task A_key_that_is_taken_back_or_has_ended_ends_its_connection()
    {
        await using var city = await Start(Engine.Sqlite);
        var (id, secret) = await city.Key(null);
        var (_, brief) = await city.Key(null, expiresAt: DateTimeOffset.Parse("2100-01-01T00:00:00Z", null));
        await city.Thing(secret);
        await using var client = await MqttClient.Connect(city.City, user: secret);
        await using var stays = await MqttClient.Connect(city.City, user: brief);
        await client.Subscribe(1, "v1.1/Observations");
        await ClosedCity.Send(city.As("root"), HttpMethod.Delete, $"/api/keys/{id}", null, HttpStatusCode.NoContent);
        Assert.Equal(Reason.NotAuthorized, await client.End());
        await stays.HearsNothing();
    }

    [Fact]
    public async Task A_stranger_does_not_get_a_session_by_knowing_its_name()
    {
        await using var city = await Start(Engine.Sqlite);
        var (_, mine) = await city.Key(null);
        var (_, theirs) = await city.Key(null);
        await city.Thing(mine);
        await using var owner = await MqttClient.Connect(city.City, client: "device", clean: false, expiry: 60, user: mine);
        await owner.Subscribe(1, "v1.1/Observations");
        await using var thief = await MqttClient.Connect(city.City, client: "device", clean: false, expiry: 60, user: theirs);
        await using var nobody = await MqttClient.Connect(city.City, client: "device", clean: false);
        Assert.False(thief.Welcome.SessionPresent);
        Assert.False(nobody.Welcome.SessionPresent);
        await owner.HearsNothing();
        await thief.HearsNothing();
    }

    [Fact]
    public async Task Over_a_limit_a_key_is_slowed_and_over_its_quota_it_is_told_and_nothing_is_lost_unsaid()
    {
        await using var city = await Start(Engine.Sqlite);
        var (_, city1) = await city.Key(null);
        await city.Thing(city1);
        var (_, slow) = await city.Key(null, perSecond: 5);
        await using var slowed = await MqttClient.Connect(city.City, user: slow);
        var started = TimeProvider.System.GetTimestamp();
        for (ushort id = 1; id <= 55; id++)
        {
            await slowed.SendPublish(Observations, """{"result": 1}""", 1, id);
        }

        for (ushort id = 1; id <= 55; id++)
        {
            Assert.Equal((id, Reason.Success), (await slowed.Next<AckPacket>()) is var ack ? (ack.Id, ack.Reason) : default);
        }

        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0.5, 30);

        var (_, scarce) = await city.Key(null, perDay: 2);
        await using var modern = await MqttClient.Connect(city.City, user: scarce);
        Assert.Equal(Reason.Success, (await modern.Publish(Observations, """{"result": 1}""")).Reason);
        Assert.Equal(Reason.Success, (await modern.Publish(Observations, """{"result": 1}""")).Reason);
        Assert.Equal(Reason.QuotaExceeded, (await modern.Publish(Observations, """{"result": 1}""")).Reason);
        await modern.SendPublish(Observations, """{"result": 1}""", 0);
        Assert.Equal(Reason.QuotaExceeded, await modern.End());
        await using var late = await MqttClient.Connect(city.City, MqttVersion.V311, user: scarce);
        await late.SendPublish(Observations, """{"result": 1}""");
        Assert.Null(await late.End());
    }

    [Theory, BothEngines]
    public async Task Who_came_in_and_who_was_refused_stands_in_the_record_a_bounded_number_of_times(Engine engine)
    {
        await using var city = await Start(engine);
        await city.Give("rae", "auditor", null);
        var (id, secret) = await city.Key(null);
        await city.Thing(secret);
        await using var client = await MqttClient.Connect(city.City, user: secret);
        await client.Publish(Observations, """{"result": 1}""");
        for (var time = 0; time < 20; time++)
        {
            await using var wrong = await MqttClient.Open(city.City, MqttVersion.V5);
            await wrong.Connect(user: id, password: "wrong");
        }

        await using var nobody = await MqttClient.Connect(city.City);
        await nobody.Publish(Observations, """{"result": 1}""");
        JsonArray? found = null;
        for (var tries = 0; tries < 100 && found?.Count(entry => ((string)entry!["kind"]!).StartsWith("mqtt", StringComparison.Ordinal)) is not 3; tries++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            found = (await ClosedCity.Send(city.As("rae"), HttpMethod.Get, "/api/audit", null, HttpStatusCode.OK))!["entries"]!.AsArray();
        }

        var told = found!.Where(entry => entry!["kind"] is { } kind && ((string)kind!).StartsWith("mqtt", StringComparison.Ordinal)).Select(entry => $"{entry!["action"]} {entry["kind"]} {entry["result"]}").Order(StringComparer.Ordinal);
        Assert.Equal(["login.mqtt mqtt done", "refusal mqtt-134 refused", "refusal mqtt-135 refused"], told);
        Assert.DoesNotContain(found!, entry => entry!.ToJsonString().Contains(secret[^20..], StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_address_and_all_together_have_so_many_connections()
    {
        await using var sta = await MqttCity.Start(Engine.Sqlite, settings => settings["Mqtt:MaxConnections"] = "2");
        await using var one = await MqttClient.Connect(sta.City);
        await using (await MqttClient.Connect(sta.City))
        {
            await using var three = await MqttClient.Open(sta.City, MqttVersion.V5);
            Assert.Null(await three.End());
        }

        for (var tries = 0; ; tries++)
        {
            await using var later = await MqttClient.Open(sta.City, MqttVersion.V5);
            try
            {
                await later.Connect();
                return;
            }
            catch (Exception exception) when (exception is System.Threading.Channels.ChannelClosedException or IOException && tries < 100)
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }
    }
}
