using System.Globalization;
using Madang.Kernel;
using Madang.Storage;

namespace Madang.Sensing.Query;

/// <summary>
/// The filter functions offered so far: text, rounding and <c>now()</c> (OGC 18-088, table 22). Those on dates and on
/// geometry are answered with 501 until they are here.
/// </summary>
internal static class Functions
{
    private static readonly string[] NotYet =
    [
        "year", "month", "day", "hour", "minute", "second", "fractionalseconds", "date", "time", "totaloffsetminutes", "mindatetime", "maxdatetime",
        "before", "after", "meets", "during", "overlaps", "starts", "finishes",
        "geo.distance", "geo.length", "geo.intersects",
        "st_equals", "st_disjoint", "st_touches", "st_within", "st_overlaps", "st_crosses", "st_intersects", "st_contains", "st_relate",
    ];

    public static Term Translate(SqlText sql, Call call, Func<Expression, Term> translate, TimeProvider clock)
    {
        if (NotYet.Contains(call.Function))
        {
            throw new InvalidInputException("$filter", $"the function '{call.Function}' is not offered yet", 501);
        }

        string Text(int index) => Argument(index).Text ?? throw Wrong(call, index, "text");
        string Number(int index) => Argument(index).Number ?? throw Wrong(call, index, "a number");
        string Whole(int index) => $"CAST({Number(index)} AS INTEGER)";
        Term Argument(int index) => translate(call.Arguments[index]);
        var sqlite = sql.Engine == Engine.Sqlite;

        return (call.Function, call.Arguments.Count) switch
        {
            ("substringof", 2) => Holds(sqlite, Text(1), Text(0)),
            ("contains", 2) => Holds(sqlite, Text(0), Text(1)),
            ("startswith", 2) => Starts(Text(0), Text(1)),
            ("endswith", 2) => Ends(Text(0), Text(1)),
            ("length", 1) => new Term { Number = $"length({Text(0)})" },
            ("indexof", 2) => new Term { Number = sqlite ? $"(instr({Text(0)}, {Text(1)}) - 1)" : $"(strpos({Text(0)}, {Text(1)}) - 1)" },
            ("substring", 2) => new Term { Text = $"substr({Text(0)}, {Whole(1)} + 1)" },
            ("substring", 3) => new Term { Text = $"substr({Text(0)}, {Whole(1)} + 1, {Whole(2)})" },
            ("tolower", 1) => new Term { Text = $"lower({Text(0)})" },
            ("toupper", 1) => new Term { Text = $"upper({Text(0)})" },
            ("trim", 1) => new Term { Text = $"trim({Text(0)})" },
            ("concat", 2) => new Term { Text = $"({Text(0)} || {Text(1)})" },
            ("round", 1) => new Term { Number = sqlite ? $"round({Number(0)})" : $"CAST(round(CAST({Number(0)} AS numeric)) AS double precision)" },
            ("floor", 1) => new Term { Number = $"floor({Number(0)})" },
            ("ceiling", 1) => new Term { Number = $"ceil({Number(0)})" },
            ("now", 0) => new Term { Time = (clock.GetUtcNow().ToMicros().ToString(CultureInfo.InvariantCulture), null) },
            ("substringof" or "contains" or "startswith" or "endswith" or "length" or "indexof" or "substring" or "tolower" or "toupper" or "trim" or "concat" or "round" or "floor" or "ceiling" or "now", _) =>
                throw new InvalidInputException("$filter", $"'{call.Function}' at position {call.Position + 1} has the wrong number of arguments"),
            _ => throw new InvalidInputException("$filter", $"'{call.Function}' at position {call.Position + 1} is not a function"),
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

    private static InvalidInputException Wrong(Call call, int index, string wanted) =>
        new("$filter", $"argument {index + 1} of '{call.Function}' at position {call.Position + 1} must be {wanted}");
}
