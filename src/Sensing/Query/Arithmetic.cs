using Madang.Kernel;

namespace Madang.Sensing.Query;

/// <summary>
/// <c>add sub mul div divby mod</c> and minus (OGC 18-088, table 21): numbers with numbers, times and dates with durations,
/// times with times. An interval counts from its start where a difference is taken, and moves as a whole where a duration is added.
/// </summary>
internal static class Arithmetic
{
    private const long Day = 86_400_000_000L;

    public static Term Of(SqlText sql, Binary sum, Term left, Term right)
    {
        (left, right) = (AsDuration(left, right), AsDuration(right, left));
        return (sum.Operator, left, right) switch
        {
            (_, { Number: { } a }, { Number: { } b }) => new Term { Number = OfNumbers(sql, sum.Operator, a, b) },
            ("add", { Duration: { } a }, { Duration: { } b }) => new Term { Duration = $"({a} + {b})" },
            ("add", { Time: { } time }, { Duration: { } span }) => Moved(time, "+", span),
            ("add", { Duration: { } span }, { Time: { } time }) => Moved(time, "+", span),
            ("add", { Day: { } day }, { Duration: { } span }) => new Term { Day = $"({day} + {span} / {Day})" },
            ("sub", { Duration: { } a }, { Duration: { } b }) => new Term { Duration = $"({a} - {b})" },
            ("sub", { Time: { } time }, { Duration: { } span }) => Moved(time, "-", span),
            ("sub", { Time: { } a }, { Time: { } b }) => new Term { Duration = $"({a.Start} - {b.Start})" },
            ("sub", { Day: { } day }, { Duration: { } span }) => new Term { Day = $"({day} - {span} / {Day})" },
            ("sub", { Day: { } a }, { Day: { } b }) => new Term { Duration = $"(({a} - {b}) * {Day})" },
            ("mul", { Duration: { } span }, { Number: { } times }) => Scaled($"{span} * {times}"),
            ("mul", { Number: { } times }, { Duration: { } span }) => Scaled($"{span} * {times}"),
            ("div" or "divby", { Duration: { } span }, { Number: { } parts }) => Scaled($"{Functions.Real(sql, span)} / nullif({parts}, 0)"),
            _ => throw new InvalidInputException("$filter", $"'{sum.Operator}' at position {sum.Position + 1} cannot be done with {left.Kinds} and {right.Kinds}"),
        };
    }

    public static Term Minus(Term operand, int position) => operand switch
    {
        { Number: { } number } => new Term { Number = $"(- {number})" },
        { Duration: { } span } => new Term { Duration = $"(- {span})" },
        _ => throw new InvalidInputException("$filter", $"'-' at position {position + 1} stands before {operand.Kinds}, where a number or duration is needed"),
    };

    /// <summary>Some clients write a duration as mere text beside a time.</summary>
    private static Term AsDuration(Term term, Term other) =>
        term.Said is { } said && (other.Time ?? (object?)other.Duration ?? other.Day) is not null && Durations.TryParse(said, out var span)
            ? new Term { Duration = $"({span.Ticks / TimeSpan.TicksPerMicrosecond})" }
            : term;

    private static Term Moved((string Start, string? End) time, string sign, string span) =>
        new() { Time = ($"({time.Start} {sign} {span})", time.End is null ? null : $"({time.End} {sign} {span})") };

    /// <summary>What no 64-bit number of microseconds can hold is no duration: it has no value, and the other rows keep theirs.</summary>
    private static Term Scaled(string micros) => new() { Duration = $"CASE WHEN abs({micros}) < 4e18 THEN CAST(round({micros}) AS BIGINT) END" };

    private static string OfNumbers(SqlText sql, string operation, string left, string right) => operation switch
    {
        "add" => $"({left} + {right})",
        "sub" => $"({left} - {right})",
        "mul" => $"({left} * {right})",
        "div" or "divby" => $"({Functions.Real(sql, left)} / nullif({right}, 0))",
        _ => Functions.Remainder(sql, left, right),
    };
}
