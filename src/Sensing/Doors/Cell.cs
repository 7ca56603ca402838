using System.Globalization;
using System.Text.Json;

namespace Madang.Sensing.Doors;

/// <summary>What stands in one place of a record, whether of CSV or of JSON. <c>default</c> is a place that is not there.</summary>
internal readonly record struct Cell
{
    private Cell(string text, decimal? number, bool isValue, bool isNumber) => (Text, this.number, IsThere, IsValue, IsNumber) = (text, number, true, isValue, isNumber);

    private readonly decimal? number;

    /// <summary>False where the record has no such place.</summary>
    public bool IsThere { get; }

    /// <summary>False for what is no single value: an array, an object.</summary>
    public bool IsValue { get; }

    /// <summary>As it came; true and false as such, null as nothing.</summary>
    public string Text => field ?? "";

    public bool IsNumber { get; }

    public decimal Number => number ?? 0;

    public static Cell Of(string text)
    {
        var number = YamlPart.Decimal(text);
        return new Cell(text, number, true, number is not null);
    }

    public static Cell Of(JsonElement? found)
    {
        if (found is not { } json)
        {
            return default;
        }

        return json.ValueKind switch
        {
            JsonValueKind.Number when json.TryGetDecimal(out var number) => new Cell(json.GetRawText(), number, true, true),
            JsonValueKind.Number => new Cell(json.GetRawText(), null, true, false),
            JsonValueKind.String => Of(Model.Json.Text(json, "text")),
            JsonValueKind.True => new Cell("true", null, true, false),
            JsonValueKind.False => new Cell("false", null, true, false),
            JsonValueKind.Null => new Cell("", null, true, false),
            _ => new Cell(json.GetRawText(), null, false, false),
        };
    }

    /// <summary>The beginning of it, for a sentence.</summary>
    public string Short => Text.Length <= 60 ? Text : string.Create(CultureInfo.InvariantCulture, $"{Text.AsSpan(0, 60)}…");
}
