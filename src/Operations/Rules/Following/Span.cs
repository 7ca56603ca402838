namespace Madang.Operations.Rules;

/// <summary>A stretch of time, its end not included.</summary>
/// <param name="From">Its beginning.</param>
/// <param name="To">Its end; <see cref="DateTimeOffset.MaxValue"/> while there is none.</param>
internal readonly record struct Span(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>The same, going on for a while.</summary>
    public Span Lengthen(TimeSpan by) => To == DateTimeOffset.MaxValue ? this : this with { To = To + by };

    /// <summary>The same times without overlaps, in order.</summary>
    public static IEnumerable<Span> Join(IEnumerable<Span> spans)
    {
        Span? open = null;
        foreach (var span in spans.Where(span => span.From < span.To).OrderBy(span => span.From))
        {
            if (open is { } before && span.From <= before.To)
            {
                open = before with { To = span.To > before.To ? span.To : before.To };
                continue;
            }

            if (open is { } done)
            {
                yield return done;
            }

            open = span;
        }

        if (open is { } last)
        {
            yield return last;
        }
    }
}
