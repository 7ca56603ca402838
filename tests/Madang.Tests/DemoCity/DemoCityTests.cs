using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Madang.DemoCity;
using Madang.DemoCity.City;
using Madang.DemoCity.Run;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing;

namespace Madang.Tests.DemoCity;

/// <summary>The simulation in a real city, through its door.</summary>
public sealed class DemoCityTests
{
    [Theory, BothEngines]
    public async Task Sensors_stand_inside_their_districts_marked_as_simulated_and_a_restart_doubles_nothing(Engine engine)
    {
        var clock = new TestClock();
        await using var sta = await Sta.Start(engine, clock: clock);
        var cancel = TestContext.Current.CancellationToken;

        var first = await Run(sta, clock);
        Assert.Equal(50, first.Sensors);
        Assert.Equal((50, 650), (await Count(sta, "Things"), await Count(sta, "Datastreams")));
        var thing = (await sta.Get("Things?$filter=properties/district eq '11110' and properties/kind eq 'sdot'&$expand=Locations"))["value"]![0]!;
        Assert.True((bool)thing["properties"]!["simulated"]!);
        Assert.Contains("모의 데이터", (string)thing["properties"]!["source"]!, StringComparison.Ordinal);
        var place = thing["Locations"]![0]!["location"]!["coordinates"]!.AsArray().Select(number => (double)number!).ToArray();
        var district = first.Town.Districts.Single(one => one.Code == "11110");
        Assert.True(district.Shape.Contains(new NetTopologySuite.Geometries.Point(place[0], place[1])), "inside 종로구");

        var live = await first.Send(first.Begin, first.Begin.AddMinutes(4), cancel);
        Assert.Equal(first.Begin.AddMinutes(4), live);
        await first.FillIn(TimeSpan.Zero, cancel);
        var stored = await Count(sta, "Observations");
        // 25 sensors of 20 measures: 30 readings in the last hour, 138 before it and 2 live; 25 stations of 6: 24; some are silent.
        Assert.InRange(stored, (25 * 20 * 140) + (25 * 6 * 20), (25 * 20 * 170) + (25 * 6 * 24));

        clock.Advance(TimeSpan.FromMinutes(4));
        var second = await Run(sta, clock);
        await second.FillIn(TimeSpan.Zero, cancel);
        Assert.Equal((50, stored), (await Count(sta, "Things"), await Count(sta, "Observations")));

        clock.Advance(TimeSpan.FromHours(2));
        var third = await Run(sta, clock);
        await third.FillIn(TimeSpan.Zero, cancel);
        var grown = await Count(sta, "Observations") - stored;
        Assert.InRange(grown, (25 * 20 * 9) + (25 * 6), (25 * 20 * 12) + (25 * 6 * 2));
        await third.FillIn(TimeSpan.Zero, cancel);
        Assert.Equal(stored + grown, await Count(sta, "Observations"));
        Assert.Equal(50, (await sta.Get("Datastreams?$filter=properties/measure eq 'pm25'&$expand=Observations($select=phenomenonTime;$top=1000)&$top=100"))["value"]!.AsArray()
            .Count(stream => Times(stream!).Count == Times(stream!).Distinct().Count()));
    }

    [Fact]
    public async Task Hourly_stations_give_every_district_ozone_all_the_hour_long_and_count_as_reporting()
    {
        var clock = new TestClock(new DateTimeOffset(2026, 7, 19, 5, 50, 0, TimeSpan.Zero));
        await using var sta = await Sta.Start(Engine.Sqlite, clock: clock);
        await Run(sta, clock);

        JsonNode now;
        JsonNode? ozone;
        var patience = TimeProvider.System.GetTimestamp();
        do
        {
            Assert.True(TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(20), "the stations are heard");
            await Task.Delay(50, TestContext.Current.CancellationToken);
            now = await sta.Get("/api/city/now?data=simulated");
            ozone = now["figures"]!.AsArray().SingleOrDefault(figure => (string)figure!["measure"]! == "o3");
        }
        while (ozone is null);

        Assert.Equal(("ppm", "2026-07-19T05:00:00+00:00"), ((string)ozone["unit"]!, (string)ozone["asOf"]!));
        Assert.InRange((int)ozone["sensors"]!, 20, 25);
        Assert.Equal((0, 0), ((int)now["sensors"]!["late"]!, (int)now["sensors"]!["silent"]!));
        Assert.NotNull(ozone["grade"]);
        Assert.True((bool)(await sta.Get("Datastreams?$filter=properties/measure eq 'o3'&$top=1"))["value"]![0]!["properties"]!["simulated"]!);
    }

    [Fact]
    public async Task Time_that_ran_ahead_is_gone_on_from()
    {
        var clock = new TestClock();
        await using var sta = await Sta.Start(Engine.Sqlite, clock: clock);
        var fast = new DemoOptions(1, 600, 1);
        var first = await Run(sta, clock, fast);
        var reached = first.Begin;
        while (reached < first.Begin.AddHours(10))
        {
            reached = await first.Send(reached, first.Begin.AddHours(10), TestContext.Current.CancellationToken);
        }

        var second = await Run(sta, clock, fast);

        Assert.InRange(second.Begin, reached.AddMinutes(-10), reached);
        Assert.Equal(600, second.Cadence);
    }

    [Fact]
    public async Task The_real_binary_fills_the_city_within_seconds_stops_at_once_and_goes_on()
    {
        await using var store = await TestStore.Create(Engine.Sqlite);
        foreach (var _ in new[] { "fresh", "again" })
        {
            await using var server = RealServer.Start(null, "demo", "--data", store.Folder, "--urls", "http://127.0.0.1:0", "--sensors", "1");
            await server.UntilServing();
            using var client = new HttpClient { BaseAddress = server.Url };
            var patience = TimeProvider.System.GetTimestamp();
            while ((int)JsonNode.Parse(await client.GetStringAsync("/sta/v1.1/Observations?$count=true&$top=0", TestContext.Current.CancellationToken))!["@iot.count"]! < 400)
            {
                Assert.True(TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(20), server.Output);
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }

            var stopping = TimeProvider.System.GetTimestamp();
            server.Signal(PosixSignal.SIGINT);
            Assert.Equal(0, await server.UntilEnd());
            Assert.True(TimeProvider.System.GetElapsedTime(stopping) < TimeSpan.FromSeconds(5), "it stops in under five seconds");
            Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("--speed 0", "--speed: must be a number above 0")]
    [InlineData("--speed abc", "--speed: must be a number above 0")]
    [InlineData("--sensors 1000", "--sensors: must be a whole number from 1 to 100")]
    [InlineData("--seed x", "x")]
    public async Task Impossible_wishes_are_refused(string words, string expected)
    {
        await using var server = RealServer.Start(null, ["demo", .. words.Split(' ')]);

        Assert.Equal(2, await server.UntilEnd());
        Assert.Contains(expected, server.Output, StringComparison.Ordinal);
    }

    private static async Task<Simulation> Run(Sta sta, TestClock clock, DemoOptions? options = null)
    {
        var simulation = new Simulation(new CityDoor(sta.City.Client, clock), options ?? new DemoOptions(1, 1, 1), clock);
        await simulation.SetUp(TestContext.Current.CancellationToken);
        return simulation;
    }

    private static async Task<int> Count(Sta sta, string set) => (int)(await sta.Get($"{set}?$count=true&$top=0"))["@iot.count"]!;

    private static List<string> Times(JsonNode stream) => [.. stream["Observations"]!.AsArray().Select(observation => (string)observation!["phenomenonTime"]!)];
}
