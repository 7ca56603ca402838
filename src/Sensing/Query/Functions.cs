using Madang.Kernel;
using Madang.Storage;

namespace Madang.Sensing.Query;

/// <summary>The filter functions (OGC 18-088, table 22): how many arguments each takes, and those on text and numbers.</summary>
internal static class Functions
{
    private static readonly Dictionary<string, (int Least, int Most)> Counts = new()
    {
        ["substringof"] = (2, 2), ["contains"] = (2, 2), ["startswith"] = (2, 2), ["endswith"] = (2, 2), ["length"] = (1, 1), ["indexof"] = (2, 2),
        ["substring"] = (2, 3), ["tolower"] = (1, 1), ["toupper"] = (1, 1), ["trim"] = (1, 1), ["concat"] = (2, 2),
        ["round"] = (1, 1), ["floor"] = (1, 1), ["ceiling"] = (1, 1),
        ["year"] = (1, 1), ["month"] = (1, 1), ["day"] = (1, 1), ["hour"] = (1, 1), ["minute"] = (1, 1), ["second"] = (1, 1), ["fractionalseconds"] = (1, 1),
        ["date"] = (1, 1), ["time"] = (1, 1), ["totaloffsetminutes"] = (1, 1), ["totalseconds"] = (1, 1), ["now"] = (0, 0), ["mindatetime"] = (0, 0), ["maxdatetime"] = (0, 0),
        ["before"] = (2, 2), ["after"] = (2, 2), ["meets"] = (2, 2), ["during"] = (2, 2), ["overlaps"] = (2, 2), ["starts"] = (2, 2), ["finishes"] = (2, 2),
        ["geo.distance"] = (2, 2), ["geo.length"] = (1, 1), ["geo.intersects"] = (2, 2),
        ["st_equals"] = (2, 2), ["st_disjoint"] = (2, 2), ["st_touches"] = (2, 2), ["st_within"] = (2, 2), ["st_overlaps"] = (2, 2), ["st_crosses"] = (2, 2),
        ["st_intersects"] = (2, 2), ["st_contains"] = (2, 2), ["st_relate"] = (3, 3),
    };

    public static Term Translate(SqlText sql, Call call, Func<Expression, Term> translate, TimeProvider clock)
    {
        if (!Counts.TryGetValue(call.Function, out var count))
        {
            throw new InvalidInputException("$filter", $"'{call.Function}' at position {call.Position + 1} is not a function");
        }

        if (call.Arguments.Count < count.Least || call.Arguments.Count > count.Most)
        {
            var wanted = count.Least == count.Most ? $"{count.Least}" : $"{count.Least} or {count.Most}";
            throw new InvalidInputException("$filter", $"'{call.Function}' at position {call.Position + 1} takes {wanted} arguments, not {call.Arguments.Count}");
        }

        var arguments = new Arguments(call, translate);
        return OfText(sql, arguments) ?? TimeFunctions.Part(sql, arguments) ?? IntervalRelations.Find(arguments) ?? GeoFunctions.Find(sql, arguments) ?? call.Function switch
        {
            "now" => TimeFunctions.Now(clock),
            "mindatetime" => TimeFunctions.Least(),
            _ => TimeFunctions.Most(),
        };
    }

    private static Term? OfText(SqlText sql, Arguments arguments)
    {
        var sqlite = sql.Engine == Engine.Sqlite;
        return arguments.Call.Function switch
        {
            "substringof" => Holds(sqlite, arguments.Text(1), arguments.Text(0)),
            "contains" => Holds(sqlite, arguments.Text(0), arguments.Text(1)),
            "startswith" => Starts(arguments.Text(0), arguments.Text(1)),
            "endswith" => Ends(arguments.Text(0), arguments.Text(1)),
            "length" => new Term { Number = $"length({arguments.Text(0)})" },
            "indexof" => new Term { Number = sqlite ? $"(instr({arguments.Text(0)}, {arguments.Text(1)}) - 1)" : $"(strpos({arguments.Text(0)}, {arguments.Text(1)}) - 1)" },
            "substring" => new Term { Text = $"substr({arguments.Text(0)}, {arguments.Whole(1)} + 1{(arguments.Count == 3 ? $", {arguments.Whole(2)}" : "")})" },
            "tolower" => new Term { Text = $"lower({arguments.Text(0)})" },
            "toupper" => new Term { Text = $"upper({arguments.Text(0)})" },
            "trim" => new Term { Text = $"trim({arguments.Text(0)})" },
            "concat" => new Term { Text = $"({arguments.Text(0)} || {arguments.Text(1)})" },
            "round" => new Term { Number = sqlite ? $"round({arguments.Number(0)})" : $"CAST(round(CAST({arguments.Number(0)} AS numeric)) AS double precision)" },
            "floor" => new Term { Number = $"floor({arguments.Number(0)})" },
            "ceiling" => new Term { Number = $"ceil({arguments.Number(0)})" },
            _ => null,
        };
    }

    /// <summary>A number that divides without rounding to whole ones.</summary>
    public static string Real(SqlText sql, string number) => sql.Engine == Engine.Sqlite ? $"({number} * 1.0)" : $"CAST({number} AS double precision)";

    /// <summary>What is left of a division; each side stands once, so that nested remainders do not double the statement.</summary>
    public static string Remainder(SqlText sql, string left, string right) => sql.Engine == Engine.Sqlite
        ? $"mod({left}, nullif({right}, 0))"
        : $"CAST(mod(CAST({left} AS numeric), CAST(nullif({right}, 0) AS numeric)) AS double precision)";

    private static Term Holds(bool sqlite, string text, string part) =>
        new() { Condition = sqlite ? $"(instr({text}, {part}) > 0)" : $"(strpos({text}, {part}) > 0)" };

    private static Term Starts(string text, string part) => new() { Condition = $"(substr({text}, 1, length({part})) = {part})" };

    private static Term Ends(string text, string part) =>
        new() { Condition = $"(length({text}) >= length({part}) AND substr({text}, length({text}) - length({part}) + 1) = {part})" };
}
