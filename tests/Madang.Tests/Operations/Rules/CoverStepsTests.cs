using FsCheck;
using FsCheck.Fluent;
using Madang.Operations;
using Madang.Operations.Rules;
using Madang.Sensing;

namespace Madang.Tests.Operations.Rules;

/// <summary>What is counted, and who stands near: by numbers worked out another way.</summary>
public sealed class CoverStepsTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 4, 0, 0, 0, TimeSpan.Zero);

    private static readonly Ladder Many = new([new("some", 2, 0, 2), new("many", 3, 7, 2)], RuleSide.Above, TimeSpan.MaxValue);

    [Fact]
    public void Every_step_says_how_many_were_so_at_its_moment() => Prop.ForAll(Items(), items =>
    {
        var (steps, _) = CoverSteps.Of(Spans(items), so => so, [], Many.Levels, Start, At(200));
        Assert.All(steps, step => Assert.Equal(items.Count(item => item.Any(span => At(span.From) <= step.From && step.From < At(span.From + span.Long))), step.Value));
    }).QuickCheckThrowOnFailure();

    /// <summary>The same ladder over every minute, told what is so in each.</summary>
    [Fact]
    public void A_ladder_moves_as_if_it_had_looked_every_minute() => Prop.ForAll(Items(), items =>
    {
        var minutes = Enumerable.Range(0, 200).Select(minute => new Step(At(minute), At(minute), items.Count(item => item.Any(span => span.From <= minute && minute < span.From + span.Long))));
        Assert.Equal(Many.Try(minutes).Select(Told), Many.Try(CoverSteps.Of(Spans(items), so => so, [], Many.Levels, Start, At(199)).Steps).Select(Told));
    }).QuickCheckThrowOnFailure();

    /// <summary>Judged in two stretches, the second from what is held and the level that stands, it moves as in one.</summary>
    [Fact]
    public void Wherever_it_is_judged_again_from_its_moves_are_the_same() => Prop.ForAll(Items(), Gen.Choose(10, 180).ToArbitrary(), (items, cut) =>
    {
        var whole = Many.Try(CoverSteps.Of(Spans(items), so => so, [], Many.Levels, Start, At(199)).Steps).ToList();
        var level = whole.LastOrDefault(move => move.At <= At(cut))?.To ?? 0;
        var (steps, _) = CoverSteps.Of(Spans(items), so => so, [], Many.Levels, At(cut - 7), At(199), At(cut).AddMicroseconds(1));
        var before = steps.TakeWhile(step => step.To <= At(cut)).ToList();
        Assert.Equal(whole.Where(move => move.At > At(cut)).Select(Told), RuleJudge.Go(Many, Many.Warm(before, level), steps.Skip(before.Count)).Moves.Select(Told));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_not_known_is_no_value_and_the_next_moment_is_told()
    {
        var (steps, next) = CoverSteps.Of([[new Span(At(5), At(20))]], so => so, [new Span(DateTimeOffset.MinValue, At(10))], [new("a", 1, 3, 1)], Start, At(12));

        Assert.Equal([(0, null), (3, null), (5, null), (8, null), (10, 1.0)], steps.Select(step => ((step.From - Start).Minutes, step.Value)));
        Assert.Equal(At(13), next);
    }

    [Fact]
    public void A_value_is_compared_with_the_median_of_three_neighbours_or_more()
    {
        Step[] own = [Hour(0, 30), Hour(1, 30), Hour(2, null), Hour(3, 30)];
        Step[] others = [Hour(0, 10), Hour(0, 20), Hour(0, 90), Hour(1, 10), Hour(1, 20), Hour(1, null), Hour(2, 1), Hour(2, 2), Hour(2, 3), Hour(3, 10), Hour(3, 20), Hour(3, 30), Hour(3, 40)];

        Assert.Equal([10, null, null, 5], NeighbourSteps.Of(own, others).Select(step => step.Value));
    }

    [Fact]
    public void The_nearest_are_those_that_a_look_at_all_finds() => Prop.ForAll(Gen.Choose(0, 40).Two().ArrayOf(60).ToArbitrary(), Gen.Choose(3, 8).ToArbitrary(), (places, count) =>
    {
        var streams = places.Select((place, index) => new LatestReading(index / 2, "", index, "pm25", "", 126.9 + (place.Item1 / 500.0), 37.5 + (place.Item2 / 500.0), false, null, null, null, null, null)).ToList();
        var near = new Neighbours(new NeighboursSignal { Count = count, WithinMetres = 2_000 }, streams);
        Assert.All(streams, one => Assert.Equal(
            streams.Where(other => other.Thing != one.Thing).Select(other => (Metres: Madang.Kernel.Globe.Metres(one.Longitude!.Value, one.Latitude!.Value, other.Longitude!.Value, other.Latitude!.Value), other.Datastream))
                .Where(other => other.Metres <= 2_000).Order().Take(count).Select(other => other.Datastream),
            near.Find(one).Select(other => other.Datastream)));
    }).QuickCheckThrowOnFailure();

    private static (DateTimeOffset, int, int) Told(LadderMove move) => (move.At, move.From, move.To);

    private static DateTimeOffset At(int minute) => Start.AddMinutes(minute);

    private static Step Hour(int hour, double? value) => new(Start.AddHours(hour), Start.AddHours(hour + 1), value);

    private static IEnumerable<IEnumerable<Span>> Spans((int From, int Long)[][] items) => items.Select(item => item.Select(span => new Span(At(span.From), At(span.From + span.Long))));

    private static Arbitrary<(int From, int Long)[][]> Items() => Gen.Choose(0, 150).Zip(Gen.Choose(0, 40)).ArrayOf().ArrayOf().ToArbitrary();
}
