using System.Globalization;
using Madang.Kernel;
using Madang.Sensing.Model;
using Madang.Storage;
using NetTopologySuite.Geometries;

namespace Madang.Sensing.Query;

/// <summary>A property of a row, as a <see cref="Term"/>.</summary>
internal static class Columns
{
    public static Term Of(SqlText sql, Property property, string alias, IReadOnlyList<string> inside)
    {
        var column = $"{alias}.{property.Column}";
        if (inside.Count > 0)
        {
            return property.Kind switch
            {
                PropertyKind.Object or PropertyKind.Array or PropertyKind.Any or PropertyKind.Place => InJson(sql, Parsed(sql, property, column), inside),
                PropertyKind.Result => InJson(sql, Parsed(sql, property, $"CASE WHEN {column} >= 4 THEN {alias}.result_text END"), inside),
                _ => throw new InvalidInputException("$filter", $"'{property.Name}' has nothing inside it"),
            };
        }

        if (property.Kind is PropertyKind.Place or PropertyKind.Area)
        {
            return new Term { Geo = GeoTerm.Of(property, alias) };
        }

        var missing = property.Nullable ? $"{column} IS NULL" : null;
        return property.Kind switch
        {
            PropertyKind.Id => new Term { Number = column },
            PropertyKind.Text => new Term { Text = column },
            PropertyKind.Instant => new Term { Time = (column, null), Missing = missing },
            PropertyKind.Interval => new Term { Time = (column, $"{alias}.{property.EndColumn}"), Missing = missing },
            PropertyKind.Result => new Term
            {
                Number = $"CASE WHEN {column} = 1 THEN {alias}.result_number END",
                Text = $"CASE WHEN {column} = 2 THEN {alias}.result_text END",
                Truth = $"CASE WHEN {column} = 3 THEN {alias}.result_number END",
                Missing = $"{column} = 0",
            },
            PropertyKind.Object or PropertyKind.Array or PropertyKind.Any => InJson(sql, Parsed(sql, property, column), []) with { Missing = missing ?? "1 = 0" },
            _ => throw new InvalidInputException("$filter", $"'{property.Name}' cannot be compared yet", 501),
        };
    }

    /// <summary>What the index <c>things_by_serial</c> holds of a Thing's <c>properties/serial</c>; null for every other property.</summary>
    public static string? IndexOf(Engine engine, EntitySet set, Property property, string alias, string[] inside) =>
        set != SensorThingsModel.Things || property.Column != "properties" || inside is not ["serial"] ? null
        : engine == Engine.Sqlite ? $"CAST(json_extract({alias}.properties, '$.serial') AS TEXT)" : $"left({alias}.properties ->> 'serial', 201)";

    /// <summary>What <c>$orderby</c> sorts by; a value of several kinds sorts numbers and then text.</summary>
    public static IEnumerable<string> SortKeys(Term term) =>
        term.Time is { } time ? [time.Start] : new[] { term.Number, term.Text, term.AsTruth, term.Duration, term.Day, term.Clock }.OfType<string>();

    /// <summary>On PostgreSQL, Observation results and parameters lie as text and are parsed where a path looks inside.</summary>
    private static string Parsed(SqlText sql, Property property, string column) =>
        sql.Engine == Engine.Postgres && (property.Kind == PropertyKind.Result || property.Column is "quality" or "parameters") ? $"CAST({column} AS json)" : column;

    private static Term InJson(SqlText sql, string json, IReadOnlyList<string> inside)
    {
        if (sql.Engine == Engine.Sqlite)
        {
            var path = sql.Add("$" + string.Concat(inside.Select(segment => segment[0] == '[' ? segment : $".\"{segment}\"")));
            var type = $"json_type({json}, {path})";
            var value = $"json_extract({json}, {path})";
            return new Term
            {
                Number = $"CASE WHEN {type} IN ('integer', 'real') THEN {value} END",
                Text = $"CASE WHEN {type} = 'text' THEN {value} END",
                Truth = $"CASE {type} WHEN 'true' THEN 1 WHEN 'false' THEN 0 END",
                Missing = $"coalesce({type}, 'null') = 'null'",
            };
        }

        // Step by step: in a path of "#>" a key of digits would mean an element of a list, and a number a key.
        var found = inside.Aggregate(json, (of, segment) => segment[0] == '['
            ? $"({of} -> CAST({sql.Add(int.Parse(segment.AsSpan(1, segment.Length - 2), CultureInfo.InvariantCulture))} AS integer))"
            : $"({of} -> CAST({sql.Add(segment)} AS text))");
        return new Term
        {
            Number = $"CASE WHEN json_typeof({found}) = 'number' THEN CAST({found} #>> '{{}}' AS double precision) END",
            Text = $"CASE WHEN json_typeof({found}) = 'string' THEN {found} #>> '{{}}' END",
            Truth = $"CASE {found} #>> '{{}}' WHEN 'true' THEN 1 WHEN 'false' THEN 0 END",
            Missing = $"coalesce(json_typeof({found}), 'null') = 'null'",
        };
    }

    /// <summary>A constant as a term.</summary>
    public static Term Constant(SqlText sql, object? value) => value switch
    {
        null => new Term { IsNull = true },
        // A whole number stands as itself, so that it meets an integer column's index.
        double whole when Math.Abs(whole) < 1e15 && whole == Math.Truncate(whole) => new Term { Number = Whole((long)whole) },
        double number => new Term { Number = sql.Engine == Engine.Sqlite ? sql.Add(number) : $"CAST({sql.Add(number)} AS double precision)" },
        string text => new Term { Text = sql.Engine == Engine.Sqlite ? sql.Add(text) : $"CAST({sql.Add(text)} AS text)", Said = text },
        bool truth => new Term { Truth = truth ? "1" : "0" },
        DateTimeOffset time => new Term { Time = (Whole(time.ToMicros()), null) },
        TimeInterval interval => new Term { Time = Constant(interval) },
        TimeSpan duration => new Term { Duration = Whole(duration.Ticks / TimeSpan.TicksPerMicrosecond) },
        DateOnly day => new Term { Day = Whole(day.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber) },
        TimeOnly clock => new Term { Clock = Whole(clock.Ticks / TimeSpan.TicksPerMicrosecond) },
        Geometry shape => new Term { Geo = new GeoTerm { Constant = shape } },
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };

    /// <summary>An instant or interval as microseconds.</summary>
    public static (string Start, string? End) Constant(TimeInterval time) => (Whole(time.Start.ToMicros()), time.End is { } end ? Whole(end.ToMicros()) : null);

    private static string Whole(long number) => string.Create(CultureInfo.InvariantCulture, $"({number})");
}
