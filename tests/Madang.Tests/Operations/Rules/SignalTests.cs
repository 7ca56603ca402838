using Madang.Operations;
using Madang.Operations.Rules;
using Madang.Sensing;

namespace Madang.Tests.Operations.Rules;

/// <summary>What rules make of readings, by numbers worked out by hand.</summary>
public sealed class SignalTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 4, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo Seoul = TimeZoneInfo.FindSystemTimeZoneById("Asia/Seoul");

    [Fact]
    public void A_change_is_measured_against_the_last_reading_that_is_long_enough_ago()
    {
        // 60 minutes: at 60 against 0, at 90 against 30; at 300 the last one (240) is too young and the one before (90) too old.
        Assert.Equal([(0, null), (30, null), (60, 5.0), (90, -1.0), (240, null), (300, 2.0)], Steps(new ChangeSignal(60), (0, 10), (30, 12), (60, 15), (90, 11), (240, 20), (300, 22)));
    }

    [Fact]
    public void A_value_that_stays_counts_its_minutes_from_the_first_time() =>
        Assert.Equal([(0, 0.0), (10, 10.0), (25, 25.0), (30, 0.0), (40, 10.0), (50, 0.0)], Steps(new UnchangedSignal(), (0, 7), (10, 7), (25, 7), (30, 8), (40, 8), (50, 7)));

    [Fact]
    public void Silence_reaches_each_level_at_its_moment_and_ends_with_a_reading()
    {
        List<Step> steps = [];
        var line = ReadingLine.Of(new SilenceSignal(), [Level(30), Level(60)])!;
        line.Wait(Start, steps);
        line.Take(Start, 1, steps);
        line.Wait(Start.AddMinutes(29), steps);
        line.Wait(Start.AddMinutes(45), steps);
        line.Wait(Start.AddMinutes(50), steps);
        line.Take(Start.AddMinutes(100), 1, steps);
        line.Wait(Start.AddMinutes(131), steps);

        Assert.Equal([(0, 0.0), (30, 30.0), (60, 60.0), (100, 0.0), (130, 30.0)], Told(steps));
    }

    [Fact]
    public void An_hour_counts_from_three_quarters_of_what_a_station_should_have_said()
    {
        var two = Stream(TimeSpan.FromMinutes(2));
        SeriesPoint[] hours = [Hour(0, 30, 10), Hour(1, 23, 20), Hour(2, 22, 30)];

        Assert.Equal([10, 20, null], StepSignals.Station(new MeanSignal(), "temperature", hours, two).Select(step => step.Value));
        Assert.Equal([10, 20, 30], StepSignals.Station(new MeanSignal(), "temperature", hours, Stream(null)).Select(step => step.Value));
    }

    [Fact]
    public void A_station_that_speaks_once_an_hour_speaks_of_the_hour_before_unless_it_names_a_span()
    {
        var hourly = Stream(TimeSpan.FromHours(1));

        Assert.Equal([Start.AddHours(4)], StepSignals.Station(new MeanSignal(), "pm25", [Hour(5, 1, 10)], hourly).Select(step => step.From));
        Assert.Equal([Start.AddHours(5)], StepSignals.Station(new MeanSignal(), "pm25", [Hour(5, 1, 10)], hourly with { IsSpan = true }).Select(step => step.From));
    }

    [Fact]
    public void An_area_is_the_mean_or_the_highest_of_the_stations_that_are_known_and_judged_as_published()
    {
        Step[] one = [At(0, 74), At(1, 74), At(2, null)], other = [At(0, 75), At(1, null), At(2, null)];

        // 74.5 is published as 75.
        Assert.Equal([75, 74, null], Area(RuleSum.Mean, "pm25"));
        Assert.Equal([75, 74, null], Area(RuleSum.Max, "pm25"));
        Assert.Equal([74, 74, null], Area(RuleSum.Min, "pm25"));
        Assert.Equal([74.5, 74, null], Area(RuleSum.Mean, "temperature"));

        IEnumerable<double?> Area(RuleSum across, string measure)
        {
            var area = new AreaSteps(across, measure);
            area.Add(other);
            area.Add(one);
            return area.Steps().Select(step => step.Value);
        }
    }

    [Fact]
    public void An_hour_is_compared_with_the_same_hour_of_the_days_before_when_half_of_them_are_known()
    {
        Step[] hours = [At(0, 10), At(24, 14), At(48, 20), At(49, 20), At(72, null), At(96, 30)];

        // Hour 48: (10 + 14) / 2 = 12; hour 96: of the two days before only 48 is known.
        Assert.Equal([null, 4, 8, null, null, 10], StepSignals.Usual(hours, 2).Select(step => step.Value));
    }

    [Fact]
    public void A_schedule_begins_and_ends_in_the_citys_time_also_over_midnight()
    {
        // 4 March 2026 is a Wednesday; 06:00 in Seoul is 21:00 UTC of the day before.
        var day = new ScheduleSignal { FromTime = new(6, 0), UntilTime = new(21, 0), Days = [RuleDay.Wednesday, RuleDay.Friday] };
        Assert.Equal([(0, 1.0), (12, 0.0), (45, 1.0), (60, 0.0)], Hours(day, 96));

        var night = new ScheduleSignal { FromTime = new(22, 0), UntilTime = new(4, 0), Days = [RuleDay.Tuesday] };
        Assert.Equal([(0, 0.0)], Hours(night, 100));
        Assert.Equal([(0, 0.0), (133, 1.0), (139, 0.0)], Hours(night with { Days = [RuleDay.Monday] }, 160));

        var season = new ScheduleSignal { Months = [12, 1, 2, 3] };
        Assert.Equal([(0, 1.0), (663, 0.0)], Hours(season, 24 * 60));

        List<(double, double?)> Hours(ScheduleSignal signal, int hours) => [.. ScheduleSteps.Of(signal, Seoul, Start, Start.AddHours(hours)).Select(step => ((step.From - Start).TotalHours, step.Value))];
    }

    private static List<(double, double?)> Steps(RuleSignal signal, params (int Minute, double Value)[] readings)
    {
        var (line, steps) = (ReadingLine.Of(signal, [Level(1)])!, new List<Step>());
        foreach (var (minute, value) in readings)
        {
            line.Take(Start.AddMinutes(minute), value, steps);
        }

        return Told(steps);
    }

    private static List<(double, double?)> Told(List<Step> steps) => [.. steps.Select(step => ((step.To - Start).TotalMinutes, step.Value))];

    private static RuleLevel Level(double from) => new("level", from, 0, from);

    private static Step At(int hour, double? value) => new(Start.AddHours(hour), Start.AddHours(hour + 1), value);

    private static SeriesPoint Hour(int hour, long count, double mean) => new(Start.AddHours(hour), Start.AddHours(hour + 1), count, mean, mean, mean, mean);

    private static LatestReading Stream(TimeSpan? cadence) => new(1, "", 1, "pm25", "㎍/㎥", null, null, false, null, null, null, null, cadence);
}
