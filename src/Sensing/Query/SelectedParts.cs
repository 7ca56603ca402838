using System.Text.Json;

namespace Madang.Sensing.Query;

/// <summary>
/// The parts of one JSON value that <c>$select</c> names. What is written keeps its nesting; of a list each element has its
/// parts, and what is not there is left out.
/// </summary>
internal sealed class SelectedParts
{
    /// <summary>By member: its own parts, or null for the whole of it.</summary>
    private readonly Dictionary<string, SelectedParts?> members = new(StringComparer.Ordinal);

    public void Add(IEnumerable<string> path)
    {
        var name = path.First();
        var rest = path.Skip(1);
        if (!rest.Any())
        {
            members[name] = null;
        }
        else if (!members.TryGetValue(name, out var inner))
        {
            members[name] = inner = new SelectedParts();
            inner.Add(rest);
        }
        else
        {
            inner?.Add(rest);
        }
    }

    /// <summary>Writes the parts of a JSON text; of one that is neither an object nor a list, nothing but <c>null</c>.</summary>
    public void Write(Utf8JsonWriter json, string text)
    {
        using var document = JsonDocument.Parse(text);
        if (IsNested(document.RootElement))
        {
            Write(json, document.RootElement);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    private void Write(Utf8JsonWriter json, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            json.WriteStartArray();
            foreach (var element in value.EnumerateArray().Where(IsNested))
            {
                Write(json, element);
            }

            json.WriteEndArray();
            return;
        }

        json.WriteStartObject();
        foreach (var member in value.EnumerateObject())
        {
            if (!members.TryGetValue(member.Name, out var inner) || (inner is not null && !IsNested(member.Value)))
            {
                continue;
            }

            json.WritePropertyName(member.Name);
            if (inner is null)
            {
                json.WriteRawValue(member.Value.GetRawText(), skipInputValidation: true);
            }
            else
            {
                inner.Write(json, member.Value);
            }
        }

        json.WriteEndObject();
    }

    private static bool IsNested(JsonElement value) => value.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
}
