namespace Madang.Operations.Cap;

/// <summary>One message that is due: what it says, when it is said, and what it is to those before.</summary>
internal sealed record CapDue(CapSaying Saying, DateTimeOffset Sent, CapKind Kind, IReadOnlyList<CapReference> References);

/// <summary>
/// Which messages of an alert are due, a function of its story, of what was given out, and of the clock. Each change is a
/// message of its own, sent when it happened; what goes on is said again every three hours. Nothing is said whose end has
/// passed: after a time of standstill only what is so now. What happened while it was worked on is said when the work is over, as it
/// stands then.
/// </summary>
internal static class CapPlan
{
    /// <summary>How long a message holds, and after how long it is renewed while it goes on: receivers may miss one renewal.</summary>
    public static readonly TimeSpan Validity = TimeSpan.FromHours(6), Renewal = TimeSpan.FromHours(3);

    /// <summary>The sender's name for a message: when, the alert, and its place in the chain.</summary>
    public delegate CapReference Naming(int number, DateTimeOffset sent);

    /// <param name="chain">The alert, and what was given out.</param>
    /// <param name="now">The clock.</param>
    /// <param name="name">Names a message.</param>
    /// <param name="windows">When it was worked on; over all of them by now.</param>
    /// <returns>The messages, and when the last one given out is to be renewed; null when nothing goes on.</returns>
    public static (IReadOnlyList<CapDue> Due, DateTimeOffset? RenewAt) Of(CapChain chain, DateTimeOffset now, Naming name, IReadOnlyList<MaintenanceWindow>? windows = null)
    {
        var story = CapStory.Of(chain.Lines, chain.IsStorm);
        var goesOn = story.Count > 0 && !story[^1].IsEnd;
        var said = new List<(CapReference Name, DateTimeOffset Expires)>(chain.Said.Reverse());
        var due = new List<CapDue>();
        var (clock, number) = (Whole(now), chain.Number);
        for (var place = 0; place < story.Count; place++)
        {
            var saying = story[place];
            var at = saying.IsEnd ? saying.At : AfterWork(saying.At, windows);
            if (saying.Line <= chain.Line || (at > saying.At && place + 1 < story.Count && story[place + 1].At <= at))
            {
                continue;
            }

            var isOver = Whole(at) + Validity <= clock;
            if ((isOver && (saying.IsEnd || saying != story[^1])) || (number == 0 && (saying.IsEnd || !goesOn)))
            {
                // Of what is over before anything was given out, nothing is: late data, and what went into the alert for many.
                continue;
            }

            Add(saying, isOver ? clock : Whole(at));
        }

        if (due.Count == 0 && number > 0 && goesOn && chain.Lines[^1].Id <= chain.Line && said[^1].Name.Sent + Renewal is var next && next <= clock)
        {
            var missed = (clock - next).Ticks / Renewal.Ticks;
            Add(story[^1] with { Line = null, News = CapNews.Renewed }, Whole(AfterWork(next + (Renewal * missed), windows)));
        }

        return (due, goesOn && said.Count > 0 ? said[^1].Name.Sent + Renewal : null);

        void Add(CapSaying saying, DateTimeOffset sent)
        {
            sent = said.Count > 0 && said[^1].Name.Sent > sent ? said[^1].Name.Sent : sent;
            var kind = number == 0 ? CapKind.Alert : saying.IsEnd ? CapKind.Cancel : CapKind.Update;
            // Those that still hold; of a chain that has run out the last one.
            var references = said.Where((each, index) => each.Expires > sent || index == said.Count - 1).Select(each => each.Name);
            due.Add(new CapDue(saying, sent, kind, [.. references]));
            said.Add((name(++number, sent), sent + Validity));
        }
    }

    /// <summary>The moment itself, or the end of the work in which it lies.</summary>
    private static DateTimeOffset AfterWork(DateTimeOffset at, IReadOnlyList<MaintenanceWindow>? windows)
    {
        while (windows?.FirstOrDefault(window => window.LastsAt(at)) is { } work)
        {
            at = work.OverAt;
        }

        return at;
    }

    /// <summary>The time of a message has no parts of seconds.</summary>
    private static DateTimeOffset Whole(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerSecond));
}
