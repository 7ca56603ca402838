namespace Madang.Operations.Rules;

/// <summary>The value of a signal for a stretch of time, or at one moment when both ends are the same.</summary>
/// <param name="From">Where it begins.</param>
/// <param name="To">Where it ends, not included; what it causes happens then.</param>
/// <param name="Value">The value; null when nothing is known.</param>
internal readonly record struct Step(DateTimeOffset From, DateTimeOffset To, double? Value);

/// <summary>A step from one level to the next.</summary>
/// <param name="At">The end of the step of time whose value caused it.</param>
/// <param name="From">The level before, 0 for none.</param>
/// <param name="To">The level after: one higher or one lower.</param>
/// <param name="Value">The value that caused it.</param>
internal sealed record LadderMove(DateTimeOffset At, int From, int To, double Value);

/// <summary>Where a ladder stands: all that the next step depends on.</summary>
/// <param name="Level">0 for none.</param>
/// <param name="Until">The end of the last step; null before the first.</param>
/// <param name="Since">For each level, since when every value has reached it; null when the last did not.</param>
internal readonly record struct LadderState(int Level, DateTimeOffset? Until, IReadOnlyList<DateTimeOffset?> Since);

/// <summary>
/// Levels of warning with a time to hold and a second value to be lifted (hysteresis). A level is reached through those below
/// it and left through them, never by a leap. A step of which nothing is known, or a pause, ends what was held so far and
/// lifts nothing.
/// </summary>
/// <param name="Levels">From the lowest to the highest.</param>
/// <param name="Side">Which values are the trouble.</param>
/// <param name="Pause">The longest time between two steps that does not end what is held.</param>
internal sealed record Ladder(IReadOnlyList<RuleLevel> Levels, RuleSide Side, TimeSpan Pause)
{
    public LadderState Start { get; } = new(0, null, new DateTimeOffset?[Levels.Count]);

    /// <summary>One step of time; answers where the ladder stands after it, and the moves in their order.</summary>
    public (LadderState State, IReadOnlyList<LadderMove> Moves) Take(LadderState state, Step step)
    {
        if (step.Value is not { } value || !double.IsFinite(value))
        {
            return (state with { Until = step.To, Since = Start.Since }, []);
        }

        var goesOn = state.Until is { } until && step.From - until <= Pause;
        var since = Start.Since;
        if (Reaches(value, Levels[0].From))
        {
            since = [.. Levels.Select((level, index) => (DateTimeOffset?)(!Reaches(value, level.From) ? null : goesOn ? state.Since[index] ?? step.From : step.From))];
        }

        var moves = Moves(state.Level, step.To, value, since);
        return (new LadderState(moves is [.., var last] ? last.To : state.Level, step.To, since), (IReadOnlyList<LadderMove>?)moves ?? []);
    }

    /// <summary>Where the ladder stands at a level after steps that were judged before: only what is held is taken from them.</summary>
    public LadderState Warm(IEnumerable<Step> before, int level) => before.Aggregate(Start with { Level = level }, (state, step) => Take(state, step).State with { Level = level });

    /// <summary>What a history would have done: the same steps as <see cref="Take"/> one by one.</summary>
    public IEnumerable<LadderMove> Try(IEnumerable<Step> history)
    {
        var state = Start;
        foreach (var step in history)
        {
            (state, var moves) = Take(state, step);
            foreach (var move in moves)
            {
                yield return move;
            }
        }
    }

    private List<LadderMove>? Moves(int level, DateTimeOffset at, double value, IReadOnlyList<DateTimeOffset?> since)
    {
        if ((level == 0 && since[0] is null) || (level > 0 && level == Levels.Count && !Lifts(value, Levels[level - 1].Lift)))
        {
            // By far the most steps change nothing.
            return null;
        }

        var moves = new List<LadderMove>();
        while (level < Levels.Count && since[level] is { } reached && at - reached >= TimeSpan.FromMinutes(Levels[level].HoldMinutes))
        {
            moves.Add(new LadderMove(at, level, ++level, value));
        }

        while (level > 0 && (moves.Count == 0 || moves[^1].To < moves[^1].From) && Lifts(value, Levels[level - 1].Lift))
        {
            moves.Add(new LadderMove(at, level, --level, value));
        }

        return moves;
    }

    /// <summary>True for a value that reaches at least the lowest level.</summary>
    public bool ReachesAny(double value) => Reaches(value, Levels[0].From);

    private bool Reaches(double value, double limit) => Side == RuleSide.Above ? value >= limit : value <= limit;

    private bool Lifts(double value, double limit) => Side == RuleSide.Above ? value < limit : value > limit;
}
