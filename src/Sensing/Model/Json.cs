using System.Text.Json;
using Madang.Kernel;

namespace Madang.Sensing.Model;

/// <summary>JSON values as the properties of an entity; each error names the field.</summary>
internal static class Json
{
    public static string Join(string path, string member) => path.Length == 0 ? member : $"{path}.{member}";

    public static string Text(JsonElement json, string field)
    {
        var text = json.ValueKind == JsonValueKind.String ? Decoded(json, field) : throw new InvalidInputException(field, $"must be text, not {Kind(json)}");
        return text.Contains('\0', StringComparison.Ordinal) ? throw new InvalidInputException(field, "contains the character NUL") : text;
    }

    public static string Object(JsonElement json, string field) =>
        json.ValueKind == JsonValueKind.Object ? Raw(json, field) : throw new InvalidInputException(field, $"must be an object, not {Kind(json)}");

    public static string Array(JsonElement json, string field) =>
        json.ValueKind == JsonValueKind.Array ? Raw(json, field) : throw new InvalidInputException(field, $"must be an array, not {Kind(json)}");

    /// <summary>The JSON as it was written, once every text and number in it is known to be one: not every escape is a character, and 1e400 is no number.</summary>
    public static string Raw(JsonElement json, string field)
    {
        Check(json, field);
        return json.GetRawText();
    }

    public static long Id(JsonElement json, string field) =>
        json.ValueKind == JsonValueKind.Number && json.TryGetInt64(out var id) ? id : throw new InvalidInputException(field, $"must be an id (a whole number), not {Kind(json)}");

    public static long Instant(JsonElement json, string field) =>
        Interval(json, field) is { End: null } instant ? instant.Start.ToMicros() : throw new InvalidInputException(field, "must be an instant, not an interval");

    public static TimeInterval Interval(JsonElement json, string field) =>
        TimeInterval.TryParse(Text(json, field), out var interval)
            ? interval
            : throw new InvalidInputException(field, $"'{Short(json.GetString()!)}' is not a time with its zone (2026-07-19T14:20:00+09:00), nor two of them as start/end");

    public static string Kind(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    private static void Check(JsonElement json, string field)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                Text(json, field);
                break;
            case JsonValueKind.Number:
                if (!json.TryGetDouble(out var number) || !double.IsFinite(number))
                {
                    throw new InvalidInputException(field, $"{json.GetRawText()} is beyond what a 64-bit number can hold");
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in json.EnumerateArray())
                {
                    Check(item, field);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in json.EnumerateObject())
                {
                    if (member.Name.Contains('\0', StringComparison.Ordinal))
                    {
                        throw new InvalidInputException(field, "contains the character NUL");
                    }

                    Check(member.Value, Join(field, member.Name));
                }

                break;
        }
    }

    private static string Decoded(JsonElement json, string field)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new InvalidInputException(field, "contains half of a surrogate pair (\\ud800 to \\udfff alone)");
        }
    }

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
