using System.Globalization;
using System.Text;
using Madang.Operations;
using Madang.Operations.Air;
using Madang.Tests.Hosts;

namespace Madang.Tests.Operations.Air;

/// <summary>The forecast model, on made-up days and on those of Seoul in 2021.</summary>
public sealed class ForecastTests
{
    private static readonly DateOnly First = new(2025, 1, 1);

    [Fact]
    public void A_line_is_found_again_and_what_is_not_there_is_not_made_up()
    {
        // Each day is 5 + half of the day before + a quarter of the one before that.
        double[] days = [40, 10];
        while (days.Length < 100)
        {
            days = [.. days, 5 + (0.5 * days[^1]) + (0.25 * days[^2]) + (days.Length % 7)];
        }

        List<DaySample> samples = [.. Enumerable.Range(2, 98).Select(day => new DaySample(First.AddDays(day), days[day - 1], days[day - 2], 5 + (0.5 * days[day - 1]) + (0.25 * days[day - 2])))];
        Assert.Equal(5 + 10 + 2.5, DayModel.Fit(samples).Foretell(new DaySample(First, 20, 10, double.NaN)), 3);
        Assert.Equal(0, DayModel.Fit(samples).Foretell(new DaySample(First, -90, 0, double.NaN)));

        var few = HeldOut.Of("city", "pm25", 1, samples.GetRange(0, ForecastSkill.FewestDays - 1));
        Assert.Equal((null, null, false), (few.Model, few.Skill, few.IsUsed));
        Assert.True(HeldOut.Of("city", "pm25", 1, samples).Skill > 0.99);
    }

    [Fact]
    public void Bad_days_are_counted_as_the_grades_are()
    {
        // Published 35 is moderate and 36 bad: one hit, one miss, one false alarm.
        var score = HeldOut.Score("pm25", [(35.5, 36), (35.4, 60), (40, 35.4), (10, 10)]);

        Assert.Equal((2, 0.5, 0.5), (score.BadDays, score.Foretold, score.FalseAlarms));
        Assert.Equal((0, null, null), HeldOut.Score("pm25", [(10, 12)]) is var calm ? (calm.BadDays, calm.Foretold, calm.FalseAlarms) : default);
        Assert.Equal(2, HeldOut.Score("pm10", [(10, 12)]).Error);
    }

    [Theory]
    [InlineData("pm25", 7, 1)]
    [InlineData("pm25", 7, 2)]
    [InlineData("pm10", 6, 1)]
    [InlineData("pm10", 6, 2)]
    public void On_days_of_2021_that_it_has_not_seen_the_model_errs_less_than_persistence(string measure, int column, int ahead)
    {
        var days = Days(column);
        List<DaySample> samples = [.. days.Keys.Order().Where(day => days.ContainsKey(day.AddDays(-ahead)) && days.ContainsKey(day.AddDays(-ahead - 1))).Select(day => new DaySample(day, days[day.AddDays(-ahead)], days[day.AddDays(-ahead - 1)], days[day]))];

        var skill = HeldOut.Of("city", measure, ahead, samples);
        var autumn = new DateOnly(2021, 10, 1);
        var model = DayModel.Fit(samples.FindAll(sample => sample.Day < autumn));
        var later = samples.FindAll(sample => sample.Day >= autumn);
        var (foretold, stays) = (HeldOut.Score(measure, later.ConvertAll(sample => (model.Foretell(sample), sample.Value))), HeldOut.Score(measure, later.ConvertAll(sample => (sample.Last, sample.Value))));
        TestContext.Current.TestOutputHelper?.WriteLine($"{measure} +{ahead}: {skill.Days} days, skill {skill.Skill}; model {skill.Model}; persistence {skill.Persistence}\nmade to September, foretold from October: model {foretold}; persistence {stays}");

        Assert.True(skill.Days > 340);
        Assert.True(skill.Skill is > 0.1 and < 0.7, $"skill {skill.Skill}");
        Assert.True(foretold.Error < stays.Error, $"{foretold.Error} against {stays.Error}");
        // A mean squared error makes a careful model: it misses more of the bad days than persistence does, which is why it is no warning.
        Assert.True(skill.Model!.Foretold <= skill.Persistence!.Foretold);
    }

    /// <summary>The mean of all stations, by day.</summary>
    private static Dictionary<DateOnly, double> Days(int column)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var rows = File.ReadLines(SharedData.Find("air/seoul-daily-air-2021.cp949.csv"), Encoding.GetEncoding(949)).Skip(1).Select(line => line.Split(',').Select(cell => cell.Trim('"')).ToArray());
        return rows.Where(row => row[column].Length > 0).GroupBy(row => DateOnly.ParseExact(row[0], "yyyyMMdd", CultureInfo.InvariantCulture), row => double.Parse(row[column], CultureInfo.InvariantCulture)).ToDictionary(day => day.Key, day => day.Average());
    }
}
