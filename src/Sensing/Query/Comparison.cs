using Madang.Kernel;

namespace Madang.Sensing.Query;

/// <summary>Comparisons between terms, with OData's rules for null and OGC's for intervals (18-088, 9.3.3.5.1).</summary>
internal static class Comparison
{
    private static readonly Dictionary<string, string> Signs = new()
    {
        ["eq"] = "=", ["ne"] = "IS DISTINCT FROM", ["gt"] = ">", ["ge"] = ">=", ["lt"] = "<", ["le"] = "<=",
    };

    public static string Of(string comparison, Term left, Term right, int position)
    {
        if (left.IsNull || right.IsNull)
        {
            return WithNull(comparison, left.IsNull ? right : left, position);
        }

        var sign = Signs[comparison];
        var forms = left.Beside(right).Where(form => form.Left is not null && form.Right is not null).Select(form => $"{form.Left} {sign} {form.Right}").ToList();
        if (left.Time is { } leftTime && right.Time is { } rightTime)
        {
            forms.Add(OfTimes(comparison, leftTime, rightTime));
        }

        var condition = forms.Count switch
        {
            0 => throw new InvalidInputException("$filter", $"'{comparison}' at position {position + 1} compares {left.Kinds} with {right.Kinds}"),
            1 => $"({forms[0]})",
            _ => $"({string.Join(comparison == "ne" ? " AND " : " OR ", forms.Select(form => $"({form})"))})",
        };
        return comparison == "eq" && (Found(left, right) ?? Found(right, left)) is { } found ? $"({found} AND {condition})" : condition;
    }

    /// <summary>What an index can look up before the comparison itself is made.</summary>
    private static string? Found(Term value, Term constant) => value.Indexed is { } indexed && constant.Said is { Length: <= Term.MostIndexed } ? $"{indexed} = {constant.Text}" : null;

    private static string WithNull(string comparison, Term term, int position)
    {
        var missing = term.IsNull ? "1 = 1" : term.IsMissing;
        return comparison switch
        {
            "eq" => $"({missing})",
            "ne" => $"(NOT ({missing}))",
            _ => throw new InvalidInputException("$filter", $"'{comparison}' at position {position + 1} cannot compare with null; use eq or ne"),
        };
    }

    private static string OfTimes(string comparison, (string Start, string? End) left, (string Start, string? End) right) => comparison switch
    {
        "lt" => Before(left, right),
        "gt" => Before(right, left),
        "le" => $"{left.Start} <= {right.Start}{(left.End is null ? "" : $" AND ({left.End} IS NULL OR {left.End} <= {LastOf(right)})")}",
        "ge" => $"{left.Start} >= {right.Start}{(right.End is null ? "" : $" AND ({right.End} IS NULL OR {LastOf(left)} >= {right.End})")}",
        "eq" => Same(left, right),
        _ => $"NOT coalesce({Same(left, right)}, FALSE)",
    };

    /// <summary>What <c>lt</c> means: the first ends before the second starts, or as it starts.</summary>
    public static string Before((string Start, string? End) first, (string Start, string? End) second) =>
        $"{first.Start} < {second.Start}{(first.End is null ? "" : $" AND ({first.End} IS NULL OR {first.End} <= {second.Start})")}";

    private static string Same((string Start, string? End) left, (string Start, string? End) right) =>
        left.End is null && right.End is null
            ? $"{left.Start} = {right.Start}"
            : $"({left.Start} = {right.Start} AND {left.End ?? "NULL"} IS NOT DISTINCT FROM {right.End ?? "NULL"})";

    /// <summary>The last moment an interval touches; an instant itself.</summary>
    public static string LastOf((string Start, string? End) time) => time.End is null ? time.Start : $"coalesce({time.End}, {time.Start})";
}
