using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Madang.Kernel;

namespace Madang.Trust.Privacy;

/// <summary>A row as an object of the export. A column <c>@made</c> is a moment in microseconds and told as ISO 8601; <c>data</c> is a passkey.</summary>
internal static class ExportRow
{
    /// <summary>What of a passkey is told: never the key.</summary>
    private static readonly string[] Told = ["Name", "CreatedAt", "IsBackedUp", "Transports"];

    private static readonly HashSet<string> Flags = ["emailConfirmed", "demo"];

    public static void Write(Utf8JsonWriter json, IDictionary<string, object?> row)
    {
        json.WriteStartObject();
        foreach (var (name, value) in row.Where(cell => cell.Value is not null))
        {
            if (name == "data")
            {
                WritePasskey(json, (string)value!);
            }
            else if (name[0] == '@')
            {
                json.WriteString(name[1..], IsoTime.Write(IsoTime.FromMicros(Convert.ToInt64(value, CultureInfo.InvariantCulture))));
            }
            else
            {
                WriteValue(json, name, value!);
            }
        }

        json.WriteEndObject();
    }

    /// <summary>By hand, for the serializer would flush what the response takes only asynchronously.</summary>
    private static void WriteValue(Utf8JsonWriter json, string name, object value)
    {
        if (Flags.Contains(name))
        {
            json.WriteBoolean(name, Convert.ToBoolean(value, CultureInfo.InvariantCulture));
        }
        else if (value is string text)
        {
            json.WriteString(name, text);
        }
        else
        {
            json.WriteNumber(name, Convert.ToInt64(value, CultureInfo.InvariantCulture));
        }
    }

    private static void WritePasskey(Utf8JsonWriter json, string data)
    {
        foreach (var (name, value) in JsonNode.Parse(data)!.AsObject().Where(part => Told.Contains(part.Key)))
        {
            json.WritePropertyName(JsonNamingPolicy.CamelCase.ConvertName(name));
            (value ?? JsonValue.Create("")).WriteTo(json);
        }
    }
}
