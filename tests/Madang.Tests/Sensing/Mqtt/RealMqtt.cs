using System.Net;
using System.Text.RegularExpressions;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Mqtt;

/// <summary>Where a server that is a process of its own listens for MQTT.</summary>
internal static partial class RealMqtt
{
    public static IPEndPoint MqttAddress(this RealServer server) => IPEndPoint.Parse(Listening().Match(server.Output).Groups[1].Value);

    [GeneratedRegex(@"MQTT listens on ([\d.:]+), without TLS")]
    private static partial Regex Listening();
}
