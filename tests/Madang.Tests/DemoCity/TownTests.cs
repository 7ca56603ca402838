using Madang.DemoCity.World;
using Madang.Kernel;
using Madang.Sensing.Health;
using NetTopologySuite.Geometries;

namespace Madang.Tests.DemoCity;

public sealed class TownTests
{
    private static readonly DateTimeOffset Monday = new(2026, 7, 19, 15, 0, 0, TimeSpan.Zero);

    private static readonly District[] Districts = [.. Enumerable.Range(0, 25).Select(index => Square(index % 5, index / 5))];

    private static readonly Town Seoul = new(1, Districts, 4);

    [Fact]
    public void The_same_seed_tells_the_same_moment_again_in_any_order()
    {
        var again = new Town(1, Districts, 4);
        var other = new Town(2, Districts, 4);
        var times = Enumerable.Range(0, 50).Select(step => Monday.AddMinutes(2 * step)).ToList();

        var first = times.Select(time => Seoul.Read(Seoul.Sensors[7], time)).ToList();
        var second = times.AsEnumerable().Reverse().Select(time => again.Read(again.Sensors[7], time)).Reverse().ToList();
        var third = times.Select(time => other.Read(other.Sensors[7], time)).ToList();

        Assert.Equal(first, second);
        Assert.NotEqual(first, third);
    }

    [Fact]
    public void Every_reading_of_a_year_stays_in_the_range_of_its_measure()
    {
        var (least, most) = (new double[Measure.Sdot.Count], new double[Measure.Sdot.Count]);
        Array.Fill(least, double.MaxValue);
        Array.Fill(most, double.MinValue);
        for (var time = Monday; time < Monday.AddDays(365); time = time.AddMinutes(97))
        {
            if (Seoul.Read(Seoul.Sensors[(int)(time.ToUnixTimeSeconds() / 60 % Seoul.Sensors.Count)], time) is not { } readings)
            {
                continue;
            }

            for (var measure = 0; measure < readings.Length; measure++)
            {
                least[measure] = Math.Min(least[measure], readings[measure]);
                most[measure] = Math.Max(most[measure], readings[measure]);
            }
        }

        for (var measure = 0; measure < Measure.Sdot.Count; measure++)
        {
            Assert.InRange(least[measure], Measure.Sdot[measure].Least, most[measure]);
            Assert.InRange(most[measure], least[measure], Measure.Sdot[measure].Most);
        }

        Assert.InRange(Of("temperature", least), -20, 0);
        Assert.InRange(Of("temperature", most), 25, 42);
        Assert.InRange(Of("noise", most), 60, 85);
        Assert.InRange(Of("illuminance", most), 60_000, 120_000);
        Assert.Equal(20, Measure.Sdot.Select(measure => measure.Code).Distinct().Count());

        static double Of(string code, double[] values) => values[Measure.Sdot.Select(measure => measure.Code).ToList().IndexOf(code)];
    }

    [Fact]
    public void An_episode_stays_above_both_levels_for_hours_and_spreads_to_the_neighbours_later()
    {
        var cycle = (long)(Monday.ToUnixTimeSeconds() / Episode.Cycle.TotalSeconds) + 1;
        var (origin, start) = (Seoul.Episode.OriginOf(cycle), Seoul.Episode.StartOf(cycle));
        var neighbour = Districts.Where(district => district != origin).MinBy(origin.KilometresTo)!;
        var far = Districts.MaxBy(origin.KilometresTo)!;

        Assert.InRange(HoursAbove(origin, 150), 4, 16);
        Assert.InRange(HoursAbove(origin, 75), HoursAbove(origin, 150), 20);
        Assert.InRange(HoursAbove(neighbour, 75), 3, 20);
        Assert.True(FirstAbove(neighbour) > FirstAbove(origin), "the neighbour comes later");
        Assert.True(HoursAbove(far, 150) == 0, "the far end stays below the warning");
        Assert.Equal(0, HoursAbove(origin, 75, start.AddHours(-1), start));

        double HoursAbove(District district, int level, DateTimeOffset? from = null, DateTimeOffset? to = null) => Dust(district, from ?? start, to ?? start.AddHours(22)).Count(dust => dust.Number >= level) / 6.0;

        DateTimeOffset FirstAbove(District district) => Dust(district, start, start.AddHours(22)).First(dust => dust.Number >= 75).At;
    }

    [Fact]
    public void Rush_hours_are_louder_than_nights_and_workdays_than_weekends()
    {
        var (noise, sensor) = (Measure.Sdot.Select(measure => measure.Code).ToList().IndexOf("noise"), Seoul.Sensors.MaxBy(sensor => sensor.Road)!);

        Assert.True(Mean(0, 8) > Mean(0, 3) + 6, "eight o'clock is louder than three");
        Assert.True(Mean(0, 8) > Mean(5, 8) + 4, "Monday's rush hour is louder than Saturday's");
        Assert.True(new Rhythm(Monday.AddHours(13)).Sun > 0.8, "the sun stands high at one o'clock in July");
        Assert.Equal(0, new Rhythm(Monday.AddHours(2)).Sun);

        double Mean(int day, int hour) => Enumerable.Range(0, 30).Select(minute => Seoul.Read(sensor, Monday.AddDays(day).AddHours(hour).AddMinutes(2 * minute))?[noise]).OfType<double>().Average();
    }

    [Fact]
    public void Sensors_fail_and_drift_and_every_one_comes_back()
    {
        var (silent, drifting) = (0, 0);
        foreach (var sensor in Seoul.Sensors)
        {
            var run = 0;
            for (var time = Monday; time < Monday.AddDays(10); time = time.AddMinutes(10))
            {
                var fault = Faults.At(sensor.Chance, time);
                run = fault.Silent ? run + 1 : 0;
                Assert.True(run < 8 * 6, "eight hours are the longest silence");
                silent += fault.Silent ? 1 : 0;
                drifting += fault.Drift > 1.1 ? 1 : 0;
            }
        }

        Assert.InRange(silent / (Seoul.Sensors.Count * 1440.0), 0.005, 0.05);
        Assert.InRange(drifting / (Seoul.Sensors.Count * 1440.0), 0.01, 0.1);
    }

    [Fact]
    public void Sensors_speak_every_two_minutes_and_not_all_at_once()
    {
        var times = Seoul.Sensors.Select(sensor => sensor.Times(Monday, Monday.AddHours(1), SensorKind.Sdot.Cadence).ToList()).ToList();

        Assert.All(times, each => Assert.Equal(30, each.Count));
        Assert.All(times.SelectMany(each => each.Zip(each.Skip(1))), pair => Assert.Equal(120, (pair.Second - pair.First).TotalSeconds));
        Assert.True(times.Select(each => each[0]).Distinct().Count() > 80, "they are spread over the two minutes");
        Assert.All(Seoul.Sensors, sensor => Assert.All(sensor.Times(Monday, Monday.AddHours(1), 600), time => Assert.Contains(time, sensor.Times(Monday, Monday.AddHours(1), SensorKind.Sdot.Cadence))));
    }

    [Fact]
    public void Ozone_rises_in_sunny_afternoons_and_not_at_night_or_under_clouds()
    {
        var station = Seoul.Stations[12];
        var (summer, winter) = (Days(Monday), Days(Monday.AddDays(182)));

        Assert.All(summer.Select(day => day.IndexOf(day.Max())), hour => Assert.InRange(hour, 11, 18));
        Assert.InRange(summer.Max(day => day.Max()), 0.070, 0.150);
        Assert.InRange(summer.Min(day => day.Max()), 0.010, 0.060);
        Assert.All(summer.Select(day => day[3]), night => Assert.InRange(night, 0.001, 0.020));
        Assert.True(winter.Average(day => day.Max()) < 0.7 * summer.Average(day => day.Max()), "winter has less");

        // Days in Korea, by the hour that ends.
        List<List<double>> Days(DateTimeOffset from) => [.. Enumerable.Range(0, 40)
            .Select(day => Enumerable.Range(0, 24).Select(hour => Seoul.Read(station, from.AddDays(day).AddHours(hour))?[2]).ToList())
            .Where(day => day.TrueForAll(hour => hour is not null)).Select(day => day.ConvertAll(hour => hour!.Value))];
    }

    [Fact]
    public void Air_quality_stations_measure_gases_once_an_hour_in_their_ranges()
    {
        Assert.Equal(["pm10", "pm25", "o3", "no2", "co", "so2"], Measure.Air.Select(measure => measure.Code));
        Assert.Equal(25, Seoul.Stations.Select(station => station.District).Distinct().Count());
        Assert.All(Seoul.Stations, station => Assert.Equal(Enumerable.Range(1, 5).Select(hour => Monday.AddHours(hour)), station.Times(Monday, Monday.AddHours(5), SensorKind.Sdot.Cadence)));
        for (var time = Monday; time < Monday.AddDays(365); time = time.AddHours(7))
        {
            var readings = Seoul.Read(Seoul.Stations[time.Day % 25], time) ?? [];
            Assert.All(readings.Index(), reading => Assert.InRange(reading.Item, Measure.Air[reading.Index].Least, Measure.Air[reading.Index].Most / 3));
        }
    }

    private static IEnumerable<(DateTimeOffset At, double Number)> Dust(District district, DateTimeOffset from, DateTimeOffset to)
    {
        for (var time = from; time < to; time = time.AddMinutes(10))
        {
            var readings = Seoul.Sensors.Where(sensor => sensor.District == district).Select(sensor => Seoul.Read(sensor, time)?[0]).OfType<double>().ToList();
            yield return (time, readings.Count == 0 ? 0 : readings.Average());
        }
    }

    private static District Square(int x, int y)
    {
        var envelope = new Envelope(126.8 + (x * 0.07), 126.87 + (x * 0.07), 37.45 + (y * 0.05), 37.5 + (y * 0.05));
        return new District($"D{x}{y}", $"{x}{y}구", $"D{x}{y}", new GeometryFactory().ToGeometry(envelope));
    }

    [Fact]
    public void In_a_calm_city_next_to_nothing_drifts_but_what_was_made_to()
    {
        var town = new Town(1, Districts, 12);
        var until = Monday.AddDays(9);
        var made = town.Sensors[40];
        bool Drifts(DemoSensor sensor) => Enumerable.Range(0, 24).Any(hour => Faults.At(sensor.Chance, until.AddHours(-hour)).Drift > 1);

        // The hours of eight days, each by six of its moments; the sensors stand as in a city, some hundred metres apart.
        var shifts =
            from sensor in town.Sensors
            let place = sensor.District.Place(sensor.Chance.Of(99))
            let hours = Enumerable.Range(-Shift.Hours, Shift.Hours).Select(hour => (At: until.AddHours(hour), Readings: new[] { 5, 15, 25, 35, 45, 55 }.Select(minute => town.Read(sensor, until.AddHours(hour).AddMinutes(minute))).OfType<double[]>().ToList())).Where(hour => hour.Readings.Count > 0).ToList()
            from measure in Enumerable.Range(0, Measure.Sdot.Count)
            where Measure.Sdot[measure].Symbol != "°"
            let dirt = sensor == made && Measure.Sdot[measure].Code == "pm25" ? 1.6 : 1
            let shift = Shift.Of(hours.Select(hour => new HourMean(hour.At.ToMicros(), hour.Readings.Average(readings => readings[measure]) * (hour.At >= until.AddDays(-1) ? dirt : 1))), until.ToMicros())
            where shift is not null
            select new PlacedShift((town.Sensors.Index().First(each => each.Item == sensor).Index * 100L) + measure, Measure.Sdot[measure].Code, place.X, place.Y, shift.Value);

        var found = Neighbours.Drifting([.. shifts]).Select(each => (Sensor: town.Sensors[(int)(each.Datastream / 100)], Measure: Measure.Sdot[(int)(each.Datastream % 100)].Code)).ToList();
        var wrongly = found.Where(each => each.Sensor != made && !Drifts(each.Sensor)).ToList();

        Assert.False(Drifts(made));
        Assert.Contains((made, "pm25"), found);
        Assert.True(wrongly.DistinctBy(each => each.Sensor).Count() <= 4, $"of {town.Sensors.Count} sensors, wrongly: {string.Join(", ", wrongly.CountBy(each => each.Measure))}; rightly {found.DistinctBy(each => each.Sensor).Count()}, drifting {town.Sensors.Count(Drifts)}");
    }
}
