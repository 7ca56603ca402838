using FsCheck;
using FsCheck.Fluent;
using Madang.Kernel;

namespace Madang.Tests.Kernel;

public sealed class IsoTimeTests
{
    private static readonly Arbitrary<DateTimeOffset> Instants =
        (from day in Gen.Choose(0, (int)(IsoTime.Latest - IsoTime.Earliest).TotalDays - 1)
         from second in Gen.Choose(0, 86_399)
         from micro in Gen.Frequency((1, Gen.Constant(0)), (1, Gen.Choose(0, 999).Select(milli => milli * 1000)), (3, Gen.Choose(0, 999_999)))
         select IsoTime.Earliest.AddDays(day).AddSeconds(second).AddMicroseconds(micro)).ToArbitrary();

    [Fact]
    public void Every_microsecond_comes_back_from_text_and_from_the_store() => Prop.ForAll(Instants, instant =>
        IsoTime.TryParse(IsoTime.Write(instant), out var read) && read == instant && IsoTime.FromMicros(instant.ToMicros()) == instant).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("2026-07-19T14:20:00+09:00", "2026-07-19T05:20:00.000Z")]
    [InlineData("2026-07-19T05:20:00Z", "2026-07-19T05:20:00.000Z")]
    [InlineData("2026-07-19T05:20Z", "2026-07-19T05:20:00.000Z")]
    [InlineData("2026-07-19T14:20:00+09", "2026-07-19T05:20:00.000Z")]
    [InlineData("2026-07-19T14:20:00.5+0900", "2026-07-19T05:20:00.500Z")]
    [InlineData("20260719T052000Z", "2026-07-19T05:20:00.000Z")]
    [InlineData("2026-07-19T05:20:00.1234567Z", "2026-07-19T05:20:00.123456Z")]
    [InlineData("1969-12-31T23:59:59.9999999Z", "1969-12-31T23:59:59.999999Z")]
    [InlineData("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z")]
    public void The_usual_ways_to_write_an_instant_are_read(string text, string expected)
    {
        Assert.True(IsoTime.TryParse(text, out var instant));
        Assert.Equal(expected, IsoTime.Write(instant));
    }

    [Theory]
    [InlineData("2026-02-29T00:00:00Z")]
    [InlineData("2026-13-01T00:00:00Z")]
    [InlineData("2026-07-19T24:30:00Z")]
    [InlineData("2026-07-19T05:20:00")]
    [InlineData("2026-07-19")]
    [InlineData("9999-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("yesterday, about noon")]
    [InlineData("")]
    [InlineData("2026-07-19T05:20:00+99:00")]
    [InlineData("2026-07-19T05:20:00.00000000000000000000000000000000000000Z")]
    public void Impossible_instants_and_instants_without_zone_are_refused(string text) => Assert.False(IsoTime.TryParse(text, out _));

    [Fact]
    public void Part_of_a_microsecond_is_cut_off_towards_the_past_on_both_sides_of_1970()
    {
        Assert.Equal(-1, DateTimeOffset.UnixEpoch.AddTicks(-1).ToMicros());
        Assert.Equal(0, DateTimeOffset.UnixEpoch.AddTicks(9).ToMicros());
    }
}
