using FsCheck;
using FsCheck.Fluent;
using Madang.Operations.Rules;

namespace Madang.Tests.Operations;

/// <summary>Levels of warning: reached when held, left at once, never leapt over.</summary>
public sealed class LadderTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 4, 0, 0, 0, TimeSpan.FromHours(9));

    /// <summary>PM2.5: 대기환경보전법 시행규칙 별표 7.</summary>
    private static readonly Ladder Fine = new([new("advisory", 75, 2, 35), new("warning", 150, 2, 75)]);

    [Fact]
    public void An_advisory_is_issued_upgraded_downgraded_and_lifted()
    {
        var moves = Fine.Try(History(80, 70, 80, 90, 160, 170, 100, 74, 40, 35, 34));

        Assert.Equal([(4, 0, 1), (6, 1, 2), (8, 2, 1), (11, 1, 0)], moves.Select(move => ((move.At - Start).Hours, move.From, move.To)));
    }

    [Fact]
    public void Two_levels_at_once_are_reached_and_left_one_after_the_other()
    {
        Assert.Equal([(0, 1), (1, 2)], Fine.Try(History(160, 160)).Select(move => (move.From, move.To)));
        Assert.Equal([(0, 1), (1, 2), (2, 1), (1, 0)], Fine.Try(History(160, 160, 20)).Select(move => (move.From, move.To)));
    }

    [Fact]
    public void An_hour_of_which_nothing_is_known_breaks_what_was_held_and_lifts_nothing()
    {
        Assert.Empty(Fine.Try(History(80, null, 80)));
        Assert.Equal([(2, 1), (6, 0)], Fine.Try(History(80, 80, null, null, null, 30)).Select(move => ((move.At - Start).Hours, move.To)));
    }

    [Fact]
    public void Its_moves_are_single_steps_that_were_held_for() => Prop.ForAll(Values(), values =>
    {
        var moves = Fine.Try(History(values));
        var level = 0;
        foreach (var move in moves)
        {
            var step = (move.At - Start).Hours + ((move.At - Start).Days * 24);
            Assert.Equal(level, move.From);
            Assert.Equal(1, Math.Abs(move.To - move.From));
            level = move.To;
            if (move.To > move.From)
            {
                Assert.All(values[(step - 2)..step], value => Assert.True(value >= Fine.Rungs[move.From].From));
            }
            else
            {
                Assert.True(values[step - 1] < Fine.Rungs[move.To].LiftBelow);
            }
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void It_stands_the_same_wherever_its_state_was_put_away_and_taken_up_again() => Prop.ForAll(Values(), values =>
    {
        var cut = values.Length / 2;
        var (state, moves) = (Fine.Start, new List<LadderMove>());
        foreach (var (at, value) in History(values).Take(cut))
        {
            (state, var more) = Fine.Take(state, at, value);
            moves.AddRange(more);
        }

        state = new LadderState(state.Level, [.. state.Reached]);
        foreach (var (at, value) in History(values).Skip(cut))
        {
            (state, var more) = Fine.Take(state, at, value);
            moves.AddRange(more);
        }

        Assert.Equal(Fine.Try(History(values)), moves);
    }).QuickCheckThrowOnFailure();

    private static IEnumerable<(DateTimeOffset, double?)> History(params double?[] values) => values.Select((value, hour) => (Start.AddHours(hour + 1), value));

    private static Arbitrary<double?[]> Values() => Gen.OneOf(Gen.Constant((double?)null), Gen.Choose(0, 220).Select(value => (double?)value)).ArrayOf().ToArbitrary();
}
