using System.Globalization;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Laws;

namespace Madang.Tests.Sensing.Mqtt;

/// <summary>npm's mqtt against a real server, over TCP and over WebSocket.</summary>
public sealed class NodeTests
{
    private const string Script = """
        const mqtt = require(process.argv[1]);
        const [address, version, qos] = process.argv.slice(2);
        const topic = 'v1.1/Datastreams(1)/Observations';
        const client = mqtt.connect(address, { protocolVersion: Number(version), clean: true, clientId: 'node-' + version + qos, reconnectPeriod: 0 });
        client.on('error', error => { console.log('ERROR ' + error.message); process.exit(1); });
        client.on('connect', () => client.subscribe(topic + '?$select=result', { qos: Number(qos) }, (error, granted) => {
          console.log('granted ' + granted[0].qos);
          for (let number = 1; number <= 50; number++) {
            client.publish(topic, JSON.stringify({ result: number }), { qos: Number(qos) }, error => { if (error) { console.log('ERROR ' + error.message); } });
          }
        }));
        let heard = 0;
        client.on('message', (from, payload) => { if (++heard === 50) { console.log('heard ' + payload); client.end(false, {}, () => process.exit(0)); } });
        """;

    [Theory]
    [InlineData(4, 0)]
    [InlineData(4, 1)]
    [InlineData(4, 2)]
    [InlineData(5, 0)]
    [InlineData(5, 1)]
    [InlineData(5, 2)]
    public async Task Npms_mqtt_publishes_and_hears_over_TCP_and_WebSocket(int version, int qos)
    {
        var package = new[] { Path.Combine(House.Root, "src/Web/node_modules/mqtt"), Environment.GetEnvironmentVariable("MADANG_NPM_MQTT") ?? "" }.FirstOrDefault(Directory.Exists);
        if (package is null)
        {
            Assert.Skip("npm's mqtt is not installed in src/Web/node_modules.");
        }

        await using var store = await TestStore.Create(Engine.Sqlite);
        var settings = store.Settings.Where(setting => setting.Value is not null).ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value!);
        await using var server = RealServer.Start(settings, "serve", "--open", "--urls", "http://127.0.0.1:0", "--mqtt", "127.0.0.1:0");
        await server.UntilServing();
        using var web = new HttpClient { BaseAddress = server.Url };
        (await web.PostAsync("/sta/v1.1/Things", new StringContent(Sta.Thing(), System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        foreach (var address in (string[])[$"mqtt://{server.MqttAddress()}", $"ws://{server.Url.Authority}/mqtt"])
        {
            var (code, said) = await Peer.Run("node", "-e", Script, package, address, version.ToString(CultureInfo.InvariantCulture), qos.ToString(CultureInfo.InvariantCulture));
            Assert.True(code == 0, said + server.Output);
            Assert.Equal($"granted {qos}\nheard {{\"result\":50}}", said.Trim());
        }
    }
}
