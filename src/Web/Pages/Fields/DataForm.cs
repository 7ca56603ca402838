using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Madang.Kernel;

namespace Madang.Web.Pages.Fields;

/// <summary>Makes data of what stands in the fields of a form. What has no field stays as it was.</summary>
internal static class DataForm
{
    /// <summary>The data with what the form says.</summary>
    /// <exception cref="InvalidInputException">A field cannot be read, or what they make together has another form; by its name.</exception>
    public static T Read<T>(JsonObject basis, IEnumerable<DataGroup> groups, Filled filled)
    {
        var data = (JsonObject)basis.DeepClone();
        foreach (var group in groups.Where(group => !group.IsRow || group.Fields.Any(field => filled[field.Path]?.Trim() is { Length: > 0 } && field.Kind != DataKind.Tick)))
        {
            foreach (var field in group.Fields)
            {
                Put(data, field.Path, ValueOf(field, filled));
            }
        }

        try
        {
            return data.Deserialize<T>(JsonSerializerOptions.Web)!;
        }
        catch (JsonException wrong)
        {
            throw new InvalidInputException(wrong.Path is ['$', '.', .. var path] ? path : "body", "is required");
        }
    }

    /// <summary>The fields, with what the data hold and nobody can choose any more among the choices: who changes something else must not lose it unseen.</summary>
    public static IReadOnlyList<DataGroup> WithStored(IReadOnlyList<DataGroup> groups, JsonNode data) =>
        [.. groups.Select(group => group with { Fields = [.. group.Fields.Select(field => field.Kind is DataKind.Choice or DataKind.Ticks or DataKind.WholeTicks ? WithStored(field, Find(data, field.Path)) : field)] })];

    private static DataField WithStored(DataField field, JsonNode? stored)
    {
        IEnumerable<string?> values = stored is JsonArray list ? list.Select(Text) : [Text(stored)];
        return field with { Options = [.. field.Options, .. values.OfType<string>().Where(value => field.Options.All(option => option.Value != value)).Distinct().Select(value => (value, value))] };
    }

    /// <summary>What the data hold at a path; null for nothing.</summary>
    public static JsonNode? Find(JsonNode? data, string path) => Parts(path).Aggregate(data, Child);

    /// <summary>How a field shows what the data hold.</summary>
    public static string? Text(JsonNode? value) => value switch
    {
        null => null,
        JsonArray list => string.Join(' ', list.Select(Text)),
        JsonValue one when one.TryGetValue<string>(out var text) => text,
        _ => value.ToJsonString(),
    };

    private static JsonNode? ValueOf(DataField field, Filled filled)
    {
        var text = filled[field.Path]?.Trim() is { Length: > 0 } said ? said : null;
        if (text is null && field.IsRequired)
        {
            throw Wrong(field, "is required");
        }

        switch (field.Kind)
        {
            case DataKind.Tick:
                return text is not null;
            case DataKind.Ticks or DataKind.WholeTicks:
                return List(field, filled.All(field.Path).Where(value => field.Options.Any(option => option.Value == value)));
            case DataKind.Wholes:
                return List(field, text?.Split([' ', ',', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries) ?? []);
            case DataKind.Choice:
                return text is null || field.Options.Any(option => option.Value == text) ? text : throw Wrong(field, "is not one of the choices");
            default:
                return text is null ? null : ValueOf(field, text);
        }
    }

    private static JsonNode ValueOf(DataField field, string text) => field.Kind switch
    {
        DataKind.Whole => Whole(field, text),
        DataKind.Number => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : throw Wrong(field, "is a number"),
        DataKind.Day => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? text : throw Wrong(field, "is a day, such as 2026-12-31"),
        DataKind.Time => TimeOnly.TryParse(text, CultureInfo.InvariantCulture, out var time) ? time.ToString("HH:mm:ss", CultureInfo.InvariantCulture) : throw Wrong(field, "is a time, written as 22:00"),
        _ => text,
    };

    private static JsonArray List(DataField field, IEnumerable<string> values) =>
        [.. values.Distinct().Select(value => field.Kind is DataKind.Wholes or DataKind.WholeTicks ? (JsonNode?)Whole(field, value) : value)];

    private static long Whole(DataField field, string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && (field.Kind != DataKind.Whole || number <= int.MaxValue) ? number : throw Wrong(field, "is a whole number");

    /// <summary>Puts a value where it belongs; without one nothing stands there.</summary>
    private static void Put(JsonObject data, string path, JsonNode? value)
    {
        JsonNode at = data;
        var parts = Parts(path);
        for (var place = 0; place < parts.Count - 1; place++)
        {
            if (Child(at, parts[place]) is not { } next)
            {
                if (value is null)
                {
                    return;
                }

                next = parts[place + 1].Index is null ? new JsonObject() : new JsonArray();
                Add(at, parts[place], next, path);
            }

            at = next;
        }

        if (value is not null)
        {
            Add(at, parts[^1], value, path);
        }
        else if (at is JsonObject whole)
        {
            whole.Remove(parts[^1].Name!);
        }
    }

    private static JsonNode? Child(JsonNode? at, (string? Name, int? Index) part) =>
        part.Index is { } index ? at is JsonArray list && index < list.Count ? list[index] : null : (at as JsonObject)?[part.Name!];

    private static void Add(JsonNode at, (string? Name, int? Index) part, JsonNode next, string path)
    {
        if (at is JsonObject whole)
        {
            whole[part.Name!] = next;
        }
        else if (at is JsonArray list && part.Index == list.Count)
        {
            list.Add(next);
        }
        else
        {
            throw new InvalidInputException(path, "comes after one that is empty");
        }
    }

    private static List<(string? Name, int? Index)> Parts(string path) =>
        [.. path.Replace("[", ".[", StringComparison.Ordinal).Split('.').Select(part => part[0] == '[' ? ((string?)null, (int?)int.Parse(part[1..^1], CultureInfo.InvariantCulture)) : (part, null))];

    private static InvalidInputException Wrong(DataField field, string reason) => new(field.Path, reason);
}
