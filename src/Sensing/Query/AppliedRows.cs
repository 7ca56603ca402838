using System.Text.Json;

namespace Madang.Sensing.Query;

/// <summary>The rows that <c>$apply</c> gave: a value for each name.</summary>
internal sealed record AppliedRows(IReadOnlyList<string> Names, IReadOnlyList<IReadOnlyList<object?>> Rows, bool FromRollups)
{
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        if (FromRollups)
        {
            json.WriteBoolean("@madang.fromRollups", true);
        }

        json.WriteStartArray("value");
        foreach (var row in Rows)
        {
            json.WriteStartObject();
            foreach (var (name, value) in Names.Zip(row))
            {
                json.WritePropertyName(name);
                JsonSerializer.Serialize(json, value);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
