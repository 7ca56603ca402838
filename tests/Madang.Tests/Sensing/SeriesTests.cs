using System.Net;
using Madang.Kernel;
using Madang.Sensing.Rollups;
using Madang.Storage;
using Madang.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Sensing;

public sealed class SeriesTests
{
    [Theory, BothEngines]
    public async Task A_series_is_exact_before_and_after_its_rollups_are_computed(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();
        var random = new Random(7);
        var truth = new List<(int Minute, double Number)>();
        async Task Observe(int count, int from, int to)
        {
            var batch = Enumerable.Range(0, count).Select(_ => (Minute: random.Next(from, to), Number: Math.Round((random.NextDouble() * 200) - 50, 1))).ToArray();
            truth.AddRange(batch);
            await sta.Observe(datastream, batch);
        }

        await Observe(300, 0, 4000);
        await Check(sta, datastream, truth);
        await Compute(sta);
        await Check(sta, datastream, truth);

        // Late data into hours that are done, data before all, and data into a day that is partly done.
        await Observe(40, 100, 900);
        await Observe(40, -3000, -2000);
        await Check(sta, datastream, truth);
        await Compute(sta);
        await Check(sta, datastream, truth);
    }

    [Theory, BothEngines]
    public async Task A_series_is_exact_after_observations_were_deleted_and_changed(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();
        await sta.Observe(datastream, (0, 10), (1, 20), (2, 30), (70, 40));
        await Compute(sta);
        var ids = await sta.Names($"Datastreams({datastream})/Observations", "@iot.id");

        await sta.Delete($"Observations({ids[2]})");
        await sta.Patch($"Observations({ids[0]})", """{ "result": 12 }""");
        await sta.Patch($"Observations({ids[3]})", """{ "result": "고장" }""");

        foreach (var computed in new[] { false, true })
        {
            if (computed)
            {
                await Compute(sta);
            }

            await Check(sta, datastream, [(0, 12), (1, 20)]);
        }
    }

    [Theory, BothEngines]
    public async Task Text_and_missing_results_are_not_counted_as_numbers(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();
        await sta.Post("CreateObservations", $$"""
            [{ "Datastream": { "@iot.id": {{datastream}} }, "components": ["phenomenonTime", "result"],
               "dataArray": [["{{Sta.At(0)}}", 5], ["{{Sta.At(1)}}", null], ["{{Sta.At(2)}}", "점검"], ["{{Sta.At(3)}}", true]] }]
            """);

        await Check(sta, datastream, [(0, 5)]);
    }

    [Theory, BothEngines]
    public async Task A_day_is_a_day_of_the_city(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();

        // 2026-07-19T14:59Z is still the 19th in Seoul; a minute later it is the 20th.
        await sta.Observe(datastream, (899, 1), (900, 3));

        var points = (await sta.Get($"/api/series/{datastream}?from=2026-07-19T00:00:00Z&to=2026-07-20T00:00:00Z&step=1d"))["points"]!.AsArray();
        Assert.Equal(["2026-07-18T15:00:00.000Z", "2026-07-19T15:00:00.000Z"], points.Select(point => (string)point!["from"]!));
        Assert.Equal([1, 3], points.Select(point => (double)point!["mean"]!));
    }

    [Theory, BothEngines]
    public async Task Days_of_one_zone_are_not_mixed_with_those_of_another(Engine engine)
    {
        await using var store = await TestStore.Create(engine);
        await using (await TestCity.Start(store))
        {
            // The first start keeps the zone with the data.
        }

        var refused = await Assert.ThrowsAsync<InvalidInputException>(() => TestCity.Start(store, settings => settings["Sensing:TimeZone"] = "America/New_York"));

        Assert.Equal("Sensing:TimeZone", refused.Field);
    }

    [Theory]
    [InlineData("from=2026-07-19T00:00:00Z&to=2026-07-20T00:00:00Z&step=1y", "step")]
    [InlineData("from=2026-07-19&to=2026-07-20T00:00:00Z", "from")]
    [InlineData("from=2026-07-19T00:00:00Z", "to")]
    [InlineData("from=2026-07-19T00:00:00Z&to=2026-07-18T00:00:00Z", "to")]
    [InlineData("from=1900-07-19T00:00:00Z&to=2026-07-18T00:00:00Z&step=10m", "step")]
    public async Task A_bad_question_names_what_is_wrong(string query, string field)
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        var datastream = await sta.CreateDatastream();

        Assert.Equal(field, (string)(await sta.Get($"/api/series/{datastream}?{query}", HttpStatusCode.BadRequest))["field"]!);
        await sta.Get("/api/series/99?from=2026-07-19T00:00:00Z&to=2026-07-20T00:00:00Z", HttpStatusCode.NotFound);
    }

    internal static async Task Compute(Sta sta)
    {
        var worker = sta.City.Services.GetRequiredService<RollupWorker>();
        while (await worker.ComputeNext(TimeSpan.FromSeconds(-1), TestContext.Current.CancellationToken) > 0)
        {
            // Until every mark is gone.
        }
    }

    private static async Task Check(Sta sta, long datastream, List<(int Minute, double Number)> truth)
    {
        foreach (var (step, minutes, shift) in new[] { ("10m", 10, 0), ("1h", 60, 0), ("1d", 1440, 540) })
        {
            var expected = truth.Select((one, order) => (one.Minute, one.Number, order)).OrderBy(one => one.Minute).ThenBy(one => one.order)
                .GroupBy(one => (int)Math.Floor((one.Minute + shift) / (double)minutes))
                .Select(bucket => (Count: bucket.Count(), Min: bucket.Min(one => one.Number), Max: bucket.Max(one => one.Number), Mean: bucket.Average(one => one.Number), Last: bucket.Last().Number)).ToList();

            var points = (await sta.Get($"/api/series/{datastream}?from=2026-07-16T00:00:00Z&to=2026-07-24T00:00:00Z&step={step}"))["points"]!.AsArray();

            Assert.Equal(expected.Select(one => (one.Count, one.Min, one.Max, one.Last)), points.Select(one => ((int)one!["count"]!, (double)one["min"]!, (double)one["max"]!, (double)one["last"]!)));
            Assert.All(expected.Zip(points), pair => Assert.Equal(pair.First.Mean, (double)pair.Second!["mean"]!, 1e-9));
        }
    }
}
