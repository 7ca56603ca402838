namespace Madang.Operations.Rules;

/// <summary>
/// The steps of a value that says how many things are so: it changes where one of them begins or ends to be so, and a ladder may
/// move there and where a level has been held for long enough. Between these moments nothing happens, so there are no other steps.
/// </summary>
internal static class CoverSteps
{
    /// <summary>The steps from one moment until another, and the first one after that, as far as is known now.</summary>
    /// <param name="items">For each thing when it is so.</param>
    /// <param name="told">The value of so many.</param>
    /// <param name="unknown">When nothing is known.</param>
    /// <param name="levels">The levels, for the times they are held.</param>
    /// <param name="from">The first moment.</param>
    /// <param name="to">The last.</param>
    /// <param name="also">A moment at which to look again.</param>
    public static (IReadOnlyList<Step> Steps, DateTimeOffset? Next) Of(
        IEnumerable<IEnumerable<Span>> items, Func<int, double> told, IEnumerable<Span> unknown, IReadOnlyList<RuleLevel> levels, DateTimeOffset from, DateTimeOffset to, DateTimeOffset? also = null)
    {
        var changes = new SortedDictionary<DateTimeOffset, (int So, int Unknown)> { [from] = default };
        foreach (var span in items.SelectMany(Span.Join))
        {
            Put(changes, span, from, (1, 0));
        }

        foreach (var span in Span.Join(unknown))
        {
            Put(changes, span, from, (0, 1));
        }

        foreach (var hold in levels.Where(level => level.HoldMinutes > 0).Select(level => TimeSpan.FromMinutes(level.HoldMinutes)).Distinct().ToList())
        {
            foreach (var at in changes.Where(change => change.Value != default || change.Key == from).Select(change => change.Key + hold).ToList())
            {
                changes.TryAdd(at, default);
            }
        }

        if (also is { } moment)
        {
            changes.TryAdd(moment, default);
        }

        return Walk(changes, told, to);
    }

    private static (IReadOnlyList<Step> Steps, DateTimeOffset? Next) Walk(SortedDictionary<DateTimeOffset, (int So, int Unknown)> changes, Func<int, double> told, DateTimeOffset to)
    {
        var (steps, so, unknown) = (new List<Step>(), 0, 0);
        foreach (var (at, change) in changes)
        {
            if (at > to)
            {
                return (steps, at);
            }

            (so, unknown) = (so + change.So, unknown + change.Unknown);
            steps.Add(new Step(at, at, unknown > 0 ? null : told(so)));
        }

        return (steps, null);
    }

    private static void Put(SortedDictionary<DateTimeOffset, (int So, int Unknown)> changes, Span span, DateTimeOffset from, (int So, int Unknown) what)
    {
        if (span.To <= from)
        {
            return;
        }

        Add(span.From > from ? span.From : from, 1);
        if (span.To != DateTimeOffset.MaxValue)
        {
            Add(span.To, -1);
        }

        void Add(DateTimeOffset at, int sign)
        {
            var (so, unknown) = changes.GetValueOrDefault(at);
            changes[at] = (so + (sign * what.So), unknown + (sign * what.Unknown));
        }
    }
}
