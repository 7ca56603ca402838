using Madang.Operations;
using Madang.Operations.Air;

namespace Madang.Tests.Operations.Air;

/// <summary>The comprehensive air-quality index, by examples computed by hand.</summary>
public sealed class CleanAirIndexTests
{
    [Theory]
    [InlineData("pm10", 0, 0)]
    [InlineData("pm10", 30, 50)]
    [InlineData("pm10", 31, 51)]
    [InlineData("pm10", 80, 100)]
    // (250 - 101) / (150 - 81) × (100 - 81) + 101 = 142.03
    [InlineData("pm10", 100, 142)]
    [InlineData("pm10", 600, 500)]
    [InlineData("pm10", 900, 500)]
    // (100 - 51) / (35 - 16) × (24 - 16) + 51 = 71.63
    [InlineData("pm25", 24, 72)]
    // 15.4 is published as 15, and 15.5 as 16.
    [InlineData("pm25", 15.4, 50)]
    [InlineData("pm25", 15.5, 51)]
    // 50 / 0.030 × 0.021 = 35
    [InlineData("o3", 0.021, 35)]
    // (250 - 101) / (0.150 - 0.091) × (0.120 - 0.091) + 101 = 174.24
    [InlineData("o3", 0.120, 174)]
    // (100 - 51) / (0.060 - 0.031) × (0.045 - 0.031) + 51 = 74.66
    [InlineData("no2", 0.045, 75)]
    // 50 / 2 × 0.5 = 12.5, half away from zero
    [InlineData("co", 0.5, 13)]
    [InlineData("co", 2.01, 51)]
    [InlineData("so2", 0.004, 10)]
    public void A_concentration_lies_on_the_line_of_its_group(string measure, double value, int index) => Assert.Equal(index, CleanAirIndex.Of(measure, value)!.Index);

    [Fact]
    public void The_highest_counts_and_more_when_two_or_three_are_unhealthy()
    {
        var good = new Dictionary<string, double> { ["pm10"] = 28, ["pm25"] = 12, ["no2"] = 0.02, ["o3"] = 0.02, ["co"] = 0.4, ["so2"] = 0.003 };
        // pm10 28 / 30 × 50 = 46.67
        Assert.Equal((47, 0, AirGrade.Good), Of(good));

        // pm25 (250 - 101) / (75 - 36) × (50 - 36) + 101 = 154.49
        good["pm25"] = 50;
        Assert.Equal((154, 0, AirGrade.Bad), Of(good));

        good["pm10"] = 100;
        Assert.Equal((204, 50, AirGrade.Bad), Of(good));

        good["o3"] = 0.12;
        // o3 174 is the highest now; three are unhealthy.
        Assert.Equal((249, 75, AirGrade.Bad), Of(good));

        good["pm25"] = 490;
        Assert.Equal((500, 75, AirGrade.VeryBad), Of(good));
    }

    [Fact]
    public void Without_one_of_the_four_there_is_no_index_and_it_is_said_which()
    {
        var index = CleanAirIndex.Of(new Dictionary<string, double> { ["pm10"] = 28, ["no2"] = 0.02, ["co"] = 0.4, ["noise"] = 60 });

        Assert.Null(index.Index);
        Assert.Null(index.Grade);
        Assert.Equal(["pm25", "o3"], index.Missing);
        Assert.Equal(["pm10", "no2", "co"], index.Parts.Select(part => part.Measure));
        Assert.Null(CleanAirIndex.Of("pm10", double.NaN));
        Assert.Null(CleanAirIndex.Of("pm10", -1));
    }

    [Fact]
    public void The_mean_of_24_hours_is_foretold_from_twelve_and_four()
    {
        // C12 = (8 × 60 + 4 × 90) / 12 = 70; 90 / 70 = 1.29, so each counts as 67.5; (12 × 70 + 12 × 67.5) / 24 = 68.75
        Assert.Equal(68.75, PredictedMean.Of("pm10", Hours(60, 60, 60, 60, 60, 60, 60, 60, 90, 90, 90, 90))!.Value, 9);
        // Below M nothing sinks: C12 = (8 × 60 + 4 × 69) / 12 = 63; (63 + 69) / 2 = 66
        Assert.Equal(66, PredictedMean.Of("pm10", Hours(60, 60, 60, 60, 60, 60, 60, 60, 69, 69, 69, 69))!.Value, 9);
        // Ratios over 1.7 and under 0.9 do not either: C12 = (8 × 20 + 30 + 30 + 100 + 100) / 12 = 35; 30 / 35 = 0.857, 100 / 35 = 2.857; C4 = 65; (35 + 65) / 2 = 50
        Assert.Equal(50, PredictedMean.Of("pm25", Hours(20, 20, 20, 20, 20, 20, 20, 20, 30, 30, 100, 100))!.Value, 9);
        // Three of four and nine of twelve are enough, and no fewer.
        Assert.Equal(40, PredictedMean.Of("pm10", Hours(null, null, 40, 40, 40, 40, 40, 40, 40, null, 40, 40))!.Value, 9);
        Assert.Null(PredictedMean.Of("pm10", Hours(null, null, null, 40, 40, 40, 40, 40, 40, null, 40, 40)));
        Assert.Null(PredictedMean.Of("pm10", Hours(40, 40, 40, 40, 40, 40, 40, 40, 40, null, null, 40)));
        Assert.Null(PredictedMean.Of("o3", Hours(40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40)));
    }

    private static (int?, int, AirGrade?) Of(Dictionary<string, double> values) => CleanAirIndex.Of(values) is var index ? (index.Index, index.Added, index.Grade) : default;

    private static double?[] Hours(params double?[] hours) => hours;
}
