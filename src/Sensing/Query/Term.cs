using Madang.Kernel;

namespace Madang.Sensing.Query;

/// <summary>
/// A value in SQL, in each form it can take: a result may be a number in one row and text in the next, so each form is an
/// expression that is NULL where the value is of another kind.
/// </summary>
internal sealed record Term
{
    /// <summary>An expression of type double.</summary>
    public string? Number { get; init; }

    /// <summary>An expression of type text.</summary>
    public string? Text { get; init; }

    /// <summary>An expression that is 1, 0 or NULL.</summary>
    public string? Truth { get; init; }

    /// <summary>Microseconds; <c>End</c> is null where the value can only be an instant.</summary>
    public (string Start, string? End)? Time { get; init; }

    /// <summary>A condition (SQL boolean), for what comparisons and tests give.</summary>
    public string? Condition { get; init; }

    /// <summary>A condition that is true when there is no value; null when there always is one.</summary>
    public string? Missing { get; init; }

    /// <summary>The constant <c>null</c>.</summary>
    public bool IsNull { get; init; }

    /// <summary>What the value can be, for messages.</summary>
    public string Kinds => string.Join(" or ", new[] { (Number, "a number"), (Text, "text"), (Truth ?? Condition, "true/false"), (Time?.Start, "a time") }.Where(form => form.Item1 is not null).Select(form => form.Item2).DefaultIfEmpty("null"));

    /// <summary>This term as a condition.</summary>
    public string AsCondition(string what) =>
        Condition ?? (Truth is { } truth ? $"({truth} = 1)" : throw new InvalidInputException("$filter", $"{what} is {Kinds}, where true or false is needed"));

    /// <summary>This term as 1, 0 or NULL.</summary>
    public string? AsTruth => Truth ?? (Condition is { } condition ? $"CASE WHEN {condition} THEN 1 ELSE 0 END" : null);
}

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
        var forms = new List<string>();
        if (left.Number is not null && right.Number is not null)
        {
            forms.Add($"{left.Number} {sign} {right.Number}");
        }

        if (left.Text is not null && right.Text is not null)
        {
            forms.Add($"{left.Text} {sign} {right.Text}");
        }

        if (left.AsTruth is { } leftTruth && right.AsTruth is { } rightTruth)
        {
            forms.Add($"{leftTruth} {sign} {rightTruth}");
        }

        if (left.Time is { } leftTime && right.Time is { } rightTime)
        {
            forms.Add(OfTimes(comparison, leftTime, rightTime));
        }

        return forms.Count switch
        {
            0 => throw new InvalidInputException("$filter", $"'{comparison}' at position {position + 1} compares {left.Kinds} with {right.Kinds}"),
            1 => $"({forms[0]})",
            _ => $"({string.Join(comparison == "ne" ? " AND " : " OR ", forms.Select(form => $"({form})"))})",
        };
    }

    private static string WithNull(string comparison, Term term, int position)
    {
        var missing = term.IsNull ? "1 = 1" : term.Missing ?? "1 = 0";
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

    private static string Before((string Start, string? End) first, (string Start, string? End) second) =>
        $"{first.Start} < {second.Start}{(first.End is null ? "" : $" AND ({first.End} IS NULL OR {first.End} <= {second.Start})")}";

    private static string Same((string Start, string? End) left, (string Start, string? End) right) =>
        left.End is null && right.End is null
            ? $"{left.Start} = {right.Start}"
            : $"({left.Start} = {right.Start} AND {left.End ?? "NULL"} IS NOT DISTINCT FROM {right.End ?? "NULL"})";

    private static string LastOf((string Start, string? End) time) => time.End is null ? time.Start : $"coalesce({time.End}, {time.Start})";
}
