namespace Madang.Operations.Rules;

/// <summary>One level of warning: when it is reached, and when it is left again.</summary>
/// <param name="Name">Its word, such as <c>advisory</c>.</param>
/// <param name="From">The value from which it is reached.</param>
/// <param name="Hold">How many steps in a row must reach it.</param>
/// <param name="LiftBelow">The value below which it is left, at once; at most <paramref name="From"/>.</param>
internal sealed record Rung(string Name, double From, int Hold, double LiftBelow);

/// <summary>A step from one level to the next.</summary>
/// <param name="At">The end of the step of time whose value caused it.</param>
/// <param name="From">The level before, 0 for none.</param>
/// <param name="To">The level after: one higher or one lower.</param>
/// <param name="Value">The value that caused it.</param>
internal sealed record LadderMove(DateTimeOffset At, int From, int To, double Value);

/// <summary>Where a ladder stands, and how many last steps in a row have reached each rung: all that the next step depends on.</summary>
internal sealed record LadderState(int Level, IReadOnlyList<int> Reached)
{
    public static LadderState Nothing(int rungs) => new(0, new int[rungs]);
}

/// <summary>
/// Levels of warning with a time to hold and a lower value to be lifted (hysteresis). A level is reached through those below
/// it and left through them, never by a leap. A step of which nothing is known ends what was held so far and lifts nothing.
/// </summary>
/// <param name="Rungs">From the lowest level to the highest.</param>
internal sealed record Ladder(IReadOnlyList<Rung> Rungs)
{
    public LadderState Start => LadderState.Nothing(Rungs.Count);

    /// <summary>One step of time; answers where the ladder stands after it, and the moves in their order.</summary>
    public (LadderState State, IReadOnlyList<LadderMove> Moves) Take(LadderState state, DateTimeOffset at, double? value)
    {
        if (value is not { } known)
        {
            return (state with { Reached = new int[Rungs.Count] }, []);
        }

        int[] reached = [.. Rungs.Select((rung, index) => known >= rung.From ? state.Reached[index] + 1 : 0)];
        var (level, moves) = (state.Level, new List<LadderMove>());
        while (level < Rungs.Count && reached[level] >= Rungs[level].Hold)
        {
            moves.Add(new LadderMove(at, level, ++level, known));
        }

        while (moves.Count == 0 || moves[^1].To < moves[^1].From)
        {
            if (level == 0 || known >= Rungs[level - 1].LiftBelow)
            {
                break;
            }

            moves.Add(new LadderMove(at, level, --level, known));
        }

        return (new LadderState(level, reached), moves);
    }

    /// <summary>What a history would have done; the same steps as <see cref="Take"/> one by one.</summary>
    public IReadOnlyList<LadderMove> Try(IEnumerable<(DateTimeOffset At, double? Value)> history)
    {
        var (state, all) = (Start, new List<LadderMove>());
        foreach (var (at, value) in history)
        {
            (state, var moves) = Take(state, at, value);
            all.AddRange(moves);
        }

        return all;
    }
}
