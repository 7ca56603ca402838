using FsCheck;
using FsCheck.Fluent;
using Madang.Kernel;

namespace Madang.Tests.Kernel;

public sealed class TimeIntervalTests
{
    private static readonly Arbitrary<TimeInterval> Intervals =
        (from start in Gen.Choose(0, 2_000_000_000)
         from length in Gen.Frequency((1, Gen.Constant(-1)), (3, Gen.Choose(0, 100_000_000)))
         let first = IsoTime.FromMicros(start * 1_000_003L)
         select length < 0 ? new TimeInterval(first) : new TimeInterval(first, first.AddSeconds(length))).ToArbitrary();

    [Fact]
    public void Every_interval_comes_back_from_its_text() =>
        Prop.ForAll(Intervals, interval => TimeInterval.TryParse(interval.ToString(), out var read) && read == interval).QuickCheckThrowOnFailure();

    [Fact]
    public void A_day_in_Seoul_is_kept_in_UTC()
    {
        Assert.True(TimeInterval.TryParse("2021-01-18T00:00:00+09:00/2021-01-19T00:00:00+09:00", out var day));
        Assert.Equal("2021-01-17T15:00:00.000Z/2021-01-18T15:00:00.000Z", day.ToString());
    }

    [Theory]
    [InlineData("2021-01-19T00:00:00Z/2021-01-18T00:00:00Z")]
    [InlineData("2021-01-19T00:00:00Z/")]
    [InlineData("/2021-01-19T00:00:00Z")]
    [InlineData("2021-01-19T00:00:00Z/P1D")]
    [InlineData(null)]
    public void An_interval_that_ends_before_it_starts_or_lacks_an_end_is_refused(string? text) => Assert.False(TimeInterval.TryParse(text, out _));

    [Fact]
    public void An_interval_made_backwards_is_refused() =>
        Assert.Throws<InvalidInputException>(() => new TimeInterval(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddTicks(-1)));
}
