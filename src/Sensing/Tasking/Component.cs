using System.Globalization;
using System.Text.Json;
using Madang.Kernel;
using Madang.Sensing.Model;

namespace Madang.Sensing.Tasking;

/// <summary>
/// One component of a TaskingCapability's parameters: SWE Common (OGC 08-094r1) in the JSON that Tasking Core (OGC 17-079r1,
/// 8.2.1) uses. Read from what a client described, it judges the values that Tasks bring.
/// </summary>
internal sealed class Component
{
    private const int MostFields = 100;

    private static readonly string[] Types = ["Boolean", "Text", "Category", "Count", "Quantity", "Time", "CategoryRange", "CountRange", "QuantityRange", "TimeRange", "DataRecord", "DataArray"];

    private readonly string type;
    private readonly bool isOptional;
    private readonly Dictionary<string, Component> fields = [];
    private readonly Component? element;
    private readonly AllowedValues allowed;

    private Component(JsonElement json, string path, int depth)
    {
        if (depth > 4)
        {
            throw new InvalidInputException(path, "nests deeper than four records");
        }

        type = Member(json, "type", path) is { } written ? Json.Text(written, path + ".type") : throw new InvalidInputException(path + ".type", $"is required: one of {string.Join(", ", Types)}");
        if (!Types.Contains(type))
        {
            throw new InvalidInputException(path + ".type", $"'{type}' is not known; there are {string.Join(", ", Types)}");
        }

        isOptional = Member(json, "optional", path) is { ValueKind: JsonValueKind.True };
        allowed = AllowedValues.Read(Member(json, "constraint", path), path + ".constraint");
        if (type == "DataRecord")
        {
            ReadFields(json, path, depth);
        }
        else if (type == "DataArray")
        {
            element = new Component(Member(json, "elementType", path) ?? throw new InvalidInputException(path + ".elementType", "is required"), path + ".elementType", depth + 1);
        }
    }

    /// <summary>Reads the description of all parameters, which is a DataRecord.</summary>
    public static Component Read(JsonElement json, string path)
    {
        var read = new Component(json, path, 0);
        return read.type == "DataRecord" ? read : throw new InvalidInputException(path + ".type", "must be DataRecord, with the parameters in its 'field'");
    }

    /// <summary>Refuses a value that does not fit, by name and with what would.</summary>
    public void Check(JsonElement value, string path)
    {
        switch (type)
        {
            case "DataRecord":
                CheckRecord(value, path);
                break;
            case "DataArray":
                CheckArray(value, path);
                break;
            case "CategoryRange" or "CountRange" or "QuantityRange" or "TimeRange":
                CheckRange(value, path);
                break;
            default:
                CheckOne(type, value, path);
                break;
        }
    }

    private void ReadFields(JsonElement json, string path, int depth)
    {
        if (Member(json, "field", path) is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() is 0 or > MostFields)
        {
            throw new InvalidInputException(path + ".field", $"must be an array of 1 to {MostFields} components");
        }

        var index = 0;
        foreach (var item in list.EnumerateArray())
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"{path}.field[{index++}]");
            var name = Member(item, "name", at) is { } written ? Json.Text(written, at + ".name") : throw new InvalidInputException(at + ".name", "is required");
            if (name.Length == 0 || !fields.TryAdd(name, new Component(item, at, depth + 1)))
            {
                throw new InvalidInputException(at + ".name", name.Length == 0 ? "is empty" : $"'{name}' is there twice");
            }
        }
    }

    private void CheckRecord(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidInputException(path, $"must be an object, not {Json.Kind(value)}");
        }

        foreach (var member in value.EnumerateObject())
        {
            if (!fields.TryGetValue(member.Name, out var field))
            {
                throw new InvalidInputException($"{path}.{member.Name}", $"is no parameter here; there are {string.Join(", ", fields.Keys)}");
            }

            field.Check(member.Value, $"{path}.{member.Name}");
        }

        if (fields.FirstOrDefault(field => !field.Value.isOptional && !value.TryGetProperty(field.Key, out _)).Key is { } missing)
        {
            throw new InvalidInputException($"{path}.{missing}", "is required");
        }
    }

    private void CheckArray(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            throw new InvalidInputException(path, $"must be an array, not {Json.Kind(value)}");
        }

        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            element!.Check(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]"));
        }
    }

    private void CheckRange(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != 2)
        {
            throw new InvalidInputException(path, "must be an array of two: where it begins and where it ends");
        }

        CheckOne(type[..^"Range".Length], value[0], path + "[0]");
        CheckOne(type[..^"Range".Length], value[1], path + "[1]");
    }

    private void CheckOne(string kind, JsonElement value, string path)
    {
        switch (kind)
        {
            case "Boolean" when value.ValueKind is not (JsonValueKind.True or JsonValueKind.False):
                throw new InvalidInputException(path, $"must be true or false, not {Json.Kind(value)}");
            case "Count" when value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out _):
                throw new InvalidInputException(path, "must be a whole number");
            case "Quantity" when value.ValueKind != JsonValueKind.Number:
                throw new InvalidInputException(path, $"must be a number, not {Json.Kind(value)}");
            case "Time":
                Json.Instant(value, path);
                break;
            case "Count" or "Quantity":
                allowed.CheckNumber(value, path);
                break;
            case "Text" or "Category":
                allowed.CheckText(Json.Text(value, path), path);
                break;
        }
    }

    internal static JsonElement? Member(JsonElement json, string name, string path) =>
        json.ValueKind != JsonValueKind.Object ? throw new InvalidInputException(path, $"must be an object, not {Json.Kind(json)}") : json.TryGetProperty(name, out var member) ? member : null;
}
