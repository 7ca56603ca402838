using System.Text.Json;
using Madang.Kernel;
using Madang.Sensing.Model;
using NetTopologySuite.IO;

namespace Madang.Sensing.Entities;

/// <summary>How a body is read: all of an entity, or only what changes.</summary>
internal enum BodyMode
{
    /// <summary>POST and PUT: required members must be there; absent ones are empty.</summary>
    Whole,

    /// <summary>PATCH: only what is given changes.</summary>
    Part,
}

/// <summary>A value for a column; <c>Json</c> when PostgreSQL must be told that the text is JSON.</summary>
internal sealed record ColumnValue(string Column, object? Value, bool Json = false);

/// <summary>A member that names related entities.</summary>
internal sealed record RelatedMember(Navigation Navigation, JsonElement Value, string Path);

/// <summary>
/// The JSON of one entity, checked against the model. What the model does not know is refused by name: a misspelt member
/// must not be lost in silence.
/// </summary>
internal sealed record EntityBody(IReadOnlyList<ColumnValue> Columns, IReadOnlyList<RelatedMember> Related)
{
    /// <summary>The longest name of an entity, in characters; a name is shown in lists and on maps. A description may be as long as a body.</summary>
    public const int LongestName = 1_000;

    private static readonly string[] BoxColumns = ["shape", "min_lon", "min_lat", "max_lon", "max_lat"];

    public static EntityBody Read(EntitySet set, JsonElement json, string path, BodyMode mode, string? encoding = null, long? self = null)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidInputException(path.Length == 0 ? "body" : path, $"must be an object, not {Json.Kind(json)}");
        }

        var columns = new List<ColumnValue>();
        var related = new List<RelatedMember>();
        var seen = new HashSet<string>();
        foreach (var member in json.EnumerateObject())
        {
            if (!seen.Add(member.Name))
            {
                throw new InvalidInputException(Json.Join(path, member.Name), "is given twice");
            }

            if (!IsOwnId(member, self))
            {
                ReadMember(set, json, member, path, encoding, columns, related);
            }
        }

        if (mode == BodyMode.Whole)
        {
            AddAbsent(set, seen, path, columns);
        }
        else if (columns.Count == 0 && related.Count == 0 && seen.FirstOrDefault(name => set.FindProperty(name) is { Computed: true, Kind: not PropertyKind.Id }) is { } kept)
        {
            throw new InvalidInputException(Json.Join(path, kept), "is kept by the server, and nothing else is said; who sends back what it got may leave it in beside a change");
        }

        return new EntityBody(columns, related);
    }

    /// <summary>A client may send back the <c>@iot.id</c> that it got with the entity.</summary>
    public static bool IsOwnId(JsonProperty member, long? self) =>
        self is not null && member.Name == "@iot.id" && member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt64(out var id) && id == self;

    private static void ReadMember(EntitySet set, JsonElement json, JsonProperty member, string path, string? encoding, List<ColumnValue> columns, List<RelatedMember> related)
    {
        var field = Json.Join(path, member.Name);
        if (member.Name is "@iot.id" or "id")
        {
            throw new InvalidInputException(field, "is given by the server; leave it out");
        }

        if (member.Name.Contains("@iot.", StringComparison.Ordinal))
        {
            // Links and counts that a client sends back as it got them.
            return;
        }

        if (set.FindNavigation(member.Name) is { } navigation)
        {
            related.Add(new RelatedMember(navigation, member.Value, field));
        }
        else if (set.FindProperty(member.Name) is not { } property)
        {
            throw new InvalidInputException(field, $"is no property or relation of {set.Type}");
        }
        else if (!property.Computed)
        {
            columns.AddRange(Values(property, member.Value, field, encoding ?? EncodingOf(json)));
        }
    }

    private static void AddAbsent(EntitySet set, HashSet<string> seen, string path, List<ColumnValue> columns)
    {
        foreach (var property in set.Properties)
        {
            if (seen.Contains(property.Name) || property.Computed)
            {
                continue;
            }

            columns.Add(property.Required
                ? throw new InvalidInputException(Json.Join(path, property.Name), "is required")
                : new ColumnValue(property.Column, property.Fixed, IsJson(property)));
        }
    }

    private static IEnumerable<ColumnValue> Values(Property property, JsonElement value, string field, string? encoding)
    {
        if (value.ValueKind == JsonValueKind.Null && property.Nullable)
        {
            return [new ColumnValue(property.Column, null, IsJson(property))];
        }

        return property.Kind switch
        {
            PropertyKind.Text when property.Fixed is { } only && Json.Text(value, field) != only => throw new InvalidInputException(field, $"is always {only}"),
            PropertyKind.Text => [new ColumnValue(property.Column, Text(property, value, field))],
            PropertyKind.Object => [new ColumnValue(property.Column, (property.Stored ?? Json.Object)(value, field), Json: true)],
            PropertyKind.Array => [new ColumnValue(property.Column, (property.Stored ?? Json.Array)(value, field), Json: true)],
            PropertyKind.Any => [new ColumnValue(property.Column, Json.Raw(value, field), Json: true)],
            PropertyKind.Instant => [new ColumnValue(property.Column, Json.Instant(value, field))],
            PropertyKind.Place => Place(property, value, field, encoding),
            _ => throw new InvalidInputException(field, "cannot be set here"),
        };
    }

    private static string Text(Property property, JsonElement value, string field)
    {
        var text = Json.Text(value, field);
        var wrong = property.Name == "name" && text.Length > LongestName ? $"is longer than {LongestName:N0} characters; a description may be" : property.Objection?.Invoke(text);
        return wrong is null ? text : throw new InvalidInputException(field, wrong);
    }

    private static IEnumerable<ColumnValue> Place(Property property, JsonElement value, string field, string? encoding)
    {
        yield return new ColumnValue(property.Column, Json.Raw(value, field), Json: true);
        if (!Vocabulary.IsGeoJson(encoding))
        {
            foreach (var column in BoxColumns)
            {
                yield return new ColumnValue(column, null);
            }

            yield break;
        }

        var shape = GeoJson.Read(value, field);
        var box = shape.EnvelopeInternal;
        object?[] values = shape.IsEmpty ? [null, null, null, null, null] : [new WKBWriter().Write(shape), box.MinX, box.MinY, box.MaxX, box.MaxY];
        for (var index = 0; index < BoxColumns.Length; index++)
        {
            yield return new ColumnValue(BoxColumns[index], values[index]);
        }
    }

    private static string? EncodingOf(JsonElement json) =>
        json.TryGetProperty("encodingType", out var encoding) && encoding.ValueKind == JsonValueKind.String ? encoding.GetString() : null;

    private static bool IsJson(Property property) => property.Kind is PropertyKind.Object or PropertyKind.Array or PropertyKind.Any or PropertyKind.Place;
}
