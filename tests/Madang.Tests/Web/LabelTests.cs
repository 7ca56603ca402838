using Madang.Web.Draw;
using Madang.Web.Text;

namespace Madang.Tests.Web;

public sealed class LabelTests
{
    [Fact]
    public void Names_on_a_map_that_stand_on_each_other_part_and_others_stay()
    {
        (string, double, double)[] names = [("Yangcheon", 200, 500), ("Yeongdeungpo", 300, 505), ("Nowon", 700, 100)];

        var heights = MapLabels.Spread(names);

        Assert.True(heights[1] - heights[0] >= 41, $"{heights[0]} {heights[1]}");
        Assert.Equal(100, heights[2]);
        Assert.All(names.Zip(heights), pair => Assert.InRange(Math.Abs(pair.Second - pair.First.Item3), 0, 26));
    }

    [Theory]
    [InlineData("종로구의 초미세먼지는 164 ㎍/㎥입니다.", "㎍/㎥", "종로구의 초미세먼지는 164\u00A0㎍\u2060/\u2060㎥입니다.")]
    [InlineData("관악구(53.3)에서 가장 높습니다.", "dB", "관악구\u2060(53.3)\u2060에서 가장 높습니다.")]
    [InlineData("No data.", null, "No data.")]
    public void A_line_does_not_end_between_a_number_and_its_unit_or_a_bracket_and_its_particle(string sentence, string? unit, string expected) =>
        Assert.Equal(expected, Bound.Sentence(sentence, unit));

    [Theory]
    [InlineData("pm25", 15, 35, "16–35")]
    [InlineData("o3", 0.03, 0.09, "0.031–0.090")]
    public void A_limit_belongs_to_the_class_below_it(string measure, double below, double to, string expected) =>
        Assert.Equal(expected, Reading.Between(measure, below, to));
}
