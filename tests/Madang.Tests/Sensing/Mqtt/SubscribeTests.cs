using System.Globalization;
using Madang.Sensing.Mqtt.Packets;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing.Conformance;

namespace Madang.Tests.Sensing.Mqtt;

/// <summary>Hearing of updates (OGC 18-088, clause 14: receive-updates-via-mqtt/receive-updates).</summary>
[Requirement(Requirements.Sensing + "receive-updates-via-mqtt/receive-updates")]
public sealed class SubscribeTests
{
    [Theory, MemberData(nameof(MqttCity.EnginesAndVersions), MemberType = typeof(MqttCity))]
    public async Task A_new_Observation_comes_as_HTTP_gives_it_to_each_who_watches_a_set_it_is_in(Engine engine, int level)
    {
        await using var sta = await MqttCity.Start(engine, settings => settings["Sensing:PublicUrl"] = "http://localhost");
        var second = await sta.CreateDatastream("종로 2");
        await using var all = await MqttClient.Connect(sta.City, (MqttVersion)level);
        await using var one = await MqttClient.Connect(sta.City, (MqttVersion)level);
        Assert.Equal([1], await all.Subscribe(1, "v1.1/Observations"));
        Assert.Equal([2], await one.Subscribe(2, "v1.1/Datastreams(1)/Observations"));
        await sta.Post("Datastreams(1)/Observations", """{"result": 1.50, "phenomenonTime": "2026-07-19T00:00:00Z", "resultQuality": {"a": "가"}, "parameters": {"p": 1}}""");
        await sta.Observe(second, (1, 2));
        var (topic, heard) = await all.Message();
        Assert.Equal("v1.1/Observations", topic);
        Assert.Equal((await sta.Get("Observations(1)")).ToJsonString(), heard.ToJsonString());
        Assert.Equal(2, (double)(await all.Message()).Json["result"]!);
        Assert.Equal(("v1.1/Datastreams(1)/Observations", heard.ToJsonString()), (await one.Message()) is var message ? (message.Topic, message.Json.ToJsonString()) : default);
        await one.HearsNothing();
    }

    [Theory, BothEngines]
    public async Task Sets_entities_properties_and_parts_are_heard_of_when_they_change(Engine engine)
    {
        await using var sta = await MqttCity.Start(engine);
        await using var client = await MqttClient.Connect(sta.City);
        Assert.Equal([0, 0, 0, 0, 0], await client.Subscribe(0, "v1.1/Things", "v1.1/Things(1)", "v1.1/Things(1)/name", "v1.1/Things(1)?$select=description,name", "v1.1/Things(1)/properties"));
        await sta.Patch("Things(1)", """{"name": "새 이름"}""");
        var heard = await Messages(client, 4);
        Assert.Equal("새 이름", (string)heard["v1.1/Things"]["name"]!);
        Assert.Equal((await sta.Get("Things(1)"))["description"]!.ToString(), (string)heard["v1.1/Things(1)"]["description"]!);
        Assert.Equal("""{"name":"새 이름"}""", Text(heard["v1.1/Things(1)/name"]));
        Assert.Equal("""{"name":"새 이름","description":"S-DoT"}""", Text(heard["v1.1/Things(1)?$select=description,name"]));
        await client.HearsNothing();

        await sta.Post("Things", Sta.Thing("종로 2"));
        Assert.Equal("종로 2", (string)(await client.Message()).Json["name"]!);
        await client.HearsNothing();
    }

    [Theory, BothEngines]
    public async Task What_a_relation_leads_to_is_heard_of_and_so_is_what_Observations_change_about_their_Datastream(Engine engine)
    {
        await using var sta = await MqttCity.Start(engine);
        await using var client = await MqttClient.Connect(sta.City);
        Assert.Equal([1, 1, 1], await client.Subscribe(1, "v1.1/Things(1)/Datastreams", "v1.1/Datastreams(1)/phenomenonTime", "v1.1/Things(1)/Datastreams(1)/Observations?$select=result"));
        await sta.Post("Things(1)/Datastreams", Sta.Datastream("o3"));
        Assert.Equal(("v1.1/Things(1)/Datastreams", "o3"), (await client.Message()) is var made ? (made.Topic, (string)made.Json["name"]!) : default);
        await sta.Post("Things", Sta.Thing("종로 2"));
        await sta.Post("Datastreams(1)/Observations", """{"result": 1, "phenomenonTime": "2026-07-19T00:00:00Z"}""");
        var heard = await Messages(client, 2);
        Assert.Equal("""{"result":1}""", Text(heard["v1.1/Things(1)/Datastreams(1)/Observations?$select=result"]));
        Assert.Equal("""{"phenomenonTime":"2026-07-19T00:00:00.000Z/2026-07-19T00:00:00.000Z"}""", Text(heard["v1.1/Datastreams(1)/phenomenonTime"]));
        await sta.Post("Datastreams(1)/Observations", """{"result": 2, "phenomenonTime": "2026-07-19T00:00:00Z"}""");
        Assert.Equal("v1.1/Things(1)/Datastreams(1)/Observations?$select=result", (await client.Message()).Topic);
        await client.HearsNothing();
    }

    [Theory, BothEngines]
    public async Task A_Thing_that_is_put_at_another_Location_tells_whoever_watches_where_it_is(Engine engine)
    {
        await using var sta = await MqttCity.Start(engine);
        var elsewhere = await sta.Create("Locations", """{ "name": "부산", "description": "d", "encodingType": "application/geo+json", "location": { "type": "Point", "coordinates": [129.07, 35.18] } }""");
        await using var client = await MqttClient.Connect(sta.City);
        await client.Subscribe(1, "v1.1/Things(1)/Locations?$select=name", "v1.1/Locations");
        await using var wild = await MqttClient.Connect(sta.City);
        await wild.Subscribe(1, "v1.1/Things(1)/Locations/#");

        await sta.Patch("Things(1)", $$"""{ "Locations": [{ "@iot.id": {{elsewhere}} }] }""");
        Assert.Equal(("v1.1/Things(1)/Locations?$select=name", """{"name":"부산"}"""), await client.Message() is var told ? (told.Topic, Text(told.Json)) : default);
        Assert.Equal("v1.1/Things(1)/Locations", (await wild.Message()).Topic);
        await sta.Patch("Things(1)", """{ "description": "else" }""");
        await client.HearsNothing();
        await wild.HearsNothing();
        await sta.Delete("Things(1)");
        await client.HearsNothing();
    }

    [Theory, BothEngines]
    public async Task A_deep_insert_tells_of_everything_that_was_made(Engine engine)
    {
        await using var sta = await MqttCity.Start(engine);
        await using var client = await MqttClient.Connect(sta.City);
        await client.Subscribe(1, "v1.1/Things", "v1.1/Locations", "v1.1/Datastreams", "v1.1/Sensors", "v1.1/ObservedProperties", "v1.1/Observations", "v1.1/HistoricalLocations");
        await sta.Post("Things", Sta.Thing("종로 2").Replace("\"name\": \"pm25\"", "\"Observations\": [{\"result\": 5}], \"name\": \"pm25\"", StringComparison.Ordinal));
        var heard = await Messages(client, 7);
        Assert.Equal(5, (double)heard["v1.1/Observations"]["result"]!);
        Assert.Equal("종로 2", (string)heard["v1.1/Things"]["name"]!);
        await client.HearsNothing();
    }

    [Theory]
    [InlineData("v1.1/#", "v1.1/Datastreams(1)/Observations,v1.1/FeaturesOfInterest(1)/Observations,v1.1/Observations")]
    [InlineData("#", "v1.1/Datastreams(1)/Observations,v1.1/FeaturesOfInterest(1)/Observations,v1.1/Observations")]
    [InlineData("v1.1/+", "v1.1/Observations")]
    [InlineData("v1.1/+/Observations", "v1.1/Datastreams(1)/Observations,v1.1/FeaturesOfInterest(1)/Observations")]
    [InlineData("+/Observations/#", "v1.1/Observations")]
    [InlineData("v1.1/Datastreams(1)/+", "v1.1/Datastreams(1)/Observations")]
    [InlineData("v1.1/Datastreams(2)/+", "")]
    [InlineData("v1.0/+", "v1.0/Observations")]
    [InlineData("sta/v1.1/Observations/#", "sta/v1.1/Observations")]
    public async Task A_wildcard_stands_for_every_topic_under_which_an_update_is_published(string filter, string topics)
    {
        await using var sta = await MqttCity.Start(Engine.Sqlite);
        await using var client = await MqttClient.Connect(sta.City, MqttVersion.V311);
        Assert.Equal([0], await client.Subscribe(0, filter));
        await sta.Post("Datastreams(1)/Observations", """{"result": 1}""");
        await sta.Post("Things", """{"name": "x", "description": "d"}""");
        var heard = new List<string>();
        while (heard.Count < (topics.Length == 0 ? 0 : topics.Split(',').Length))
        {
            var (topic, _) = await client.Message();
            if (topic.EndsWith("Observations", StringComparison.Ordinal))
            {
                heard.Add(topic);
            }
        }

        Assert.Equal(topics, string.Join(',', heard.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("v1.1/Nothings", "TopicFilterInvalid")]
    [InlineData("v1.1/Things(9)", "TopicFilterInvalid")]
    [InlineData("v1.1/Things(9)/Datastreams", "TopicFilterInvalid")]
    [InlineData("v1.1/Things(1)/nothing", "TopicFilterInvalid")]
    [InlineData("v1.1/Things(1)/name/$value", "TopicFilterInvalid")]
    [InlineData("v1.1/Things?$select=nothing", "TopicFilterInvalid")]
    [InlineData("v1.1/Things?$top=1", "TopicFilterInvalid")]
    [InlineData("v1.1/Things?select", "TopicFilterInvalid")]
    [InlineData("v1.1", "TopicFilterInvalid")]
    [InlineData("v2.0/Things", "TopicFilterInvalid")]
    [InlineData("home/#", "TopicFilterInvalid")]
    [InlineData("v1.1/Datastreams(+)/Observations", "TopicFilterInvalid")]
    [InlineData("v1.1/#/Things", "TopicFilterInvalid")]
    [InlineData("$share/group/v1.1/Things", "SharedSubscriptionsNotSupported")]
    public async Task A_topic_that_no_resource_has_is_refused_with_its_reason(string filter, string reason)
    {
        await using var sta = await MqttCity.Start(Engine.Sqlite);
        await using var client = await MqttClient.Connect(sta.City);
        await client.Send(new SubscribePacket(3, [new AskedSubscription(filter, 1), new AskedSubscription("v1.1/Things", 1)]));
        var answer = await client.Next<CodesPacket>();
        Assert.Equal([(byte)Enum.Parse<Reason>(reason), 1], answer.Codes);
        Assert.StartsWith(filter + ":", answer.Properties.Text(PropertyId.ReasonString), StringComparison.Ordinal);
        await using var old = await MqttClient.Connect(sta.City, MqttVersion.V311);
        Assert.Equal([0x80], await old.Subscribe(1, filter));
    }

    [Fact]
    public async Task Options_of_5_are_kept_no_local_and_identifiers()
    {
        await using var sta = await MqttCity.Start(Engine.Sqlite);
        await using var mine = await MqttClient.Connect(sta.City);
        await mine.Send(new SubscribePacket(3, [new AskedSubscription("v1.1/Observations", 0b101)]) { Properties = new Properties().Add(PropertyId.SubscriptionIdentifier, 300) });
        await mine.Next<CodesPacket>();
        await mine.Publish("v1.1/Datastreams(1)/Observations", """{"result": 1}""");
        await sta.Post("Datastreams(1)/Observations", """{"result": 2}""");
        var heard = await mine.Next<PublishPacket>();
        Assert.Equal(300u, heard.Properties.Number(PropertyId.SubscriptionIdentifier));
        Assert.Contains("\"result\":2", System.Text.Encoding.UTF8.GetString(heard.Payload.FirstSpan), StringComparison.Ordinal);
        await mine.HearsNothing();
    }

    [Fact]
    public async Task What_is_unsubscribed_is_heard_no_more_and_nothing_is_queued_for_nobody()
    {
        await using var sta = await MqttCity.Start(Engine.Sqlite);
        await using var client = await MqttClient.Connect(sta.City);
        await client.Subscribe(1, "v1.1/Observations", "v1.1/+/Observations");
        await client.Send(new UnsubscribePacket(4, ["v1.1/Observations", "v1.1/Things", "v1.1/+/Observations"]));
        Assert.Equal([0, (byte)Reason.NoSubscriptionExisted, 0], (await client.Next<CodesPacket>()).Codes);
        var feed = (Madang.Sensing.Changes.ChangeFeed)sta.City.Services.GetService(typeof(Madang.Sensing.Changes.ChangeFeed))!;
        Assert.False(feed.IsHeard);
        await sta.Post("Datastreams(1)/Observations", """{"result": 1}""");
        await client.HearsNothing();
        await client.Subscribe(1, "v1.1/Observations");
        Assert.True(feed.IsHeard);
    }

    [Fact]
    public async Task A_thousand_Observations_in_one_request_come_in_their_order()
    {
        await using var sta = await MqttCity.Start(Engine.Sqlite, settings => settings["Mqtt:SessionMessages"] = "2000");
        await using var client = await MqttClient.Connect(sta.City, MqttVersion.V311, receiveMaximum: 10);
        await client.Subscribe(1, "v1.1/Observations?$select=result");
        await sta.Observe(1, [.. Enumerable.Range(0, 1000).Select(number => (number, (double)number))]);
        for (var number = 0; number < 1000; number++)
        {
            Assert.Equal(number.ToString(CultureInfo.InvariantCulture), (await client.Message()).Json["result"]!.ToString());
        }
    }

    private static string Text(System.Text.Json.Nodes.JsonNode json) => json.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static async Task<Dictionary<string, System.Text.Json.Nodes.JsonNode>> Messages(MqttClient client, int count)
    {
        var heard = new Dictionary<string, System.Text.Json.Nodes.JsonNode>();
        for (var number = 0; number < count; number++)
        {
            var (topic, json) = await client.Message();
            Assert.True(heard.TryAdd(topic, json), $"{topic} came twice");
        }

        return heard;
    }
}
