using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Madang.Kernel;
using Madang.Sensing.Model;

namespace Madang.Sensing.Entities;

/// <summary>JSON Patch (RFC 6902) over JSON Pointers (RFC 6901): all of its operations are applied, or the first that cannot be is named.</summary>
internal static class JsonPatch
{
    private const int MostOperations = 1000;

    /// <summary>The document after the patch; the one given is changed.</summary>
    public static JsonNode? Apply(JsonNode? document, JsonElement patch)
    {
        if (patch.ValueKind != JsonValueKind.Array || patch.GetArrayLength() > MostOperations)
        {
            throw new InvalidInputException("body", $"must be an array of at most {MostOperations} operations: [{{\"op\": \"replace\", \"path\": \"/name\", \"value\": \"…\"}}]");
        }

        var index = 0;
        foreach (var operation in patch.EnumerateArray())
        {
            document = new Operation(operation, string.Create(CultureInfo.InvariantCulture, $"[{index++}]")).Apply(document);
        }

        return document;
    }

    private readonly struct Operation(JsonElement json, string field)
    {
        public JsonNode? Apply(JsonNode? document)
        {
            if (json.ValueKind != JsonValueKind.Object)
            {
                throw new InvalidInputException(field, $"must be an object, not {Json.Kind(json)}");
            }

            var path = Pointer("path");
            switch (Text("op"))
            {
                case "add":
                    return Add(document, path, Value(), "path");
                case "remove":
                    return Remove(document, path, "path", out _);
                case "replace":
                    Find(document, path, "path");
                    return path.Length == 0 ? Value() : Replace(document, path, Value());
                case "move":
                    var from = Pointer("from");
                    if (path.Length > from.Length && path.AsSpan(0, from.Length).SequenceEqual(from))
                    {
                        throw new InvalidInputException($"{field}.path", "lies within what is moved");
                    }

                    return Add(Remove(document, from, "from", out var moved), path, moved, "path");
                case "copy":
                    return Add(document, path, Find(document, Pointer("from"), "from")?.DeepClone(), "path");
                case "test":
                    return JsonNode.DeepEquals(Find(document, path, "path"), Value())
                        ? document
                        : throw new CityRuleException("json-patch-test-failed", $"{field}: the value at '{Text("path")}' is not the one that was tested for. Nothing was changed.", 409);
                case var other:
                    throw new InvalidInputException($"{field}.op", $"'{other}' is no operation; there are add, remove, replace, move, copy, test");
            }
        }

        private string Text(string name) => json.TryGetProperty(name, out var value) ? Json.Text(value, $"{field}.{name}") : throw new InvalidInputException($"{field}.{name}", "is required");

        private JsonNode? Value() => json.TryGetProperty("value", out var value) ? JsonNode.Parse(value.GetRawText()) : throw new InvalidInputException($"{field}.value", "is required");

        private string[] Pointer(string name)
        {
            var text = Text(name);
            return text.Length == 0 ? []
                : text[0] == '/' ? [.. text[1..].Split('/').Select(each => each.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))]
                : throw new InvalidInputException($"{field}.{name}", $"'{text}' is no JSON Pointer; it begins with '/'");
        }

        private JsonNode? Find(JsonNode? document, ReadOnlySpan<string> path, string member)
        {
            var at = document;
            foreach (var key in path)
            {
                at = at switch
                {
                    JsonObject entries when entries.ContainsKey(key) => entries[key],
                    JsonArray items => items[Index(items, key, items.Count - 1, member)],
                    _ => throw Missing(key, member),
                };
            }

            return at;
        }

        private JsonNode? Add(JsonNode? document, string[] path, JsonNode? value, string member)
        {
            if (path.Length == 0)
            {
                return value;
            }

            switch (Find(document, path.AsSpan(..^1), member))
            {
                case JsonObject entries:
                    entries[path[^1]] = value;
                    break;
                case JsonArray items:
                    items.Insert(path[^1] == "-" ? items.Count : Index(items, path[^1], items.Count, member), value);
                    break;
                default:
                    throw Missing(path[^1], member);
            }

            return document;
        }

        private JsonNode? Remove(JsonNode? document, string[] path, string member, out JsonNode? removed)
        {
            removed = Find(document, path, member);
            if (path.Length == 0)
            {
                return null;
            }

            switch (Find(document, path.AsSpan(..^1), member))
            {
                case JsonObject entries:
                    entries.Remove(path[^1]);
                    break;
                case JsonArray items:
                    items.RemoveAt(Index(items, path[^1], items.Count - 1, member));
                    break;
            }

            return document;
        }

        private JsonNode? Replace(JsonNode? document, string[] path, JsonNode? value)
        {
            switch (Find(document, path.AsSpan(..^1), "path"))
            {
                case JsonObject entries:
                    entries[path[^1]] = value;
                    break;
                case JsonArray items:
                    items[Index(items, path[^1], items.Count - 1, "path")] = value;
                    break;
            }

            return document;
        }

        private int Index(JsonArray items, string key, int last, string member) =>
            int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && (key.Length == 1 || key[0] != '0') && index <= last
                ? index
                : throw new InvalidInputException($"{field}.{member}", $"'{key}' is no place in an array of {items.Count}");

        private InvalidInputException Missing(string key, string member) => new($"{field}.{member}", $"there is no '{key}'");
    }
}
