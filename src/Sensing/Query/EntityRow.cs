using System.Data.Common;
using System.Text.Json;
using Madang.Kernel;
using Madang.Sensing.Model;

namespace Madang.Sensing.Query;

/// <summary>One entity as read: the values of the columns that were asked for, and what was expanded from it.</summary>
internal sealed class EntityRow(long id, object?[] values)
{
    public long Id { get; } = id;

    public object?[] Values { get; } = values;

    /// <summary>By navigation: the entities found, in order; with their count and the way to more.</summary>
    public Dictionary<string, Expanded>? Expansions { get; set; }
}

/// <summary>What one navigation of one entity led to.</summary>
internal sealed record Expanded(RowShape Shape, IReadOnlyList<EntityRow> Rows, Total? Count, Next? Next);

/// <summary>Which properties and foreign keys a query reads, and where each lies in <see cref="EntityRow.Values"/>.</summary>
internal sealed class RowShape
{
    private readonly Dictionary<string, int> ordinals = [];
    private readonly List<string> columns = [];
    private readonly Dictionary<object, JsonEncodedText> names = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Property, SelectedParts> parts = new(ReferenceEqualityComparer.Instance);
    private readonly bool isSelected;

    public RowShape(EntitySet set, QueryOptions options, params IEnumerable<string> also)
    {
        Set = set;
        isSelected = options.Select is not null;
        var selected = options.Select?.Select(SelectPath.Of).ToLookup(path => set.FindProperty(path.Name), path => path.Inside);
        Properties = [.. set.Properties.Where(property => selected?.Contains(property) != false)];
        Navigations = [.. set.Navigations.Where(navigation => options.Select is null || options.Select.Contains(navigation.Name))];
        foreach (var property in Properties)
        {
            names[property] = JsonEncodedText.Encode(property.Name);
            if (selected is not null && selected[property].All(inside => inside.Count > 0))
            {
                parts[property] = new SelectedParts();
                selected[property].ToList().ForEach(parts[property].Add);
            }
        }

        foreach (var navigation in Navigations)
        {
            names[navigation] = JsonEncodedText.Encode(navigation.Name + "@iot.navigationLink");
        }

        Need("id");
        foreach (var column in also)
        {
            Need(column);
        }

        foreach (var property in Properties)
        {
            foreach (var column in ColumnsOf(property))
            {
                Need(column);
            }
        }

        foreach (var navigation in Navigations)
        {
            if (navigation.When is { } when)
            {
                Need(when.Column);
            }
        }

        foreach (var expand in options.Expand)
        {
            if (set.FindNavigation(expand.Navigation) is { Link: null } navigation)
            {
                Need(navigation.ParentColumn);
            }
        }
    }

    public EntitySet Set { get; }

    public IReadOnlyList<Property> Properties { get; }

    /// <summary>The relations whose links are written.</summary>
    public IReadOnlyList<Navigation> Navigations { get; }

    public string SelectList(string alias) => string.Join(", ", columns.Select(column => column == AreaColumn ? Area(alias) : $"{alias}.{column}"));

    /// <summary>False for a relation that this entity cannot have.</summary>
    public bool Leads(Navigation navigation, EntityRow row) => navigation.When is not { } when || when.Leads(Get(row, when.Column));

    public object? Get(EntityRow row, string column) => row.Values[ordinals[column]];

    /// <summary>A row from values that are already at hand, by column.</summary>
    public EntityRow Make(long id, Func<string, object?> value) => new(id, [.. columns.Select(value)]);

    /// <summary>How many columns are read.</summary>
    public int Width => columns.Count;

    /// <summary>A row whose first column is the one numbered <paramref name="offset"/>.</summary>
    public EntityRow Read(DbDataReader reader, int offset = 0)
    {
        var values = new object?[columns.Count];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = reader.GetValue(offset + index) is var value && value != DBNull.Value ? value : null;
        }

        return new EntityRow(Convert.ToInt64(values[0], null), values);
    }

    /// <summary>What stands in the property's first column; null when it has no value.</summary>
    public object? ValueOf(Property property, EntityRow row) => Get(row, property.Kind == PropertyKind.Area ? AreaColumn : property.Column);

    /// <summary>True when the property has no value; a result that is <c>null</c> is none.</summary>
    public bool IsMissing(Property property, EntityRow row) =>
        ValueOf(property, row) is not { } value || (property.Kind == PropertyKind.Result && Convert.ToInt32(value, null) == (int)ResultKind.Null);

    /// <summary>The property as plain text, where it is text, a time or a text result; null where JSON says it best.</summary>
    public string? AsText(Property property, EntityRow row)
    {
        var value = ValueOf(property, row);
        return property.Kind switch
        {
            PropertyKind.Text => (string?)value,
            PropertyKind.Instant or PropertyKind.Interval => Time(property, row, (long)value!),
            PropertyKind.Result when Convert.ToInt32(value, null) == (int)ResultKind.Text => (string?)Get(row, "result_text"),
            _ => null,
        };
    }

    /// <summary>One without a value is left out, unless the standard wants it or <c>$select</c> names it (OData 4.01 JSON, 4.5.6).</summary>
    public void WriteProperty(Utf8JsonWriter json, Property property, EntityRow row)
    {
        var value = ValueOf(property, row);
        if (value is null && !property.WrittenWhenNull && !isSelected)
        {
            return;
        }

        json.WritePropertyName(names.TryGetValue(property, out var name) ? name : JsonEncodedText.Encode(property.Name));
        if (parts.Count > 0 && value is not null && parts.TryGetValue(property, out var some))
        {
            some.Write(json, property.Kind != PropertyKind.Result ? (string)value : IsJson(value) ? (string)Get(row, "result_text")! : "null");
        }
        else
        {
            WriteValue(json, property, row, value);
        }
    }

    /// <summary>The member that holds the link to what a relation leads to; written for each entity of a page, so kept encoded.</summary>
    public JsonEncodedText LinkName(Navigation navigation) => names[navigation];

    public void WriteValue(Utf8JsonWriter json, Property property, EntityRow row, object? value)
    {
        switch (property.Kind)
        {
            case var _ when value is null:
                json.WriteNullValue();
                break;
            case PropertyKind.Text:
                json.WriteStringValue((string)value);
                break;
            case PropertyKind.Object or PropertyKind.Array or PropertyKind.Any or PropertyKind.Place:
                json.WriteRawValue((string)value, skipInputValidation: true);
                break;
            case PropertyKind.Instant or PropertyKind.Interval:
                WriteTime(json, property, row, (long)value);
                break;
            case PropertyKind.Result:
                Results.Write(json, Convert.ToInt32(value, null), Get(row, "result_number") as double?, Get(row, "result_text") as string);
                break;
            case PropertyKind.Area:
                Areas.Write(json, (string)value);
                break;
            default:
                json.WriteNumberValue(Convert.ToInt64(value, null));
                break;
        }
    }

    private static bool IsJson(object kind) => (ResultKind)Convert.ToInt32(kind, null) is ResultKind.Json or ResultKind.Parts;

    private string Time(Property property, EntityRow row, long micros)
    {
        Span<char> text = stackalloc char[(2 * IsoTime.MostLength) + 1];
        return new string(text[..Time(property, row, micros, text)]);
    }

    private void WriteTime(Utf8JsonWriter json, Property property, EntityRow row, long micros)
    {
        Span<char> text = stackalloc char[(2 * IsoTime.MostLength) + 1];
        json.WriteStringValue(text[..Time(property, row, micros, text)]);
    }

    /// <summary>Writes an instant, or an interval as <c>start/end</c>; answers its length.</summary>
    private int Time(Property property, EntityRow row, long micros, Span<char> text)
    {
        var length = IsoTime.Write(IsoTime.FromMicros(micros), text);
        if (property.Kind == PropertyKind.Interval && Get(row, property.EndColumn!) is long end)
        {
            text[length++] = '/';
            length += IsoTime.Write(IsoTime.FromMicros(end), text[length..]);
        }

        return length;
    }

    /// <summary>Stands for the box of a Datastream, which is computed.</summary>
    public const string AreaColumn = "area";

    private static IEnumerable<string> ColumnsOf(Property property) => property.Kind switch
    {
        PropertyKind.Interval => [property.Column, property.EndColumn!],
        PropertyKind.Result => [property.Column, "result_number", "result_text"],
        PropertyKind.Area => [AreaColumn],
        _ => [property.Column],
    };

    /// <summary>The box around all features of a Datastream, as "west south east north".</summary>
    private static string Area(string alias) =>
        "(SELECT CAST(min(f.min_lon) AS TEXT) || ' ' || CAST(min(f.min_lat) AS TEXT) || ' ' || CAST(max(f.max_lon) AS TEXT) || ' ' || CAST(max(f.max_lat) AS TEXT) "
        + $"FROM datastream_features df JOIN features f ON f.id = df.feature_id WHERE df.datastream_id = {alias}.id)";

    private void Need(string column)
    {
        if (ordinals.TryAdd(column, columns.Count))
        {
            columns.Add(column);
        }
    }
}
