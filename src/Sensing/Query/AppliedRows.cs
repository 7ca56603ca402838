using System.Globalization;
using System.Text.Json;
using Madang.Kernel;

namespace Madang.Sensing.Query;

/// <summary>The rows that <c>$apply</c> gave: a value for each name.</summary>
internal sealed record AppliedRows(IReadOnlyList<string> Names, IReadOnlyList<IReadOnlyList<object?>> Rows, bool FromRollups)
{
    /// <summary>How many rows there are before <c>$skip</c> and <c>$top</c>; null when nobody asked.</summary>
    public int? Count { get; init; }

    /// <summary>The rows in another order, and a part of them: OData puts <c>$apply</c> before all other options (Aggregation 4.0, 3.1).</summary>
    public AppliedRows Shaped(QueryOptions query)
    {
        IEnumerable<IReadOnlyList<object?>> rows = Rows;
        foreach (var (column, descending) in query.OrderBy.Select(key => (Column(key), key.Descending)).Reverse())
        {
            // A sort by many keys is stable sorts by each, the last one first.
            rows = descending ? rows.OrderByDescending(row => row[column], Values.Order) : rows.OrderBy(row => row[column], Values.Order);
        }

        return this with
        {
            Rows = [.. rows.Skip((int)Math.Min(query.Skip, int.MaxValue)).Take(query.Top ?? int.MaxValue)],
            Count = query.Count ? Rows.Count : null,
        };
    }

    private int Column(OrderKey key) => key.By is PathExpression path && Names.ToList().IndexOf(path.ToString()) is >= 0 and var column
        ? column
        : throw new InvalidInputException("$orderby", $"names no column of $apply; there are {string.Join(", ", Names)}");

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        if (FromRollups)
        {
            json.WriteBoolean("@madang.fromRollups", true);
        }

        if (Count is { } count)
        {
            json.WriteNumber("@iot.count", count);
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

    /// <summary>As everywhere in <c>$orderby</c>: what is null comes first, then numbers, then texts letter by letter.</summary>
    private sealed class Values : IComparer<object?>
    {
        public static readonly Values Order = new();

        public int Compare(object? x, object? y) => (x, y) switch
        {
            (null, null) => 0,
            (null, _) => -1,
            (_, null) => 1,
            (string one, string other) => string.CompareOrdinal(one, other),
            (string, _) => 1,
            (_, string) => -1,
            _ => Convert.ToDouble(x, CultureInfo.InvariantCulture).CompareTo(Convert.ToDouble(y, CultureInfo.InvariantCulture)),
        };
    }
}
