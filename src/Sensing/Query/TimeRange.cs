using Madang.Kernel;

namespace Madang.Sensing.Query;

/// <summary>A filter that says no more than from when to when: <c>phenomenonTime ge … and phenomenonTime lt …</c>, in microseconds.</summary>
internal sealed record TimeRange(long? From, long? To)
{
    /// <summary>Null when a filter says anything else.</summary>
    public static TimeRange? Of(Expression? filter) => filter switch
    {
        null => new TimeRange(null, null),
        Binary { Operator: "and" } both when Of(both.Left) is { } left && Of(both.Right) is { } right => new TimeRange(Later(left.From, right.From), Earlier(left.To, right.To)),
        Binary { Operator: "ge", Left: PathExpression { Segments: ["phenomenonTime"] }, Right: Literal { Value: DateTimeOffset from } } => new TimeRange(from.ToMicros(), null),
        Binary { Operator: "lt", Left: PathExpression { Segments: ["phenomenonTime"] }, Right: Literal { Value: DateTimeOffset to } } => new TimeRange(null, to.ToMicros()),
        _ => null,
    };

    private static long? Later(long? one, long? other) => one is { } a && other is { } b ? Math.Max(a, b) : one ?? other;

    private static long? Earlier(long? one, long? other) => one is { } a && other is { } b ? Math.Min(a, b) : one ?? other;
}
