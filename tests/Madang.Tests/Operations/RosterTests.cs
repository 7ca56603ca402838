using Madang.Operations;
using Madang.Operations.Live;
using Madang.Sensing;

namespace Madang.Tests.Operations;

/// <summary>Who is described once must at every moment be described as who is described anew.</summary>
public sealed class RosterTests
{
    private static readonly DateTimeOffset Start = new(2026, 7, 19, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_thing_that_tells_nothing_new_is_described_again_only_when_its_time_is_up()
    {
        var roster = new Roster(CityData.Real);
        var things = new[] { Told(1, ("pm25", Start, null)) };
        var first = roster.Update(1, things, [], Start.AddMinutes(1));

        Assert.Same(first.Lines, roster.Update(1, things, [], Start.AddMinutes(10)).Lines);
        var old = roster.Update(1, things, [], Start.AddMinutes(10).AddTicks(1));

        Assert.NotSame(first.Lines, old.Lines);
        Assert.Equal((SensorState.Reporting, SensorState.Late), (first.Things[0].Station.State, old.Things[0].Station.State));
        Assert.False(old.Lines.Sensors[0].Readings[0].IsCurrent);
        Assert.True(first.Lines.Sensors[0].Readings[0].IsCurrent, "what was given out before has not changed");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void At_every_moment_it_says_what_a_fresh_one_says(int seed)
    {
        var chance = new Random(seed);
        var things = Enumerable.Range(1, 20).Select(thing => Any(thing, chance, Start)).ToArray();
        var roster = new Roster(CityData.Real);
        DateTimeOffset? clock = Start;
        for (var step = 0; step < 300; step++)
        {
            clock = chance.Next(40) == 0 ? null : (clock ?? Start).AddTicks(chance.NextInt64(-TimeSpan.TicksPerMinute, TimeSpan.TicksPerHour * (chance.Next(20) == 0 ? 200 : 1)));
            var spoken = chance.Next(things.Length);
            things[spoken] = Any(spoken + 1, chance, clock ?? Start);

            var (described, lines) = roster.Update(1, things, [], clock);
            var (fresh, freshLines) = new Roster(CityData.Real).Update(1, things, [], clock);

            Assert.True(lines.SaysTheSame(freshLines), $"seed {seed}, step {step}");
            Assert.Equal(fresh.Select(each => (each.Station, each.Heard)), described.Select(each => (each.Station, each.Heard)));
            Assert.Equal(fresh.Select(each => each.Current.Count), described.Select(each => each.Current.Count));
        }
    }

    [Fact]
    public void Other_names_and_other_things_put_the_lines_in_order_anew()
    {
        var roster = new Roster(CityData.Real);
        var bare = new SensorNow(9, "나", CityData.Real, null, null, null, null, null, SensorState.Silent, true, null, []);
        roster.Update(1, [Told(1, ("pm25", Start, null))], [], Start);

        var lines = roster.Update(2, [Told(2, ("o3", Start, null)), Told(1, ("pm25", Start, null))], [bare], Start).Lines;

        Assert.Equal(["나", "센서 1", "센서 2"], lines.Sensors.Select(sensor => sensor.Name));
        Assert.Equal(["pm25", "o3"], lines.MeasuresFound);
        Assert.Equal((2L, 9L, null), (lines.Find(2)!.Thing, lines.Find(9)!.Thing, lines.Find(3)));
        Assert.Equal(2, roster.Update(2, [Told(2, ("o3", Start, null)), Told(1, ("pm25", Start, null))], [], Start).Lines.Sensors.Count);
    }

    [Fact]
    public void A_thing_whose_last_datastream_goes_while_it_is_looked_at_has_one_line()
    {
        var gone = new SensorNow(1, "센서 1", CityData.Real, null, null, null, null, null, SensorState.Silent, true, null, []);

        var lines = new Roster(CityData.Real).Update(1, [Told(1, ("pm25", Start, null))], [gone], Start).Lines;

        Assert.Equal("pm25", Assert.Single(Assert.Single(lines.Sensors).Readings).Measure);
    }

    private static ThingReadings Any(int thing, Random chance, DateTimeOffset about) => Told(thing, [.. Enumerable.Range(0, chance.Next(1, 4)).Select(index =>
        (((string[])["pm25", "noise", "wind_direction"])[index], chance.Next(8) == 0 ? null : (DateTimeOffset?)about.AddSeconds(chance.Next(-4000, 400)), (TimeSpan?)(chance.Next(2) == 0 ? null : TimeSpan.FromMinutes(chance.Next(1, 90)))))]);

    private static ThingReadings Told(int thing, params (string Measure, DateTimeOffset? At, TimeSpan? Cadence)[] readings) => new([.. readings.Select((reading, index) => new Reading(
        new LatestReading(thing, $"센서 {thing}", (thing * 10) + index, reading.Measure, "㎍/㎥", null, null, false, null, null, null, null, reading.Cadence), null, reading.At, reading.At is null ? null : 12))]);
}
