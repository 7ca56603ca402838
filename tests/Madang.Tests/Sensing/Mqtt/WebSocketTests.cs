using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using Madang.Sensing.Mqtt.Doors;
using Madang.Sensing.Mqtt.Packets;
using Madang.Storage;

namespace Madang.Tests.Sensing.Mqtt;

public sealed class WebSocketTests
{
    [Theory, InlineData(4), InlineData(5)]
    public async Task Over_WebSocket_the_same_is_spoken_in_whatever_messages_it_comes(int level)
    {
        await using var sta = await MqttCity.Start(Engine.Sqlite);
        using var socket = await Open(sta, "mqtt");
        Assert.Equal("mqtt", socket.SubProtocol);
        await using var client = MqttClient.Over(new WebSocketBytes(socket), (MqttVersion)level);
        await client.Connect();
        Assert.Equal([1], await client.Subscribe(1, "v1.1/Observations?$select=result"));
        foreach (var part in AnyPacket.Write(new PublishPacket("v1.1/Datastreams(1)/Observations", new("{\"result\": 4}"u8.ToArray()), 1, false, false, 9), (MqttVersion)level).Chunk(3))
        {
            await client.Send(part);
        }

        // Which of the two comes first is not said.
        var came = new[] { await client.Next<Packet>(), await client.Next<Packet>() };
        Assert.Equal(9, Assert.Single(came.OfType<AckPacket>()).Id);
        Assert.Equal("""{"result":4}""", Encoding.UTF8.GetString(Assert.Single(came.OfType<PublishPacket>()).Payload.ToArray()));
        await client.Send(new DisconnectPacket(Reason.Success));
        await client.End();
        await sta.Holds(4);
    }

    [Fact]
    public async Task Text_and_other_protocols_are_not_spoken()
    {
        await using var sta = await MqttCity.Start(Engine.Sqlite);
        await Assert.ThrowsAnyAsync<Exception>(() => Open(sta, "chat"));
        using var socket = await Open(sta, "mqtt");
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);
        var buffer = new byte[100];
        try
        {
            Assert.Equal(WebSocketMessageType.Close, (await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken)).MessageType);
        }
        catch (Exception exception) when (exception is WebSocketException or IOException)
        {
            // Closed without ceremony is closed too.
        }
    }

    [Fact]
    public async Task A_page_of_another_site_is_nobody_here()
    {
        await using var sta = await MqttCity.Start(Engine.Sqlite);
        foreach (var (origin, reason) in ((string?, Reason)[])[("https://evil.example", Reason.NotAuthorized), ("http://localhost", Reason.Success), (null, Reason.Success)])
        {
            using var socket = await Open(sta, "mqtt", origin);
            await using var client = MqttClient.Over(new WebSocketBytes(socket), MqttVersion.V5);
            await client.Connect();
            Assert.Equal(reason, (await client.Publish("v1.1/Datastreams(1)/Observations", """{"result": 4}""")).Reason);
            await client.Send(new DisconnectPacket(Reason.Success));
            await client.End();
        }
    }

    private static Task<WebSocket> Open(Sta sta, string protocol, string? origin = null)
    {
        var client = sta.City.Server.CreateWebSocketClient();
        client.SubProtocols.Add(protocol);
        client.ConfigureRequest = request => request.Headers.Origin = origin;
        return client.ConnectAsync(new Uri("ws://localhost/mqtt"), TestContext.Current.CancellationToken);
    }
}
