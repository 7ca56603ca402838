using Madang.Operations;
using Madang.Web;
using Madang.Web.Draw;

namespace Madang.Tests.Web;

public sealed class ChartPlanTests
{
    private static readonly TimeZoneInfo Seoul = TimeZoneInfo.FindSystemTimeZoneById("Asia/Seoul");
    private static readonly DateTimeOffset Morning = new(2026, 7, 19, 0, 0, 0, TimeSpan.FromHours(9));

    [Theory]
    [InlineData("ko", 24, "7/19(일)|3시|6시|9시|12시|15시|18시|21시")]
    [InlineData("en", 24, "Sun 19 Jul|03:00|06:00|09:00|12:00|15:00|18:00|21:00")]
    [InlineData("ko", 1, "7/19(일)|00:10|00:20|00:30|00:40|00:50")]
    [InlineData("ko", 7 * 24, "7/19(일)|7/20(월)|7/21(화)|7/22(수)|7/23(목)|7/24(금)|7/25(토)")]
    [InlineData("ko", 31 * 24, "7/20(월)|7/27(월)|8/3(월)|8/10(월)|8/17(월)")]
    [InlineData("ko", 365 * 24, "9월|11월|2027년|3월|5월|7월")]
    [InlineData("en", 365 * 24, "Sep|Nov|2027|Mar|May|Jul")]
    public void Time_is_marked_at_round_times_of_the_city_in_the_reader_s_way(string language, int hours, string expected)
    {
        var ticks = Axis.Times(language == "ko" ? Language.Korean : Language.English, Seoul, Morning, Morning.AddHours(hours));

        Assert.Equal(expected, string.Join('|', ticks.Select(tick => tick.Text)));
        Assert.All(ticks, tick => Assert.InRange(tick.At, 0, 100));
    }

    [Fact]
    public void Time_is_marked_once_an_hour_also_when_clocks_change()
    {
        var newYork = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");
        var spring = new DateTimeOffset(2026, 3, 8, 0, 0, 0, TimeSpan.FromHours(-5));

        var ticks = Axis.Times(Language.English, newYork, spring, spring.AddHours(8));

        Assert.Equal(["Sun 8 Mar", "01:00", "03:00", "04:00", "05:00", "06:00", "07:00", "08:00"], ticks.Select(tick => tick.Text));
    }

    [Fact]
    public void Points_too_far_apart_are_not_joined_and_what_lies_between_is_a_gap()
    {
        var plan = Plan([At(0, 10), At(10, 12), At(20, 11), At(60, 20), At(70, 21)], minutes: 80);

        var gap = Assert.Single(plan.Gaps);
        Assert.Equal((Morning.AddMinutes(20), Morning.AddMinutes(60), 25, 50), (gap.From, gap.To, gap.Left, gap.Width));
        Assert.Equal(2, plan.Lines[0].Path.Count(letter => letter == 'M'));
    }

    [Fact]
    public void What_is_missing_at_the_ends_is_a_gap_but_not_what_cannot_be_known_yet()
    {
        var plan = Plan([At(40, 10), At(50, 12)], minutes: 200, until: 100);

        Assert.Equal([(0, 20), (25, 25)], plan.Gaps.Select(gap => ((int)gap.Left, (int)gap.Width)));
        Assert.Empty(Plan([], minutes: 100, until: 0).Gaps);
        Assert.True(Assert.Single(Plan([], minutes: 100).Gaps).HasRoom);
    }

    [Fact]
    public void A_point_between_two_gaps_is_a_dot_and_no_line()
    {
        var plan = Plan([At(0, 10), At(50, 12), At(100, 11)], minutes: 110);

        Assert.Equal("", plan.Lines[0].Path);
        Assert.Equal([10, 12, 11], plan.Lines[0].Singles.Select(point => point.Value));
    }

    [Fact]
    public void Without_a_known_step_nothing_is_a_gap()
    {
        var plan = new ChartPlan(View([At(0, 10), At(70, 12)], 80) with { Step = TimeSpan.Zero });

        Assert.Empty(plan.Gaps);
        Assert.Single(plan.Lines[0].Path, letter => letter == 'M');
    }

    [Fact]
    public void An_impossible_value_is_marked_on_the_edge_does_not_stretch_the_axis_and_is_not_joined()
    {
        var plan = Plan([At(0, 30), At(10, 31), At(20, -999), At(30, 32), At(40, 33), At(50, 1e300)], minutes: 60);

        Assert.Equal([-999, 1e300], plan.Lines[0].Outside.Select(point => point.Value));
        Assert.InRange(plan.High, 33, 60);
        Assert.Equal(0, plan.Low);
        Assert.Equal((100, 0), (plan.Across(-999), plan.Across(1e300)));
        Assert.Equal(2, plan.Lines[0].Path.Count(letter => letter == 'M'));
        Assert.Equal("−999|1e300", string.Join('|', plan.Lines[0].Outside.Select(point => plan.Say(point.Value))));
    }

    [Theory]
    [InlineData(12, "15")]
    [InlineData(30, "15|35")]
    [InlineData(60, "15|35|75")]
    [InlineData(200, "15|35|75")]
    [InlineData(2, "")]
    public void Only_limits_near_the_values_are_drawn(double highest, string expected)
    {
        var plan = Plan([At(0, 1), At(10, highest)], minutes: 20);

        Assert.Equal(expected, string.Join('|', plan.Limits.Select(limit => limit.Limit.Name)));
    }

    [Fact]
    public void The_name_of_a_limit_stands_where_no_line_passes()
    {
        // Just under 35 at the left, and lower at the right: the name goes over its line.
        var plan = new ChartPlan(View([At(0, 34), At(10, 34), At(20, 33), At(80, 5), At(90, 5), At(100, 4)], 110) with { Step = TimeSpan.FromHours(2) });

        Assert.True(plan.Limits.Single(limit => limit.Limit.Name == "35").Place.HasFlag(LimitPlace.Over));
        Assert.Equal(LimitPlace.Left, new ChartPlan(View([At(0, 60), At(100, 60)], 110)).Limits.Single(limit => limit.Limit.Name == "35").Place);
    }

    [Fact]
    public void The_words_of_the_newest_point_stand_on_no_label_of_the_axis_and_no_name_of_a_limit_on_them()
    {
        var fallen = new ChartPlan(View([At(0, 60), At(80, 60), At(95, 60), At(100, 0.5)], 100));
        Assert.True(Assert.Single(fallen.Ends).Above, "below the point are the hours");

        var near = new ChartPlan(View([.. Enumerable.Range(0, 11).Select(i => At(i * 10, 30))], 100));
        Assert.False(near.Limits.Single(limit => limit.Limit.Name == "35").Place.HasFlag(LimitPlace.Right), "the words of the newest point stand there");
    }

    [Theory]
    [InlineData(10, 60, true)]
    [InlineData(60, 10, false)]
    public void The_words_of_the_newest_point_hide_nothing_of_the_line_before_it(double before, double newest, bool above)
    {
        var points = Enumerable.Range(0, 11).Select(i => At(i * 10, before + ((newest - before) * i / 10.0))).ToList();

        var end = Assert.Single(new ChartPlan(View([.. points], 110)).Ends);

        Assert.Equal(above, end.Above);
        Assert.DoesNotContain(points.TakeLast(2), point => end.Hides(new ChartPlan(View([.. points], 110)).Across(point.Value)));
    }

    [Fact]
    public void Words_of_a_gap_give_way_where_there_is_no_room()
    {
        Assert.Equal([(true, 0), (true, 1), (true, 2), (false, 2)], ((int[])[400, 250, 120, 50]).Select(wide => Plan([At(0, 1), At(wide, 1), At(wide + 10, 1)], minutes: 1000).Gaps[0]).Select(gap => (gap.HasRoom, gap.Level)));
    }

    [Theory]
    [InlineData(12.0, 12.0)]
    [InlineData(11.9, 12.1)]
    [InlineData(-0.1, 0)]
    [InlineData(1e7, 1e7)]
    public void An_axis_holds_its_values_and_has_no_finer_steps_than_the_numbers_have_decimals(double low, double high)
    {
        var view = View([At(0, low), At(10, high)], 20) with { Measure = "something", FromZero = false, Limits = [] };

        var plan = new ChartPlan(view);

        Assert.True(plan.Low <= low && plan.High >= high && plan.High > plan.Low);
        Assert.True(plan.Step > 0.0999, $"{plan.Step}");
        Assert.InRange(plan.YTicks.Count, 3, 9);
        Assert.Equal(plan.YTicks.Count, plan.YTicks.Select(tick => tick.Text).Distinct().Count());
    }

    [Fact]
    public void The_table_says_the_same_as_the_lines_gaps_and_unknown_values_included()
    {
        var view = View([At(0, 30.4), At(10, 31), At(60, 1e6)], 70);
        view = view with { Lines = [view.Lines[0], new ChartLine("서울", [At(10, 20, 15, 25)], "other")], Band = [new ChartRange(Morning, 5, 50)], BandName = "구들" };

        var table = new ChartTable(view, new ChartPlan(view));

        Assert.Equal(["종로 1", "서울", "서울 최저", "서울 최고", "구들 최저", "구들 최고"], table.Columns);
        Assert.Equal(
            [
                "7월 19일(일) 00:00: 30 – – – 5 50", "7월 19일(일) 00:10: 31 20 15 25 – –",
                "7월 19일(일) 00:10 – 7월 19일(일) 01:00: ", "7월 19일(일) 01:00: 1000000 – – – – –",
            ],
            table.Rows().Select(row => $"{row.Time}: {string.Join(' ', row.Cells.Select(cell => cell.Text))}"));
        Assert.False(table.Rows().Last().Cells[0].Plausible);
        Assert.DoesNotContain(table.Rows().SelectMany(row => row.Cells), cell => cell.Value is null && cell.Text != "–");
    }

    private static ChartPoint At(int minute, double value, double? min = null, double? max = null) => new(Morning.AddMinutes(minute), value, null, min, max);

    [Fact]
    public void A_compass_is_drawn_from_north_to_north_and_a_single_value_in_a_range_one_can_read()
    {
        var compass = new ChartPlan(View([At(0, 350), At(10, 10)], 60) with { Measure = "wind_direction", FromZero = false, Limits = [] });
        var single = new ChartPlan(View([At(0, 38)], 60) with { Measure = "temperature", FromZero = false, Limits = [] });

        Assert.Equal(["0", "90", "180", "270", "360"], compass.YTicks.Select(tick => tick.Text));
        Assert.Equal((36, 40), (single.Low, single.High));
    }

    [Theory]
    [InlineData("soil_moisture", -9999, false)]
    [InlineData("soil_moisture", -999.9, false)]
    [InlineData("soil_moisture", -998, true)]
    [InlineData("wind_direction", 361, false)]
    [InlineData("temperature", -999, false)]
    public void What_stands_for_a_missing_value_is_none(string measure, double value, bool plausible) => Assert.Equal(plausible, Plausible.Is(measure, value));

    private static ChartPlan Plan(IReadOnlyList<ChartPoint> points, int minutes, int? until = null) =>
        new(View(points, minutes) with { KnownUntil = until is { } known ? Morning.AddMinutes(known) : null });

    private static ChartView View(IReadOnlyList<ChartPoint> points, int minutes) => new(
        new Visit(Language.Korean, Look.Make(null, null), Seoul, Morning, "/sensors/1", "", "http://localhost"), "chart", "t", "pm25", "㎍/㎥", Morning, Morning.AddMinutes(minutes), TimeSpan.FromMinutes(10), [new ChartLine("종로 1", points)])
    {
        Limits = [new(15, "15"), new(35, "35"), new(75, "75")], FromZero = true,
    };
}
