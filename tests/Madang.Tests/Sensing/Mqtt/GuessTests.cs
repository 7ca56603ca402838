using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Madang.Sensing.Mqtt.Broker;
using Madang.Sensing.Mqtt.Doors;
using Madang.Sensing.Mqtt.Packets;
using Madang.Storage;
using Madang.Tests.Trust;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Madang.Tests.Sensing.Mqtt;

/// <summary>Whoever tries secrets by MQTT is held up as by HTTP, and log lines tell whose client it was.</summary>
public sealed class GuessTests
{
    private const string Observations = "v1.1/Datastreams(1)/Observations";

    private static Task<ClosedCity> Start(int perSecond) => ClosedCity.Start(Engine.Sqlite, settings: values =>
    {
        values["Mqtt:Listen"] = "127.0.0.1:0";
        values["Trust:AddressRequestsPerSecond"] = $"{perSecond}";
    });

    [Theory, InlineData(4), InlineData(5)]
    public async Task An_address_may_try_only_so_many_secrets_and_the_right_one_waits_too(int level)
    {
        await using var city = await Start(1);
        var (id, secret) = await city.Key(null);
        var codes = new List<byte>();
        for (var tries = 0; tries < 15; tries++)
        {
            codes.Add(await Try(city, (MqttVersion)level, "203.0.113.9", id, "wrong"));
        }

        var (wrong, full) = level == 5 ? ((byte)Reason.BadUserNameOrPassword, (byte)Reason.QuotaExceeded) : ((byte)4, (byte)3);
        Assert.Equal([wrong, full], codes.Distinct());
        Assert.InRange(codes.Count(code => code == wrong), 10, 14);
        Assert.Equal(0, await Try(city, (MqttVersion)level, "203.0.113.10", id, secret));
    }

    [Fact]
    public async Task To_come_in_uses_up_nothing_of_a_keys_day()
    {
        await using var city = await Start(0);
        var (_, all) = await city.Key(null);
        await city.Thing(all);
        var (_, scarce) = await city.Key(null, perDay: 1);
        for (var times = 0; times < 3; times++)
        {
            await using var early = await MqttClient.Connect(city.City, user: scarce);
        }

        await using var client = await MqttClient.Connect(city.City, user: scarce);
        Assert.Equal(Reason.Success, (await client.Publish(Observations, """{"result": 1}""")).Reason);
        Assert.Equal(Reason.QuotaExceeded, (await client.Publish(Observations, """{"result": 2}""")).Reason);
    }

    [Fact]
    public async Task Lines_of_the_log_tell_whose_client_it_was()
    {
        await using var city = await Start(0);
        var (id, secret) = await city.Key(null);
        await city.Thing(secret);
        using var lines = new Lines();
        city.City.Services.GetRequiredService<ILoggerFactory>().AddProvider(lines);
        await using var client = await MqttClient.Connect(city.City, client: "lamp", user: secret);
        await client.Publish(Observations, "no JSON");
        await ClosedCity.Send(city.As("root"), HttpMethod.Delete, $"/api/keys/{id}", null, HttpStatusCode.NoContent);
        await client.End();

        Assert.Contains(lines.All, line => line.StartsWith($"A message of the MQTT client lamp (key:{id}) was refused", StringComparison.Ordinal));
        Assert.Contains(lines.All, line => line.StartsWith("The MQTT connection of lamp (", StringComparison.Ordinal));
        Assert.DoesNotContain(lines.All, line => line.Contains(secret[^20..], StringComparison.Ordinal));
    }

    /// <summary>Connects as from an address that is not this machine's.</summary>
    private static async Task<byte> Try(ClosedCity city, MqttVersion version, string from, string user, string password)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var near = new TcpClient();
        await near.ConnectAsync((IPEndPoint)listener.LocalEndpoint, TestContext.Current.CancellationToken);
        using var far = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        var serving = city.City.Services.GetRequiredService<PostOffice>().Serve(StreamPipe.Of(far.GetStream()), new Madang.Sensing.Mqtt.Broker.Peer(IPAddress.Parse(from), false, null));
        byte code;
        await using (var client = MqttClient.Over(near.GetStream(), version))
        {
            code = (await client.Connect(user: user, password: password)).Code;
        }

        await serving;
        return code;
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> All { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => All.Enqueue(formatter(state, exception));

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Dispose()
        {
        }
    }
}
