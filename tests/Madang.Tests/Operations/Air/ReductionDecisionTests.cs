using Madang.Operations.Air;

namespace Madang.Tests.Operations.Air;

/// <summary>The decision at 17 o'clock, condition by condition.</summary>
public sealed class ReductionDecisionTests
{
    private static readonly DateOnly Today = new(2026, 3, 4);

    [Theory]
    [InlineData(51.0, false, 51.0, true)]
    [InlineData(50.0, false, 51.0, false)]
    [InlineData(51.0, false, 50.0, false)]
    [InlineData(20.0, true, 51.0, true)]
    [InlineData(20.0, true, 50.0, false)]
    [InlineData(20.0, false, 76.0, true)]
    [InlineData(20.0, false, 75.0, false)]
    [InlineData(null, false, 76.0, true)]
    [InlineData(null, false, 60.0, null)]
    [InlineData(null, null, 40.0, false)]
    [InlineData(90.0, true, null, null)]
    public void Any_one_condition_is_enough_and_what_is_not_known_is_said(double? mean, bool? warned, double? tomorrow, bool? due) =>
        Assert.Equal(due, ReductionDecision.Of(new(Today, mean, warned, tomorrow, null)).IsDue);

    [Fact]
    public void Two_days_above_the_limit_call_for_preliminary_measures()
    {
        Assert.True(ReductionDecision.Of(new(Today, 20, false, 51, 51)).Preliminary.IsMet);
        Assert.False(ReductionDecision.Of(new(Today, 20, false, 51, 50)).Preliminary.IsMet);
        Assert.Null(ReductionDecision.Of(new(Today, 20, false, 51, null)).Preliminary.IsMet);
        Assert.False(ReductionDecision.Of(new(Today, 20, false, 40, null)).Preliminary.IsMet);
    }

    [Fact]
    public void The_sheet_shows_each_figure_beside_its_limit()
    {
        var decision = ReductionDecision.Of(new(Today, 63, true, 58, 44));

        Assert.Equal(new DateOnly(2026, 3, 5), decision.For);
        Assert.Equal([("mean", 63.0, 50.0), ("tomorrow", 58.0, 50.0)], decision.Conditions[0].Figures);
        Assert.Equal([true, true, false], decision.Conditions.Select(condition => condition.IsMet));
    }
}
