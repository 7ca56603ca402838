using System.Net;
using System.Text.Json;
using Madang.Operations;
using Madang.Operations.Live;
using Madang.Storage;
using Madang.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Operations;

public sealed class DayTests
{
    /// <summary>Near the end of ten minutes, so that a reading is still current when they end.</summary>
    private static readonly DateTimeOffset Start = new(2026, 7, 19, 5, 8, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task The_day_read_from_the_store_is_the_day_that_was_seen_live(Engine engine)
    {
        var clock = new TestClock(Start);
        await using var city = await TestCity.Start(engine, clock: clock);
        var near = await city.Sensor("가", Start, 10, simulated: true);
        var far = await city.Sensor("나", Start, 20, simulated: true, longitude: 127.063, latitude: 37.497);
        await city.Sensor("다", Start, 0.031, "o3", simulated: true, cadence: 3600);
        await city.Until(snapshot => snapshot.Find("pm25")?.Sensors == 2 && snapshot.Find("o3") is not null);

        // Eight steps of ten minutes; in the fourth the far sensor says nothing.
        for (var step = 1; step <= 8; step++)
        {
            var at = Start.AddMinutes(10 * step);
            if (step != 4)
            {
                // The two are told by different partitions, so the second may overtake the first.
                await city.Observe(far, at.AddSeconds(-1), 20 + step);
                await city.Until(snapshot => snapshot.AsOf == at.AddSeconds(-1));
            }

            await city.Observe(near, at, 10.25 + step);
            await city.Until(snapshot => snapshot.AsOf == at && (step == 4 || snapshot.Find("pm25")?.Sensors == 2));
        }

        var live = await city.Get("/api/city/day?data=simulated");
        await city.Restart();
        await city.Until(snapshot => snapshot.Find("pm25") is not null);
        var read = await city.Get("/api/city/day?data=simulated");

        Assert.Equal((600, 144), (read.GetProperty("stepSeconds").GetInt32(), Curve(read, "pm25").Length));
        Assert.Equal(Curve(live, "pm25"), Curve(read, "pm25"));
        Assert.Equal(Curve(live, "pm25", "11680"), Curve(read, "pm25", "11680"));
        Assert.Equal(Curve(live, "o3", "11110"), Curve(read, "o3", "11110"));
        Assert.Equal([20, 21, 22, 23, null, 25, 26, 27, 28], Curve(read, "pm25", "11680")[^9..]);
        Assert.All(Curve(read, "pm25")[..^9], value => Assert.Null(value));
        // An hourly station counts for 75 minutes: to 6:23, the end of the eighth step, and no longer.
        Assert.Equal([0.031, 0.031, 0.031, 0.031, 0.031, 0.031, 0.031, 0.031, null], Curve(read, "o3", "11110")[^9..]);
        Assert.Equal(["pm25", "pm10", "o3", "temperature", "humidity", "noise"], read.GetProperty("measures").EnumerateObject().Select(measure => measure.Name));
        Assert.Equal(25, read.GetProperty("measures").GetProperty("noise").GetProperty("districts").EnumerateObject().Count());
    }

    [Fact]
    public async Task Readings_of_the_past_change_the_day_and_its_tag()
    {
        var clock = new TestClock(Start);
        await using var city = await TestCity.Start(Engine.Sqlite, clock: clock);
        var datastream = await city.Sensor("가", Start, 10, simulated: true);
        await city.Until(snapshot => snapshot.Find("pm25") is not null);
        var first = await city.Client.GetAsync("/api/city/day?data=simulated", Cancel);
        var tag = first.Headers.ETag!.ToString();
        Assert.Equal(HttpStatusCode.NotModified, await Ask(city, "/api/city/day?data=simulated", tag));

        clock.Advance(TimeSpan.FromMinutes(1));
        await city.Observe(datastream, Start.AddHours(-3), 77);
        await city.Observe(datastream, Start.AddSeconds(1), 11);
        var snapshot = await city.Until(snapshot => snapshot.History["pm25"].Count == 2);

        Assert.Equal(77, snapshot.History["pm25"][0].Value);
        Assert.Equal(77, Curve(await city.Get("/api/city/day?data=simulated"), "pm25")[^19]);
        Assert.Equal(HttpStatusCode.OK, await Ask(city, "/api/city/day?data=simulated", tag));
    }

    [Theory, BothEngines]
    public async Task A_figure_is_told_beside_what_it_was_an_hour_and_a_day_before(Engine engine)
    {
        await using var city = await TestCity.Start(engine, clock: new TestClock(Start));
        var datastream = await city.Sensor("가", Start.AddDays(-1), 20.04, "temperature", simulated: true);
        await city.Observe(datastream, Start.AddMinutes(-50), 21.46);
        await city.Observe(datastream, Start, 23);
        await city.Restart();

        var figure = (await city.Until(snapshot => snapshot.Find("temperature") is not null)).Find("temperature")!;

        Assert.Equal((23.0, 21.46, 20.04), (figure.Value, figure.HourBefore, figure.DayBefore));
        var district = (await city.Get("/api/city/now")).GetProperty("districts").EnumerateArray().Single(district => district.GetProperty("code").GetString() == "11110");
        Assert.Equal(20.04, district.GetProperty("figures")[0].GetProperty("dayBefore").GetDouble());
    }

    [Fact]
    public void Curves_move_with_the_clock_and_forget_what_is_older_than_a_day_and_places_that_are_gone()
    {
        var curves = new DayCurves(1);
        Add(curves, 0, 1, "11110");
        Add(curves, 6, 7, "11110");
        Assert.Equal((1.0, null), (Before(curves).HourBefore, Before(curves).DayBefore));
        Add(curves, 144, 145, "11110");
        Assert.Equal(1, Before(curves).DayBefore);
        Assert.Null(Before(curves).HourBefore);
        Add(curves, 145, 146, "11110");
        Assert.Null(Before(curves).DayBefore);
        Assert.Equal([7, 145, 146], Day(curves).Measures["pm25"].City.Where(value => value is not null));

        Add(curves, 143, 144, "11680");
        Assert.Equal([7, 144], Day(curves).Measures["pm25"].City.Where(value => value is not null));
        Assert.Equal(["11680"], Day(curves).Measures["pm25"].Districts.Keys);
        Add(curves, 10_000, 9, "11680");
        Assert.Equal([9], Day(curves).Measures["pm25"].City.Where(value => value is not null));
        Assert.Equal(DateTimeOffset.UnixEpoch + (DayCurves.Step * (10_000 - 143)), Day(curves).From);
    }

    [Fact]
    public void A_day_without_any_reading_ends_now_and_is_empty()
    {
        var day = new DayCurves(0).ToDay("x", CityData.Real, Start);
        Assert.Equal((144, Start.AddMinutes(-8).AddHours(-24).AddMinutes(10)), (day.Measures["pm25"].City.Count, day.From));
        Assert.All(day.Measures["pm25"].City, value => Assert.Null(value));
    }

    private static void Add(DayCurves curves, int step, double value, string district)
    {
        IReadOnlyList<Figure> figures = [Pm25(value)];
        curves.Add(DateTimeOffset.UnixEpoch + (DayCurves.Step * step), new Dictionary<string, IReadOnlyList<Figure>> { ["city"] = figures, [district] = figures });
    }

    private static Figure Pm25(double value) => new("pm25", "㎍/㎥", value, null, 1, default, default, "");

    private static Figure Before(DayCurves curves) => curves.Compare("city", Pm25(0));

    private static CityDay Day(DayCurves curves) => curves.ToDay("x", CityData.Real, Start);

    private static double?[] Curve(JsonElement day, string measure, string? district = null)
    {
        var curves = day.GetProperty("measures").GetProperty(measure);
        return [.. (district is null ? curves.GetProperty("city") : curves.GetProperty("districts").GetProperty(district)).EnumerateArray().Select(value => value.ValueKind == JsonValueKind.Null ? (double?)null : value.GetDouble())];
    }

    private static async Task<HttpStatusCode> Ask(TestCity city, string address, string tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        return (await city.Client.SendAsync(request, Cancel)).StatusCode;
    }
}
