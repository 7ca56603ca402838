using System.Text.Encodings.Web;
using System.Text.Json;

namespace Madang.Import.City;

/// <summary>JSON bodies, the same bytes for the same content.</summary>
internal static class Json
{
    private static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Written))
        {
            write(json);
        }

        return stream.ToArray();
    }

    public static void WriteObject(this Utf8JsonWriter json, string name, Action write)
    {
        json.WriteStartObject(name);
        write();
        json.WriteEndObject();
    }

    /// <summary>Writes a list of one object.</summary>
    public static void WriteListOfOne(this Utf8JsonWriter json, string name, Action write)
    {
        json.WriteStartArray(name);
        json.WriteStartObject();
        write();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    public static void WriteReference(this Utf8JsonWriter json, string name, long id) => json.WriteObject(name, () => json.WriteNumber("@iot.id", id));

    /// <summary>A text inside an entity's properties; null when it is not there.</summary>
    public static string? Property(JsonElement entity, string name) =>
        entity.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object
        && properties.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
