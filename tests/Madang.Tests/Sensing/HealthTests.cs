using System.Text.Json.Nodes;
using Madang.Kernel;
using Madang.Sensing.Health;
using Madang.Sensing.Rollups;
using Madang.Storage;
using Madang.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Sensing;

public sealed class HealthTests
{
    private static readonly DateTimeOffset Noon = new(2026, 7, 19, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task A_stream_that_falls_quiet_is_late_then_silent_and_well_again_when_it_speaks(Engine engine)
    {
        var clock = new TestClock(Noon);
        await using var sta = await Start(engine, clock);
        await sta.CreateDatastream();
        var datastream = await sta.Create("Things(1)/Datastreams", Sta.Datastream(more: """, "properties": { "cadenceSeconds": 60 }"""));
        await Observe(sta, datastream, Noon, 20);

        async Task<string> After(TimeSpan time)
        {
            clock.Advance(time);
            return await Check(sta, deep: false);
        }

        Assert.Equal("", await After(TimeSpan.FromMinutes(5)));
        Assert.Equal($"{datastream} late 301 s", await After(TimeSpan.FromSeconds(1)));
        Assert.Equal($"{datastream} silent 3601 s", await After(TimeSpan.FromSeconds(3300)));

        // Between two checks it grows quieter all the same.
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(3631, (double)(await sta.Get("/api/sensor-health"))["findings"]![0]!["value"]!);
        await Observe(sta, datastream, clock.GetUtcNow(), 20);
        Assert.Equal("", await After(TimeSpan.Zero));
        Assert.Equal("", await After(TimeSpan.FromDays(31)));
    }

    [Theory, BothEngines]
    public async Task How_often_a_stream_speaks_is_learned_from_its_last_day(Engine engine)
    {
        var clock = new TestClock(Noon);
        await using var sta = await Start(engine, clock);
        var datastream = await sta.CreateDatastream();
        for (var minute = -300; minute < 0; minute += 10)
        {
            await Observe(sta, datastream, Noon.AddMinutes(minute), 20 + (minute % 7));
        }

        await SumUp(sta);
        Assert.Equal("", await Check(sta, deep: true));
        clock.Advance(TimeSpan.FromMinutes(21));
        Assert.Equal($"{datastream} late 1860 s", await Check(sta, deep: false));
    }

    [Theory, BothEngines]
    public async Task A_number_that_cannot_be_is_found_by_the_range_that_is_said(Engine engine)
    {
        await using var sta = await Start(engine, new TestClock(Noon));
        var datastream = await sta.CreateDatastream();
        await Observe(sta, datastream, Noon, 99);
        Assert.Equal("", await Check(sta, deep: false));

        await sta.Patch("ObservedProperties(1)", """{ "properties": { "measure": "pm25", "range": [0, 50] } }""");
        Assert.Equal($"{datastream} out-of-range 99 ㎍/㎥", await Check(sta, deep: false));
        await sta.Patch($"Datastreams({datastream})", """{ "properties": { "range": [0, 100] } }""");
        Assert.Equal("", await Check(sta, deep: false));
    }

    [Theory, BothEngines]
    public async Task One_number_for_six_hours_is_stuck_unless_that_is_normal(Engine engine)
    {
        await using var sta = await Start(engine, new TestClock(Noon));
        await sta.CreateDatastream();
        var streams = new List<long>();
        foreach (var (number, properties) in new[] { (21.5, "{}"), (0, "{}"), (21.5, """{ "steady": true }""") })
        {
            var datastream = await sta.Create("Things(1)/Datastreams", Sta.Datastream(more: $$""", "properties": {{properties}}"""));
            streams.Add(datastream);
            for (var minute = -360; minute < 0; minute += 20)
            {
                await Observe(sta, datastream, Noon.AddMinutes(minute), number);
            }
        }

        await SumUp(sta);
        Assert.Equal($"{streams[0]} stuck 21.5 ㎍/㎥", await Check(sta, deep: true));
        await Observe(sta, streams[0], Noon.AddMinutes(-90), 22);
        await SumUp(sta);
        Assert.Equal("", await Check(sta, deep: true));
    }

    [Theory, BothEngines]
    public async Task A_station_that_comes_away_from_its_neighbours_drifts_and_one_that_always_differs_does_not(Engine engine)
    {
        await using var sta = await Start(engine, new TestClock(Noon));
        foreach (var (index, (number, drift)) in new[] { (20.0, 0.0), (21, 0), (60, 0), (20.5, 0), (19.5, 0), (18, 15) }.Index())
        {
            var datastream = await sta.CreateDatastream($"역 {index}", longitude: 126.97 + (index * 0.002));
            for (var hour = -72; hour < 0; hour++)
            {
                await Observe(sta, datastream, Noon.AddHours(hour), number + (hour % 3 * 0.1) + (hour >= -24 ? drift : 0));
            }
        }

        await SumUp(sta);
        Assert.StartsWith("6 drifting 15 ", await Check(sta, deep: true), StringComparison.Ordinal);

        // Directions go round; their mean says nothing.
        await sta.Patch("Datastreams(6)", """{ "unitOfMeasurement": { "name": "degree", "symbol": "°", "definition": "" } }""");
        Assert.Equal("", await Check(sta, deep: true));
    }

    [Fact]
    public void Few_or_far_neighbours_accuse_nobody()
    {
        static PlacedShift At(long id, double longitude, double change) => new(id, "pm25", longitude, 37.5, new Shift(change, 20));

        Assert.Empty(Neighbours.Drifting([At(1, 127, 0), At(2, 127.001, 0), At(3, 127.002, 0), At(4, 127.003, 70)]));
        Assert.Empty(Neighbours.Drifting([At(1, 127, 0), At(2, 127.001, 0), At(3, 127.002, 0), At(4, 127.003, 0), At(5, 128, 70)]));
        Assert.Empty(Neighbours.Drifting([At(1, 127, 0), At(2, 127.001, 0), At(3, 127.002, 0), At(4, 127.003, 0), At(5, 127.004, 3.9)]));
        Assert.Equal([(5, 70)], Neighbours.Drifting([At(1, 127, 0), At(2, 127.001, 0), At(3, 127.002, 0), At(4, 127.003, 0), At(5, 127.004, 70)]));

        // A day that changes everybody accuses nobody, and neither does one that changes each in another way.
        Assert.Empty(Neighbours.Drifting([.. Enumerable.Range(0, 8).Select(id => At(id, 127 + (id * 0.001), 40))]));
        Assert.Empty(Neighbours.Drifting([.. Enumerable.Range(0, 8).Select(id => At(id, 127 + (id * 0.001), id * 5))]));
    }

    [Fact]
    public void A_shift_is_by_the_hour_of_the_day_and_needs_enough_hours()
    {
        var now = Noon.ToMicros();
        IEnumerable<HourMean> Days(int from, Func<int, double> of) => Enumerable.Range(from, -from).Select(hour => new HourMean(now + (hour * Buckets.Hour), of(hour)));
        static double Rush(int hour) => (hour % 24 + 24) % 24 is 8 or 18 ? 90 : 10;

        var level = ((22 * 10) + (2 * 90)) / 24.0;
        Assert.Equal(new Shift(0, level), Shift.Of(Days(-192, Rush), now));
        Assert.Equal(new Shift(5, level), Shift.Of(Days(-192, hour => Rush(hour) + (hour >= -24 ? 5 : 0)), now));
        Assert.Equal(new Shift(0, level), Shift.Of(Days(-192, hour => Rush(hour) + (hour is >= -24 and < -14 ? 500 : 0)), now));

        // One that was cleaned after two days is well at once.
        Assert.Equal(new Shift(0, level), Shift.Of(Days(-192, hour => Rush(hour) + (hour is >= -72 and < -24 ? 20 : 0)), now));
        Assert.Equal(0, Shift.Of(Days(-96, Rush).Where(hour => hour.Start < now - (24 * Buckets.Hour) || hour.Start >= now - (12 * Buckets.Hour)), now)!.Value.Change);
        Assert.Null(Shift.Of(Days(-96, Rush).Where(hour => hour.Start < now - (24 * Buckets.Hour) || hour.Start >= now - (11 * Buckets.Hour)), now));
        Assert.Null(Shift.Of(Days(-48, Rush), now));
    }

    private static Task<Sta> Start(Engine engine, TestClock clock) => Sta.Start(engine, settings => settings["Sensing:HealthSeconds"] = "0", clock);

    private static Task<JsonNode> Observe(Sta sta, long datastream, DateTimeOffset at, double number) =>
        sta.Post($"Datastreams({datastream})/Observations", FormattableString.Invariant($$"""{ "phenomenonTime": "{{at:yyyy-MM-dd'T'HH:mm:ss'Z'}}", "result": {{number}} }"""));

    private static async Task SumUp(Sta sta)
    {
        var worker = sta.City.Services.GetRequiredService<RollupWorker>();
        while (await worker.ComputeNext(TimeSpan.FromSeconds(-1), Cancel) > 0)
        {
            // Until no hour is left.
        }
    }

    /// <summary>Checks, and answers the findings as the API tells them.</summary>
    private static async Task<string> Check(Sta sta, bool deep)
    {
        await sta.City.Services.GetRequiredService<HealthWorker>().Check(deep, Cancel);
        var answer = await sta.Get("/api/sensor-health");
        var findings = answer["findings"]!.AsArray();
        Assert.Equal(findings.Count, answer["counts"]!.AsObject().Sum(count => (int)count.Value!));
        return string.Join(", ", findings.Select(each => $"{each!["datastream"]} {each["what"]} {each["value"]} {each["unit"]}"));
    }
}
