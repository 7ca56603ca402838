using System.Net;
using System.Text.Json.Nodes;
using Madang.Sensing.Rollups;
using Madang.Storage;
using Madang.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Sensing.Query;

/// <summary><c>$apply</c> and <c>$thin</c>: what they give equals what is counted by hand, from rollups and from Observations alike.</summary>
public sealed class ApplyTests
{
    private const string All = "aggregate(result with average as mean,result with min as low,result with max as high,result with sum as total,result with count as n)";

    [Theory, BothEngines]
    public async Task Buckets_are_the_same_from_rollups_and_from_observations(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();
        var random = new Random(3);
        await sta.Observe(datastream, [.. Enumerable.Range(0, 900).Select(_ => (random.Next(-3000, 3000), Math.Round(random.NextDouble() * 100, 1)))]);
        await sta.Post($"Datastreams({datastream})/Observations", $$"""{ "phenomenonTime": "{{Sta.At(10)}}", "result": "고장" }""");
        await sta.Post($"Datastreams({datastream})/Observations", $$"""{ "phenomenonTime": "{{Sta.At(590)}}/{{Sta.At(610)}}", "result": 55 }""");
        foreach (var computed in new[] { false, true })
        {
            if (computed)
            {
                var worker = sta.City.Services.GetRequiredService<RollupWorker>();
                while (await worker.ComputeNext(TimeSpan.FromSeconds(-1), TestContext.Current.CancellationToken) > 0)
                {
                    // Until every mark is gone.
                }
            }

            foreach (var width in new[] { "PT10M", "PT1H", "PT6H", "P1D" })
            {
                foreach (var range in new[] { "", $"filter(phenomenonTime ge {Sta.At(-540)} and phenomenonTime lt {Sta.At(900)})/", $"filter(phenomenonTime ge {Sta.At(-540)} and phenomenonTime lt {Sta.At(600)})/" })
                {
                    var fast = await sta.Get($"Datastreams({datastream})/Observations?$apply={range}groupby((bucket(phenomenonTime,{width})),{All})");

                    // A filter on results is in no rollup, so this one reads the Observations; and one of them reaches over minute 600.
                    var slow = await sta.Get($"Datastreams({datastream})/Observations?$apply={range}filter(result ne null and result ne '고장')/groupby((bucket(phenomenonTime,{width})),{All})");
                    Assert.Null(slow["@madang.fromRollups"]);
                    Assert.Equal(range.Contains(Sta.At(600), StringComparison.Ordinal) ? null : true, (bool?)fast["@madang.fromRollups"]);
                    Same(slow, fast, $"{width} {range} {computed}");
                }
            }
        }
    }

    [Theory, BothEngines]
    public async Task Rows_come_in_the_order_that_is_asked_and_in_part(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var streams = new List<long>();
        foreach (var (name, numbers) in ((string, double[])[])[("하나", [1, 3]), ("둘", [9]), ("셋", [2, 2]), ("넷", [])])
        {
            streams.Add(await sta.CreateDatastream(name));
            await sta.Post($"Datastreams({streams[^1]})/Observations", $$"""{ "phenomenonTime": "{{Sta.At(0)}}", "result": "text" }""");
            await sta.Observe(streams[^1], [.. numbers.Select((number, minute) => (minute, number))]);
        }

        async Task<long[]> Order(string options) =>
            [.. (await sta.Get($"Observations?$apply=groupby((Datastream/@iot.id),aggregate(result with average as mean,$count as n))&{options}"))["value"]!.AsArray().Select(row => (long)row!["Datastream/@iot.id"]!)];

        Assert.Equal([streams[1], streams[0], streams[2], streams[3]], await Order("$orderby=mean desc"));
        Assert.Equal([streams[3], streams[1], streams[2], streams[0]], await Order("$orderby=n,Datastream/@iot.id desc"));
        Assert.Equal([streams[0], streams[2]], await Order("$orderby=mean desc&$skip=1&$top=2"));
        Assert.Empty(await Order("$top=0"));
        Assert.Equal(4, (int)(await sta.Get("Observations?$apply=groupby((Datastream/@iot.id))&$count=true&$top=1"))["@iot.count"]!);
    }

    [Theory, BothEngines]
    public async Task Groups_are_by_datastream_thing_property_and_time(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var (one, two) = (await sta.CreateDatastream("하나"), await sta.CreateDatastream("둘"));
        await sta.Observe(one, (0, 1), (2, 3), (70, 8));
        await sta.Observe(two, (0, 10));
        await sta.Post($"Datastreams({two})/Observations", $$"""{ "phenomenonTime": "{{Sta.At(4)}}", "result": "비" }""");

        async Task<string> Apply(string apply, string collection = "Observations") => (await sta.Get($"{collection}?$apply={apply}"))["value"]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

        Assert.Equal("""[{"mean":5.5,"n":5,"kinds":5}]""", await Apply("aggregate(result with average as mean,$count as n,result with countdistinct as kinds)"));
        Assert.Equal($$"""[{"Datastream/@iot.id":{{one}},"total":12},{"Datastream/@iot.id":{{two}},"total":10}]""", await Apply("groupby((Datastream/@iot.id),aggregate(result with sum as total))"));
        Assert.Equal("""[{"Datastream/Thing/name":"둘","high":10},{"Datastream/Thing/name":"하나","high":8}]""", await Apply("groupby((Datastream/Thing/name),aggregate(result with max as high))"));
        Assert.Equal("""[{"Datastream/Thing/properties/rank":7,"n":3}]""", await Apply("filter(result gt 2)/groupby((Datastream/Thing/properties/rank),aggregate($count as n))"));
        Assert.Equal(
            $$"""[{"Datastream/id":{{one}},"phenomenonTime":"2026-07-19T00:00:00.000Z/2026-07-19T01:00:00.000Z","n":2},{"Datastream/id":{{one}},"phenomenonTime":"2026-07-19T01:00:00.000Z/2026-07-19T02:00:00.000Z","n":1}]""",
            await Apply("filter(Datastream/Thing/name eq '하나')/groupby((Datastream/id,bucket(phenomenonTime,PT1H)),aggregate($count as n))"));
        Assert.Equal("""[{"phenomenonTime":"2026-07-18T15:00:00.000Z/2026-07-19T15:00:00.000Z","low":1}]""", await Apply("groupby((bucket(phenomenonTime,duration'P1D')),aggregate(result with min as low))", $"Datastreams({one})/Observations"));
        Assert.Equal($$"""[{"Datastream/@iot.id":{{one}}},{"Datastream/@iot.id":{{two}}}]""", await Apply("groupby((Datastream/@iot.id))"));
        Assert.Equal("[]", await Apply("groupby((bucket(phenomenonTime,PT1H)),aggregate(result with min as low))", $"Datastreams({await sta.CreateDatastream("셋")})/Observations"));
    }

    [Theory, BothEngines]
    public async Task Districts_are_those_that_hold_the_features(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var (jongno, gangnam, sea) = (await sta.CreateDatastream("종로", longitude: 126.98), await sta.CreateDatastream("종로 2", longitude: 126.981), await sta.CreateDatastream("바다", longitude: 120));
        await sta.Observe(jongno, (0, 1), (2, 2));
        await sta.Observe(gangnam, (0, 6));
        await sta.Observe(sea, (0, 100));
        var code = (string)(await sta.Get("/api/places/district?geometry=none"))["features"]!.AsArray().First(one => one!["properties"]!.ToJsonString().Contains("Jongno", StringComparison.Ordinal))!["id"]!;

        var rows = (await sta.Get("Observations?$apply=groupby((district),aggregate(result with average as mean,result with max as high,$count as n))"))["value"]!;
        var hours = (await sta.Get("Observations?$apply=filter(result lt 50)/groupby((bucket(phenomenonTime,PT1H),district),aggregate(result with sum as total))"))["value"]!;

        Assert.Equal($$"""[{"district":null,"mean":100,"high":100,"n":1},{"district":"{{code}}","mean":3,"high":6,"n":3}]""", rows.ToJsonString());
        Assert.Equal($$"""[{"phenomenonTime":"2026-07-19T00:00:00.000Z/2026-07-19T01:00:00.000Z","district":"{{code}}","total":9}]""", hours.ToJsonString());
    }

    [Theory]
    [InlineData("Observations?$apply=groupby((district),aggregate(result with countdistinct as n))", "$apply", 501)]
    [InlineData("Observations?$apply=frob(x)", "$apply", 400)]
    [InlineData("Observations?$apply=aggregate(result with median as m)", "$apply", 400)]
    [InlineData("Observations?$apply=aggregate(result with min as a,result with max as a)", "$apply", 400)]
    [InlineData("Observations?$apply=groupby((bucket(phenomenonTime,PT7H)),aggregate($count as n))", "$apply", 400)]
    [InlineData("Observations?$apply=groupby((bucket(resultTime,PT1H)),aggregate($count as n))", "$apply", 400)]
    [InlineData("Observations?$apply=groupby((Datastream/Observations/id),aggregate($count as n))", "$apply", 400)]
    [InlineData("Observations?$apply=groupby((phenomenonTime),aggregate($count as n))", "$apply", 501)]
    [InlineData("Observations?$apply=aggregate($count as n)&$filter=result gt 1", "$filter", 400)]
    [InlineData("Observations?$apply=aggregate($count as n)&$orderby=m", "$orderby", 400)]
    [InlineData("Observations?$apply=aggregate($count as n)&$orderby=n add 1", "$orderby", 400)]
    [InlineData("Things?$apply=aggregate($count as n)", "$apply", 501)]
    [InlineData("Observations?$thin=50", "$thin", 400)]
    [InlineData("Datastreams(1)/Observations?$thin=0", "$thin", 400)]
    [InlineData("Datastreams(1)/Observations?$thin=50&$orderby=id", "$orderby", 400)]
    [InlineData("Things?$expand=Datastreams($apply=aggregate($count as n))", "$apply", 400)]
    public async Task What_cannot_be_computed_is_refused_by_name(string question, string field, int status)
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        await sta.CreateDatastream();

        Assert.Equal(field, (string)(await sta.Get(question, (HttpStatusCode)status))["field"]!);
    }

    [Theory, BothEngines]
    public async Task Thinning_keeps_extremes_and_exact_times(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();
        await sta.Observe(datastream, [.. Enumerable.Range(0, 3000).Select(minute => (minute, minute == 1234 ? 999.5 : minute == 777 ? -50 : Math.Sin(minute / 100.0)))]);

        var thin = (await sta.Get($"Datastreams({datastream})/Observations?$thin=100&$select=phenomenonTime,result"))["value"]!.AsArray();
        var few = await sta.Get($"Datastreams({datastream})/Observations?$thin=100&$filter=phenomenonTime lt {Sta.At(20)}&$resultFormat=dataArray");

        Assert.InRange(thin.Count, 50, 100);
        Assert.Contains(thin, one => (double)one!["result"]! == 999.5 && (string)one["phenomenonTime"]! == "2026-07-19T20:34:00.000Z");
        Assert.Contains(thin, one => (double)one!["result"]! == -50);
        Assert.Equal(("2026-07-19T00:00:00.000Z", "2026-07-21T01:59:00.000Z"), ((string)thin[0]!["phenomenonTime"]!, (string)thin[^1]!["phenomenonTime"]!));
        Assert.Equal(20, (int)few["value"]![0]!["dataArray@iot.count"]!);
    }

    private static void Same(JsonNode expected, JsonNode actual, string what)
    {
        var (left, right) = (expected["value"]!.AsArray(), actual["value"]!.AsArray());
        Assert.True(left.Count == right.Count && left.Count > 0, $"{what}: {left.Count} rows, not {right.Count}");
        foreach (var (one, other) in left.Zip(right))
        {
            Assert.Equal((string)one!["phenomenonTime"]!, (string)other!["phenomenonTime"]!);
            foreach (var name in new[] { "mean", "low", "high", "total", "n" })
            {
                Assert.Equal((double)one[name]!, (double)other[name]!, 1e-9);
            }
        }
    }
}
