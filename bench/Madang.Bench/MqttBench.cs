using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Madang.Storage;

namespace Madang.Bench;

/// <summary>How fast Observations come in by MQTT with QoS 1, each acknowledged after its commit, beside the same as dataArrays over HTTP; and what idle connections cost.</summary>
internal static class MqttBench
{
    private const int Rounds = 3, Clients = 50, InFlight = 100, Idle = 1_000;

    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(5), Measured = TimeSpan.FromSeconds(8);

    public static async Task<int> Run(Arguments arguments)
    {
        Machine.Describe("./madang bench mqtt");
        var work = new Workload(datastreams: Clients, arguments.Number("--rows", 400_000), rowsPerRequest: 5_000);
        Machine.Row("Observations by MQTT", "engine", "Madang /s", "baseline /s", "ratio (median of 3)", "asked");
        Machine.Row("---", "---", "---:", "---:", "---:", "---:");
        foreach (var engine in arguments.Engines)
        {
            await using var postgres = engine == Engine.Postgres ? await Postgres.Start() : null;
            await Publish(engine, postgres, work);
        }

        await IdleConnections();
        return 0;
    }

    private static async Task Publish(Engine engine, Postgres? postgres, Workload work)
    {
        var rounds = new List<(double Ours, double Arrays)>();
        for (var round = 0; round < Rounds; round++)
        {
            var arrays = await WithCity(postgres, async (city, _) =>
            {
                var clock = Stopwatch.StartNew();
                var first = await work.Create(city.Url);
                clock.Restart();
                using var client = new RawClient(city.Url);
                foreach (var body in work.Bodies(first))
                {
                    Expect(await client.Send(RawClient.Post(city.Url, "/sta/v1.1/CreateObservations", body)) == 201, "a dataArray was refused");
                }

                return work.Rows / clock.Elapsed.TotalSeconds;
            });
            var ours = await WithCity(postgres, async (city, port) => await SendAll(port, await work.Create(city.Url)));
            rounds.Add((ours, arrays));
        }

        var median = rounds.OrderBy(round => round.Ours / round.Arrays).ElementAt(Rounds / 2);
        Machine.Row($"QoS 1, {Clients} clients with {InFlight} in flight, beside dataArrays of 5,000", engine, median.Ours, median.Arrays, median.Ours / median.Arrays, "≥ 20,000 /s");
    }

    private static async Task IdleConnections()
    {
        var cost = await WithCity(null, async (city, port) =>
        {
            await new Workload(1, 0, 1).Create(city.Url);
            var connections = new List<Socket>();
            connections.AddRange(await Open(port, 50));
            var before = city.ResidentMegabytes;
            connections.AddRange(await Open(port, Idle));
            var after = city.ResidentMegabytes;
            connections.ForEach(connection => connection.Dispose());
            return after - before;
        });
        Console.WriteLine();
        Machine.Row("Idle connections", "MiB", "asked");
        Machine.Row("---", "---:", "---:");
        Machine.Row($"{Idle:N0} connections with a subscription each", cost, "< 50");
    }

    private static async Task<double> WithCity(Postgres? postgres, Func<Served, int, Task<double>> measure)
    {
        var folder = Directory.CreateTempSubdirectory("madang-bench-").FullName;
        try
        {
            var port = Served.FreePort();
            string[] mqtt = ["--mqtt", $"127.0.0.1:{port}"];
            await using var city = await (postgres is null ? Served.City(["--data", folder, .. mqtt]) : Served.City(["--postgres", await postgres.CreateDatabase(), .. mqtt]));
            return await measure(city, port);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double> SendAll(int port, long first)
    {
        long count = 0;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(number => Task.Run(async () =>
        {
            using var socket = await Connect(port, $"bench-{number}");
            var messages = Enumerable.Range(1, InFlight).Select(id => Message(first + number, (ushort)id)).ToArray();
            await socket.SendAsync(messages.SelectMany(message => message).ToArray());
            var buffer = new byte[4096];
            var again = new List<byte>();
            var kept = 0;
            while (clock.Elapsed < Warm + Measured)
            {
                var read = kept + await socket.ReceiveAsync(buffer.AsMemory(kept));
                var acks = read / 4;
                again.Clear();
                for (var ack = 0; ack < acks; ack++)
                {
                    Expect(buffer[ack * 4] == 0x40, "no PUBACK came");
                    again.AddRange(messages[BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan((ack * 4) + 2)) - 1]);
                }

                kept = read % 4;
                buffer.AsSpan(acks * 4, kept).CopyTo(buffer);
                if (clock.Elapsed > Warm)
                {
                    Interlocked.Add(ref count, acks);
                }

                await socket.SendAsync(again.ToArray());
            }
        })));
        return count / Measured.TotalSeconds;
    }

    private static async Task<List<Socket>> Open(int port, int count)
    {
        var opened = new List<Socket>();
        for (var number = 0; number < count; number++)
        {
            var socket = await Connect(port, $"idle-{Guid.NewGuid():N}");
            await socket.SendAsync(Packet(0x82, [0, 1, .. Text("v1.1/Datastreams(1)/Observations"), 1]));
            await Answer(socket, 5);
            opened.Add(socket);
        }

        return opened;
    }

    private static async Task<Socket> Connect(int port, string client)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        await socket.SendAsync(Packet(0x10, [.. Text("MQTT"), 4, 2, 0, 0, .. Text(client)]));
        Expect((await Answer(socket, 4))[3] == 0, "not let in");
        return socket;
    }

    private static async Task<byte[]> Answer(Socket socket, int length)
    {
        var answer = new byte[length];
        for (var read = 0; read < length;)
        {
            read += await socket.ReceiveAsync(answer.AsMemory(read)) is > 0 and var more ? more : throw new IOException("the server closed the connection");
        }

        return answer;
    }

    private static byte[] Message(long datastream, ushort id) => Packet(
        0x32, [.. Text($"v1.1/Datastreams({datastream})/Observations"), (byte)(id >> 8), (byte)id, .. Encoding.UTF8.GetBytes($$"""{"phenomenonTime":"2026-07-19T00:{{id % 60:00}}:00Z","result":{{20 + (id / 10.0):0.0}}}""")]);

    private static byte[] Packet(byte first, byte[] body) => body.Length < 128 ? [first, (byte)body.Length, .. body] : [first, (byte)((body.Length & 0x7F) | 0x80), (byte)(body.Length >> 7), .. body];

    private static byte[] Text(string text) => [(byte)(text.Length >> 8), (byte)text.Length, .. Encoding.UTF8.GetBytes(text)];

    private static void Expect(bool isGood, string otherwise)
    {
        if (!isGood)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
