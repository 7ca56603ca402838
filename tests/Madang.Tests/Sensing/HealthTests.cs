using System.Text.Json.Nodes;
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
    public async Task A_station_whose_day_lies_far_from_its_neighbours_drifts(Engine engine)
    {
        await using var sta = await Start(engine, new TestClock(Noon));
        foreach (var (index, number) in new[] { 20.0, 21, 19, 20.5, 19.5, 35 }.Index())
        {
            var datastream = await sta.CreateDatastream($"역 {index}", longitude: 126.97 + (index * 0.002));
            for (var hour = -24; hour < 0; hour++)
            {
                await Observe(sta, datastream, Noon.AddHours(hour), number + (hour % 3 * 0.1));
            }
        }

        await SumUp(sta);
        Assert.StartsWith("6 drifting 15", await Check(sta, deep: true), StringComparison.Ordinal);

        // Directions go round; their mean says nothing.
        await sta.Patch("Datastreams(6)", """{ "unitOfMeasurement": { "name": "degree", "symbol": "°", "definition": "" } }""");
        Assert.Equal("", await Check(sta, deep: true));
    }

    [Fact]
    public void Few_or_far_neighbours_accuse_nobody()
    {
        static PlacedMean At(long id, double longitude, double mean) => new(id, "pm25", longitude, 37.5, mean);

        Assert.Empty(Neighbours.Drifting([At(1, 127, 20), At(2, 127.001, 20), At(3, 127.002, 20), At(4, 127.003, 90)]));
        Assert.Empty(Neighbours.Drifting([At(1, 127, 20), At(2, 127.001, 20), At(3, 127.002, 20), At(4, 127.003, 20), At(5, 128, 90)]));
        Assert.Empty(Neighbours.Drifting([At(1, 127, 20), At(2, 127.001, 20), At(3, 127.002, 20), At(4, 127.003, 20), At(5, 127.004, 23.9)]));
        Assert.Equal([(5, 70)], Neighbours.Drifting([At(1, 127, 20), At(2, 127.001, 20), At(3, 127.002, 20), At(4, 127.003, 20), At(5, 127.004, 90)]));
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
