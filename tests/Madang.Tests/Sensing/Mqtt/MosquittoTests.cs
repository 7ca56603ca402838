using System.Globalization;
using Madang.Storage;

namespace Madang.Tests.Sensing.Mqtt;

/// <summary>Debian's mosquitto_pub and mosquitto_sub against a city of ours.</summary>
public sealed class MosquittoTests
{
    private const string Topic = "v1.1/Datastreams(1)/Observations";

    [Theory]
    [InlineData("mqttv311", 0)]
    [InlineData("mqttv311", 1)]
    [InlineData("mqttv311", 2)]
    [InlineData("mqttv5", 0)]
    [InlineData("mqttv5", 1)]
    [InlineData("mqttv5", 2)]
    public async Task What_mosquitto_publishes_is_stored_and_what_it_subscribes_to_comes(string version, int qos)
    {
        await using var sta = await MqttCity.Start(Engine.Sqlite);
        var port = Port(sta);
        await using var all = Peer.Start("mosquitto_sub", "-h", "127.0.0.1", "-p", port, "-V", version, "-q", $"{qos}", "-v", "-t", "v1.1/#", "-d");
        await using var some = Peer.Start("mosquitto_sub", "-h", "127.0.0.1", "-p", port, "-V", version, "-q", $"{qos}", "-v", "-t", Topic + "?$select=result", "-t", "v1.1/Things(1)/name", "-d");
        await all.Until("Subscribed (mid: 1)");
        await some.Until("Subscribed (mid: 1)");
        for (var number = 1; number <= 3; number++)
        {
            var (code, said) = await Peer.Run("mosquitto_pub", "-h", "127.0.0.1", "-p", port, "-V", version, "-q", $"{qos}", "-t", Topic, "-m", $$"""{"result": {{number}}}""");
            Assert.True(code == 0, said);
        }

        await sta.Patch("Things(1)", """{"name": "새 이름"}""");
        await some.Until(Topic + "?$select=result {\"result\":3}");
        await some.Until("v1.1/Things(1)/name {\"name\":\"새 이름\"}");
        await all.Until("v1.1/Observations {");
        await all.Until("v1.1/Things(1) {");
        await sta.UntilStored(3);
        await sta.Holds(1, 2, 3);
    }

    [Theory, InlineData("mqttv311"), InlineData("mqttv5")]
    public async Task A_session_of_mosquitto_is_resumed_with_what_came_meanwhile(string version)
    {
        await using var sta = await MqttCity.Start(Engine.Sqlite);
        string[] arguments = ["-h", "127.0.0.1", "-p", Port(sta), "-V", version, "-q", "1", "-v", "-t", Topic + "?$select=result", "-i", "dash", "-c"];
        await using (var first = Peer.Start("mosquitto_sub", [.. arguments, "-d"]))
        {
            await first.Until("Subscribed (mid: 1)");
        }

        await sta.Post("Datastreams(1)/Observations", """{"result": 7}""");
        await using var again = Peer.Start("mosquitto_sub", arguments);
        await again.Until("{\"result\":7}");
    }

    [Fact]
    public async Task The_will_of_a_mosquitto_that_is_killed_is_stored()
    {
        await using var sta = await MqttCity.Start(Engine.Sqlite);
        await using (var dies = Peer.Start("mosquitto_sub", "-h", "127.0.0.1", "-p", Port(sta), "-V", "mqttv5", "-t", "v1.1/Things", "--will-topic", Topic, "--will-payload", """{"result": -1}""", "--will-qos", "1", "-d"))
        {
            await dies.Until("Subscribed (mid: 1)");
        }

        await sta.UntilStored(1);
        await sta.Holds(-1);
    }

    [Fact]
    public async Task Mosquitto_is_told_why_it_is_refused()
    {
        await using var sta = await MqttCity.Start(Engine.Sqlite);
        var bad = await Peer.Run("mosquitto_pub", "-h", "127.0.0.1", "-p", Port(sta), "-V", "mqttv5", "-q", "1", "-t", Topic, "-m", """{"resul": 1}""");
        Assert.Contains("resul: is no property", bad.Said, StringComparison.Ordinal);
        var wrong = await Peer.Run("mosquitto_pub", "-h", "127.0.0.1", "-p", Port(sta), "-V", "mqttv5", "-u", "me", "-P", "guess", "-t", Topic, "-m", "{}");
        Assert.Contains("Bad user name or password", wrong.Said, StringComparison.OrdinalIgnoreCase);
        Assert.NotEqual(0, wrong.Code);
    }

    [Theory, InlineData("mqttv311"), InlineData("mqttv5")]
    public async Task Mosquitto_comes_in_by_TLS_and_finds_the_certificate_it_was_told_of(string version)
    {
        var folder = Directory.CreateTempSubdirectory("madang-tls-").FullName;
        try
        {
            var (certificate, key) = Certificates.Make(folder);
            await using var sta = await MqttCity.Start(Engine.Sqlite, settings => (settings["Mqtt:ListenTls"], settings["Mqtt:Certificate"], settings["Mqtt:CertificateKey"]) = ("127.0.0.1:0", certificate, key));
            var port = MqttClient.PortOf(sta.City, 1).ToString(CultureInfo.InvariantCulture);
            var (code, said) = await Peer.Run("mosquitto_pub", "-h", "localhost", "-p", port, "-V", version, "--cafile", certificate, "-q", "2", "-t", Topic, "-m", """{"result": 5}""");
            Assert.True(code == 0, said);
            await sta.Holds(5);
            var plain = await Peer.Run("mosquitto_pub", "-h", "127.0.0.1", "-p", port, "-V", version, "-q", "1", "-t", Topic, "-m", """{"result": 6}""");
            Assert.NotEqual(0, plain.Code);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Port(Sta sta) => MqttClient.PortOf(sta.City).ToString(CultureInfo.InvariantCulture);
}
