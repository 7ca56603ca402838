using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Madang.Sensing.Doors;

/// <summary>
/// The part of JSONPath (RFC 9535) that a payload needs: <c>$</c> is the payload, <c>@</c> (or nothing) the record, then
/// <c>.name</c>, <c>['name']</c> and <c>[0]</c>. <c>[*]</c> stands at the end alone, and only where records are meant.
/// </summary>
internal sealed partial class JsonPath
{
    private readonly IReadOnlyList<object> steps;

    private JsonPath(bool isFromRoot, bool isEach, IReadOnlyList<object> steps) => (IsFromRoot, IsEach, this.steps) = (isFromRoot, isEach, steps);

    /// <summary>The whole payload.</summary>
    public static JsonPath Root { get; } = new(true, false, []);

    /// <summary>True for a path from the payload's root, false for one from the record.</summary>
    public bool IsFromRoot { get; }

    /// <summary>True when every item of the array there is meant.</summary>
    public bool IsEach { get; }

    /// <summary>Reads a path; null when it is none.</summary>
    public static JsonPath? TryParse(string text)
    {
        if (!Shape().IsMatch(text))
        {
            return null;
        }

        var isEach = text.EndsWith("[*]", StringComparison.Ordinal);
        var steps = new List<object>();
        var path = (isEach ? text[..^3] : text) switch { ['$' or '@', .. var rest] => rest, ['[', ..] bare => bare, var bare => "." + bare };
        foreach (Match match in Step().Matches(path))
        {
            if (match.Groups["index"] is { Success: true } index)
            {
                steps.Add(int.Parse(index.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture));
            }
            else
            {
                steps.Add(match.Groups["name"].Success ? match.Groups["name"].Value : match.Groups["quoted"].Value);
            }
        }

        return new JsonPath(text[0] == '$', isEach, steps);
    }

    /// <summary>What stands there; null when nothing does.</summary>
    public JsonElement? Find(JsonElement from)
    {
        foreach (var step in steps)
        {
            if (step is string name)
            {
                if (from.ValueKind != JsonValueKind.Object || !from.TryGetProperty(name, out from))
                {
                    return null;
                }
            }
            else if (from.ValueKind == JsonValueKind.Array && (int)step < from.GetArrayLength())
            {
                from = from[(int)step];
            }
            else
            {
                return null;
            }
        }

        return from;
    }

    /// <summary>Writes the payload again with one record alone in the place of all: what is kept can be sent once more as it is.</summary>
    public void WriteWith(Utf8JsonWriter json, JsonElement root, JsonElement record) => Write(json, root, record, 0);

    private void Write(Utf8JsonWriter json, JsonElement at, JsonElement record, int depth)
    {
        if (depth == steps.Count)
        {
            json.WriteStartArray();
            record.WriteTo(json);
            json.WriteEndArray();
        }
        else if (steps[depth] is string name)
        {
            json.WriteStartObject();
            foreach (var member in at.EnumerateObject())
            {
                json.WritePropertyName(member.Name);
                WriteMember(json, member.Value, record, depth, member.Name == name);
            }

            json.WriteEndObject();
        }
        else
        {
            json.WriteStartArray();
            var index = 0;
            foreach (var item in at.EnumerateArray())
            {
                WriteMember(json, item, record, depth, index++ == (int)steps[depth]);
            }

            json.WriteEndArray();
        }
    }

    private void WriteMember(Utf8JsonWriter json, JsonElement value, JsonElement record, int depth, bool isOnTheWay)
    {
        if (isOnTheWay)
        {
            Write(json, value, record, depth + 1);
        }
        else
        {
            value.WriteTo(json);
        }
    }

    [GeneratedRegex(@"^(?:[$@]|\['[^']+'\]|[^\s.\[\]'$@][^.\[\]']*)(?:\.[^\s.\[\]'][^.\[\]']*|\[\d{1,6}\]|\['[^']+'\])*(?:\[\*\])?$", RegexOptions.NonBacktracking)]
    private static partial Regex Shape();

    [GeneratedRegex(@"\.(?<name>[^.\[\]']+)|\[(?<index>\d+)\]|\['(?<quoted>[^']+)'\]")]
    private static partial Regex Step();
}
