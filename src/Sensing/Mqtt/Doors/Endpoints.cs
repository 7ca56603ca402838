using System.Text.Json;

namespace Madang.Sensing.Mqtt.Doors;

/// <summary>Tells clients of the web where MQTT is spoken (OGC 18-088, 9.2.1: <c>endpoints</c> beside the requirements).</summary>
internal static class Endpoints
{
    private static readonly string[] Requirements =
    [
        "http://www.opengis.net/spec/iot_sensing/1.1/req/create-observations-via-mqtt/observations-creation",
        "http://www.opengis.net/spec/iot_sensing/1.1/req/receive-updates-via-mqtt/receive-updates",
    ];

    /// <summary>Writes the members of <c>serverSettings</c>; <paramref name="root"/> is the address of a service root.</summary>
    public static void Write(Utf8JsonWriter json, string root, MqttOptions options)
    {
        var web = new Uri(root);
        foreach (var requirement in Requirements)
        {
            json.WriteStartObject(requirement);
            json.WriteStartArray("endpoints");
            Write(json, "mqtt", web.Host, options.Listen);
            Write(json, "mqtts", web.Host, options.ListenTls);
            json.WriteStringValue($"{(web.Scheme == Uri.UriSchemeHttps ? "wss" : "ws")}://{web.Authority}{WebSocketDoor.Path}");
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    private static void Write(Utf8JsonWriter json, string scheme, string host, string? listen)
    {
        if (!string.IsNullOrWhiteSpace(listen))
        {
            json.WriteStringValue($"{scheme}://{host}{listen[listen.LastIndexOf(':')..]}");
        }
    }
}
