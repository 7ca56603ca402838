namespace Madang.Operations.Rules;

/// <summary>
/// Makes the steps of a signal from the readings of one datastream, in order of time. The same object serves a history that is
/// read from the store and readings as they come.
/// </summary>
internal abstract class ReadingLine
{
    /// <summary>A reading at its time; what it makes of it goes to the end of <paramref name="steps"/>.</summary>
    public abstract void Take(DateTimeOffset at, double value, List<Step> steps);

    /// <summary>Time has gone on to <paramref name="now"/> without a reading.</summary>
    public virtual void Wait(DateTimeOffset now, List<Step> steps)
    {
    }

    /// <summary>The line of a signal that goes by readings.</summary>
    public static ReadingLine? Of(RuleSignal signal, IReadOnlyList<RuleLevel> levels) => signal switch
    {
        ReadingSignal => new Plain(),
        ChangeSignal change => new Changing(TimeSpan.FromMinutes(change.OverMinutes)),
        UnchangedSignal => new Unchanged(),
        SilenceSignal => new Silent([.. levels.Select(level => TimeSpan.FromMinutes(level.From))]),
        _ => null,
    };

    private sealed class Plain : ReadingLine
    {
        public override void Take(DateTimeOffset at, double value, List<Step> steps) => steps.Add(new Step(at, at, value));
    }

    /// <summary>Compares with the last reading that is at least so long ago, and not twice as long.</summary>
    private sealed class Changing(TimeSpan over) : ReadingLine
    {
        private readonly Queue<(DateTimeOffset At, double Value)> behind = [];
        private (DateTimeOffset At, double Value)? then;

        public override void Take(DateTimeOffset at, double value, List<Step> steps)
        {
            while (behind.TryPeek(out var oldest) && at - oldest.At >= over)
            {
                then = behind.Dequeue();
            }

            behind.Enqueue((at, value));
            steps.Add(new Step(at, at, then is { } before && at - before.At < over * 2 ? value - before.Value : null));
        }
    }

    private sealed class Unchanged : ReadingLine
    {
        private (DateTimeOffset Since, double Value)? same;

        public override void Take(DateTimeOffset at, double value, List<Step> steps)
        {
            if (same is not { } known || !known.Value.Equals(value))
            {
                same = (at, value);
            }

            steps.Add(new Step(at, at, (at - same.Value.Since).TotalMinutes));
        }
    }

    /// <summary>Between two readings only the moments count at which silence reaches a level.</summary>
    private sealed class Silent(IReadOnlyList<TimeSpan> levels) : ReadingLine
    {
        private DateTimeOffset? heard;
        private int told;

        public override void Take(DateTimeOffset at, double value, List<Step> steps)
        {
            Wait(at, steps);
            (heard, told) = (at, 0);
            steps.Add(new Step(at, at, 0));
        }

        public override void Wait(DateTimeOffset now, List<Step> steps)
        {
            for (; heard is { } last && told < levels.Count && now - last >= levels[told]; told++)
            {
                steps.Add(new Step(last + levels[told], last + levels[told], levels[told].TotalMinutes));
            }
        }
    }
}
