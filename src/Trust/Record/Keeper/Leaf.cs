using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Madang.Kernel;

namespace Madang.Trust.Record.Keeper;

/// <summary>An entry as the log holds it: one line of compact JSON in UTF-8, members in a fixed order, those without a value left out.</summary>
internal static class Leaf
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static byte[] Write(long moment, string action, string who, string? role, string? purpose, string? kind, string? thing, string? before, string? after, string? from, string? trace, string result)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Compact))
        {
            json.WriteStartObject();
            json.WriteString("at", IsoTime.Write(IsoTime.FromMicros(moment)));
            json.WriteString("action", action);
            json.WriteString("who", who);
            Put(json, "role", role);
            Put(json, "purpose", purpose);
            Put(json, "kind", kind);
            Put(json, "thing", thing);
            Put(json, "before", before);
            Put(json, "after", after);
            Put(json, "from", from);
            Put(json, "trace", trace);
            json.WriteString("result", result);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>True when the columns of a row say what its leaf says.</summary>
    public static bool Agrees(Row row)
    {
        try
        {
            using var leaf = JsonDocument.Parse(row.Leaf);
            var json = leaf.RootElement;
            return Get(json, "at") == IsoTime.Write(IsoTime.FromMicros(row.Moment)) && Get(json, "action") == row.Action && Get(json, "who") == row.Who && Get(json, "role") == row.Role
                && Get(json, "purpose") == row.Purpose && Get(json, "kind") == row.Kind && Get(json, "thing") == row.Thing && Get(json, "from") == row.Address
                && Get(json, "trace") == row.Trace && Get(json, "result") == row.Result;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static string? Get(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static void Put(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
