using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Madang.Sensing.Mqtt.Packets;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Mqtt;

/// <summary>MQTT of a server that is a process of its own: killed, and with many who are idle.</summary>
public sealed class ProcessTests
{
    [Theory, BothEngines]
    public async Task What_was_acknowledged_before_a_kill_is_there_exactly_once(Engine engine)
    {
        await using var store = await TestStore.Create(engine);
        var acknowledged = new ConcurrentBag<int>();
        var sent = 0;
        for (var round = 0; round < KillRounds.Number; round++)
        {
            await using var server = await Start(store, round == 0);
            var senders = Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
            {
                try
                {
                    await using var client = await Connect(server);
                    while (true)
                    {
                        var first = Interlocked.Add(ref sent, 20) - 20;
                        for (ushort id = 1; id <= 20; id++)
                        {
                            await client.SendPublish("v1.1/Datastreams(1)/Observations", $$"""{"result": {{first + id}}}""", (byte)(id % 4 == 0 ? 2 : 1), id);
                        }

                        for (var finished = 0; finished < 20;)
                        {
                            var ack = await client.Next<AckPacket>();
                            Assert.Equal(Reason.Success, ack.Reason);
                            if (ack.Kind == PacketKind.PubRec)
                            {
                                await client.Send(new AckPacket(PacketKind.PubRel, ack.Id, Reason.Success));
                            }

                            finished += ack.Kind == PacketKind.PubRec ? 0 : 1;
                            acknowledged.Add(first + ack.Id);
                        }
                    }
                }
                catch (Exception exception) when (exception is IOException or SocketException or System.Threading.Channels.ChannelClosedException or ObjectDisposedException)
                {
                    // The server was killed; what became of the rest is found out below.
                }
            })).ToArray();
            while (acknowledged.Count < (round + 1) * 300)
            {
                Assert.False(senders.Any(one => one.IsCompleted), server.Output);
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }

            await Task.Delay(Random.Shared.Next(150), TestContext.Current.CancellationToken);
            server.Kill();
            await Task.WhenAll(senders);
        }

        await using var city = await TestCity.Start(store);
        var counts = new Dictionary<int, int>();
        for (var next = "/sta/v1.1/Datastreams(1)/Observations?$select=result&$top=10000"; next is not null;)
        {
            var page = JsonNode.Parse(await city.Client.GetStringAsync(next, TestContext.Current.CancellationToken))!;
            foreach (var observation in page["value"]!.AsArray())
            {
                var number = (int)observation!["result"]!;
                counts[number] = counts.GetValueOrDefault(number) + 1;
            }

            next = (string?)page["@iot.nextLink"];
        }

        Assert.All(acknowledged, number => Assert.Equal(1, counts.GetValueOrDefault(number)));
        Assert.All(counts, one => Assert.Equal(1, one.Value));
    }

    [Fact]
    public async Task A_thousand_idle_connections_cost_under_50_MB()
    {
        await using var store = await TestStore.Create(Engine.Sqlite);
        await using var server = await Start(store, true);
        var clients = new List<MqttClient>();
        try
        {
            for (var number = 0; number < 50; number++)
            {
                clients.Add(await Subscribed(server));
            }

            var before = Resident(server);
            for (var number = 0; number < 1000; number++)
            {
                clients.Add(await Subscribed(server));
            }

            var cost = Resident(server) - before;
            TestContext.Current.SendDiagnosticMessage($"1,000 idle connections: {cost / 1024.0:0.0} MB");
            Assert.True(cost < 50 * 1024, $"1,000 idle connections cost {cost / 1024.0:0.0} MB");
        }
        finally
        {
            foreach (var client in clients)
            {
                await client.DisposeAsync();
            }
        }
    }

    private static async Task<MqttClient> Subscribed(RealServer server)
    {
        var client = await Connect(server);
        Assert.Equal([1], await client.Subscribe(1, "v1.1/Datastreams(1)/Observations"));
        return client;
    }

    private static long Resident(RealServer server) => long.Parse(
        File.ReadLines($"/proc/{server.ProcessId}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    private static async Task<MqttClient> Connect(RealServer server)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.MqttAddress(), TestContext.Current.CancellationToken);
        var client = MqttClient.Over(new NetworkStream(socket, ownsSocket: true), MqttVersion.V5);
        await client.Connect();
        return client;
    }

    private static async Task<RealServer> Start(TestStore store, bool isNew)
    {
        var settings = store.Settings.Where(setting => setting.Value is not null).ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value!);
        var server = RealServer.Start(settings, "serve", "--open", "--urls", "http://127.0.0.1:0", "--mqtt", "127.0.0.1:0");
        await server.UntilServing();
        if (isNew)
        {
            using var web = new HttpClient { BaseAddress = server.Url };
            (await web.PostAsync("/sta/v1.1/Things", new StringContent(Sta.Thing(), Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        }

        return server;
    }
}
