using FsCheck;
using FsCheck.Fluent;
using Madang.Operations;
using Madang.Operations.Rules;

namespace Madang.Tests.Operations.Rules;

/// <summary>Levels of warning: reached when held, left at once, never leapt over.</summary>
public sealed class LadderTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 4, 0, 0, 0, TimeSpan.FromHours(9));

    /// <summary>PM2.5: 대기환경보전법 시행규칙 별표 7.</summary>
    private static readonly Ladder Fine = new([new("advisory", 75, 120, 35), new("warning", 150, 120, 75)], RuleSide.Above, TimeSpan.Zero);

    [Fact]
    public void An_advisory_is_issued_upgraded_downgraded_and_lifted()
    {
        var moves = Fine.Try(Hours(80, 70, 80, 90, 160, 170, 100, 74, 40, 35, 34));

        Assert.Equal([(4, 0, 1), (6, 1, 2), (8, 2, 1), (11, 1, 0)], moves.Select(move => ((move.At - Start).Hours, move.From, move.To)));
    }

    [Fact]
    public void Two_levels_at_once_are_reached_and_left_one_after_the_other()
    {
        Assert.Equal([(0, 1), (1, 2)], Fine.Try(Hours(160, 160)).Select(move => (move.From, move.To)));
        Assert.Equal([(0, 1), (1, 2), (2, 1), (1, 0)], Fine.Try(Hours(160, 160, 20)).Select(move => (move.From, move.To)));
    }

    [Fact]
    public void An_hour_of_which_nothing_is_known_breaks_what_was_held_and_lifts_nothing()
    {
        Assert.Empty(Fine.Try(Hours(80, null, 80)));
        Assert.Equal([(2, 1), (6, 0)], Fine.Try(Hours(80, 80, null, null, null, 30)).Select(move => ((move.At - Start).Hours, move.To)));
    }

    [Fact]
    public void An_hour_that_is_left_out_is_one_of_which_nothing_is_known() => Prop.ForAll(Values(), values =>
        Assert.Equal(Fine.Try(Hours(values)), Fine.Try(Hours(values).Where(step => step.Value is not null)))).QuickCheckThrowOnFailure();

    [Fact]
    public void Readings_hold_from_the_first_to_the_last_and_a_long_pause_breaks_them()
    {
        var hot = new Ladder([new("hot", 33, 20, 31)], RuleSide.Above, TimeSpan.FromMinutes(30));

        Assert.Equal([(20, 1), (40, 0)], hot.Try(Readings((0, 33), (10, 35), (20, 34), (30, 32), (40, 30))).Select(Told));
        Assert.Equal([(61, 1)], hot.Try(Readings((0, 33), (10, 35), (41, 34), (61, 33))).Select(Told));
        Assert.Equal([(0, 1)], (hot with { Levels = [new("hot", 33, 0, 31)] }).Try(Readings((0, 33), (1, 31))).Select(Told));

        static (double, int) Told(LadderMove move) => ((move.At - Start).TotalMinutes, move.To);
    }

    [Fact]
    public void Low_values_are_the_trouble_where_a_rule_says_so()
    {
        // 한파경보 is about -15 ℃; here only the direction counts.
        var cold = new Ladder([new("cold", -12, 60, -10), new("bitter", -15, 60, -12)], RuleSide.Below, TimeSpan.Zero);

        Assert.Equal([(2, 1), (3, 2), (5, 1), (6, 0)], cold.Try(Hours(-11.9, -12, -15, -12, -11, -9)).Select(move => ((move.At - Start).Hours, move.To)));
    }

    [Fact]
    public void Its_moves_are_single_steps_that_were_held_for() => Prop.ForAll(Values(), values =>
    {
        var level = 0;
        foreach (var move in Fine.Try(Hours(values)))
        {
            var step = (move.At - Start).Hours + ((move.At - Start).Days * 24);
            Assert.Equal(level, move.From);
            Assert.Equal(1, Math.Abs(move.To - move.From));
            level = move.To;
            if (move.To > move.From)
            {
                Assert.All(values[(step - 2)..step], value => Assert.True(value >= Fine.Levels[move.From].From));
            }
            else
            {
                Assert.True(values[step - 1] < Fine.Levels[move.To].Lift);
            }
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void It_stands_the_same_wherever_its_state_was_put_away_and_taken_up_again() => Prop.ForAll(Values(), values =>
    {
        var (state, moves) = (Fine.Start, new List<LadderMove>());
        foreach (var step in Hours(values))
        {
            (state, var more) = Fine.Take(new LadderState(state.Level, state.Until, [.. state.Since]), step);
            moves.AddRange(more);
        }

        Assert.Equal(Fine.Try(Hours(values)), moves);
    }).QuickCheckThrowOnFailure();

    private static IEnumerable<Step> Hours(params double?[] values) => values.Select((value, hour) => new Step(Start.AddHours(hour), Start.AddHours(hour + 1), value));

    private static IEnumerable<Step> Readings(params (int Minute, double Value)[] readings) => readings.Select(each => new Step(Start.AddMinutes(each.Minute), Start.AddMinutes(each.Minute), each.Value));

    private static Arbitrary<double?[]> Values() => Gen.OneOf(Gen.Constant((double?)null), Gen.Choose(0, 220).Select(value => (double?)value)).ArrayOf().ToArbitrary();
}
