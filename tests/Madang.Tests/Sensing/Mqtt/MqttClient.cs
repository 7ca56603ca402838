using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Madang.Sensing.Mqtt.Doors;
using Madang.Sensing.Mqtt.Packets;
using Madang.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Sensing.Mqtt;

/// <summary>A client that sends and hears packets one by one, so that a test can also break the protocol.</summary>
internal sealed class MqttClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Stream stream;
    private readonly Channel<Packet> heard = Channel.CreateUnbounded<Packet>();
    private readonly Task hearing;

    private MqttClient(Stream stream, MqttVersion version, bool reads)
    {
        (this.stream, Version) = (stream, version);
        hearing = reads ? Hear() : Task.CompletedTask;
    }

    public MqttVersion Version { get; }

    public ConnAckPacket Welcome { get; private set; } = null!;

    /// <summary>Where a city in the test's own process listens.</summary>
    public static int PortOf(TestCity city, int number = 0) => ((IPEndPoint)city.Services.GetRequiredService<MqttDoor>().EndPoints[number]).Port;

    public static async Task<MqttClient> Open(TestCity city, MqttVersion version, bool reads = true)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, PortOf(city), TestContext.Current.CancellationToken);
        return new MqttClient(new NetworkStream(socket, ownsSocket: true), version, reads);
    }

    public static MqttClient Over(Stream stream, MqttVersion version) => new(stream, version, reads: true);

    /// <summary>Connects and is let in.</summary>
    public static async Task<MqttClient> Connect(TestCity city, MqttVersion version = MqttVersion.V5, string client = "", bool clean = true, uint? expiry = null, string? user = null, string? password = null, WillMessage? will = null, ushort keepAlive = 0, ushort? receiveMaximum = null)
    {
        var made = await Open(city, version);
        await made.Connect(client, clean, expiry, user, password, will, keepAlive, receiveMaximum);
        Assert.Equal(0, made.Welcome.Code);
        return made;
    }

    public async Task<ConnAckPacket> Connect(string client = "", bool clean = true, uint? expiry = null, string? user = null, string? password = null, WillMessage? will = null, ushort keepAlive = 0, ushort? receiveMaximum = null)
    {
        var properties = new Properties();
        if (Version == MqttVersion.V5 && expiry is { } seconds)
        {
            properties.Add(PropertyId.SessionExpiryInterval, seconds);
        }

        if (Version == MqttVersion.V5 && receiveMaximum is { } most)
        {
            properties.Add(PropertyId.ReceiveMaximum, most);
        }

        await Send(new ConnectPacket(Version, client, clean, keepAlive) { UserName = user, Password = password is null ? null : Encoding.UTF8.GetBytes(password), Will = will, Properties = properties });
        return Welcome = await Next<ConnAckPacket>();
    }

    public async Task Send(Packet packet)
    {
        await stream.WriteAsync(AnyPacket.Write(packet, Version), TestContext.Current.CancellationToken);
        await stream.FlushAsync(TestContext.Current.CancellationToken);
    }

    public async Task Send(byte[] bytes) => await stream.WriteAsync(bytes, TestContext.Current.CancellationToken);

    public Task SendPublish(string topic, string json, byte qos = 1, ushort id = 1, bool dup = false, Properties? properties = null) =>
        Send(new PublishPacket(topic, new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json)), qos, false, dup, qos > 0 ? id : (ushort)0) { Properties = properties ?? Properties.None });

    /// <summary>Publishes and answers the reason of the acknowledgement; with QoS 2 the whole exchange.</summary>
    public async Task<(Reason Reason, string? Text)> Publish(string topic, string json, byte qos = 1, ushort id = 1)
    {
        await SendPublish(topic, json, qos, id);
        if (qos == 0)
        {
            return (Reason.Success, null);
        }

        var ack = await Next<AckPacket>();
        Assert.Equal((qos == 1 ? PacketKind.PubAck : PacketKind.PubRec, id), (ack.Kind, ack.Id));
        if (qos == 2 && ack.Reason < Reason.UnspecifiedError)
        {
            await Send(new AckPacket(PacketKind.PubRel, id, Reason.Success));
            Assert.Equal((PacketKind.PubComp, id), (await Next<AckPacket>()) is var done ? (done.Kind, done.Id) : default);
        }

        return (ack.Reason, ack.Properties.Text(PropertyId.ReasonString));
    }

    /// <summary>Subscribes and answers the codes.</summary>
    public async Task<byte[]> Subscribe(byte options, params string[] filters)
    {
        await Send(new SubscribePacket(7, [.. filters.Select(filter => new AskedSubscription(filter, options))]));
        return [.. (await Next<CodesPacket>()).Codes];
    }

    /// <summary>The next message, acknowledged as its QoS asks.</summary>
    public async Task<(string Topic, JsonNode Json)> Message()
    {
        var publish = await Next<PublishPacket>();
        if (publish.Qos == 1)
        {
            await Send(new AckPacket(PacketKind.PubAck, publish.Id, Reason.Success));
        }
        else if (publish.Qos == 2)
        {
            await Send(new AckPacket(PacketKind.PubRec, publish.Id, Reason.Success));
            Assert.Equal(PacketKind.PubRel, (await Next<AckPacket>()).Kind);
            await Send(new AckPacket(PacketKind.PubComp, publish.Id, Reason.Success));
        }

        return (publish.Topic, JsonNode.Parse(publish.Payload.ToArray())!);
    }

    public async Task<TPacket> Next<TPacket>()
        where TPacket : Packet
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        return Assert.IsAssignableFrom<TPacket>(await heard.Reader.ReadAsync(patience.Token));
    }

    /// <summary>Nothing comes before the answer to a ping.</summary>
    public async Task HearsNothing()
    {
        await Send(PingPacket.Request);
        await Next<PingPacket>();
    }

    public async Task HearsAcknowledgement() => Assert.Equal(Reason.Success, (await Next<AckPacket>()).Reason);

    /// <summary>The next packet, of one of some kinds.</summary>
    public async Task<Packet> Next(params Type[] kinds)
    {
        var packet = await Next<Packet>();
        Assert.Contains(packet.GetType(), kinds);
        return packet;
    }

    /// <summary>Waits for the end of the connection; answers the reason when one was told.</summary>
    public async Task<Reason?> End()
    {
        Reason? told = null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        await foreach (var packet in heard.Reader.ReadAllAsync(patience.Token))
        {
            told = packet is DisconnectPacket end ? end.Reason : told;
        }

        return told;
    }

    /// <summary>Goes without a word.</summary>
    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        await hearing;
    }

    private async Task Hear()
    {
        try
        {
            var reader = new PacketReader(int.MaxValue) { Version = Version };
            var bytes = new byte[64 * 1024];
            var kept = Array.Empty<byte>();
            while (await stream.ReadAsync(bytes) is > 0 and var count)
            {
                var buffer = new ReadOnlySequence<byte>([.. kept, .. bytes.AsSpan(0, count)]);
                while (reader.TryRead(ref buffer, out var packet))
                {
                    await heard.Writer.WriteAsync(packet is PublishPacket publish ? publish with { Payload = new ReadOnlySequence<byte>(publish.Payload.ToArray()) } : packet);
                }

                kept = buffer.ToArray();
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException or System.Net.WebSockets.WebSocketException)
        {
            // The connection ended.
        }

        heard.Writer.TryComplete();
    }
}
