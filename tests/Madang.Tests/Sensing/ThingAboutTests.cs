using System.Net;
using System.Text;
using Madang.Kernel;
using Madang.Sensing;
using Madang.Storage;
using Madang.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Sensing;

public sealed class ThingAboutTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task A_thing_tells_what_it_is_where_it_stands_and_what_it_measures(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var thing = await sta.Create("Things", Sta.Thing());
        var stream = (long)(await sta.Get($"Things({thing})/Datastreams"))["value"]![0]!["@iot.id"]!;
        await sta.Observe(stream, (0, 38), (2, 40.5));
        var words = await sta.Create($"Things({thing})/Datastreams", Sta.Datastream("state", ", \"properties\": { \"cadenceSeconds\": 60 }"));
        await sta.Post($"Datastreams({words})/Observations", """{ "result": "점검 중" }""");

        var about = (await Queries(sta).FindThing(thing, Cancel))!;

        Assert.Equal(("종로 1", "S-DoT"), (about.Name, about.Description));
        Assert.Equal("스마트도시과", about.Properties["owner"].GetProperty("dept").GetString());
        Assert.Null(about.FindText("owner"));
        Assert.Equal([("세종로", 126.977, 37.57)], about.Locations.Select(place => (place.Name, place.Longitude!.Value, place.Latitude!.Value)));
        var (first, second) = (about.Datastreams[0], about.Datastreams[1]);
        Assert.Equal((stream, "pm25", "㎍/㎥", "초미세먼지", "none"), (first.Id, first.Measure, first.Unit, first.Property, first.Sensor.Metadata));
        Assert.Equal((40.5, null, "2026-07-19T00:02:00.000Z"), (first.LastNumber, first.LastText, IsoTime.Write(first.Last!.Value)));
        Assert.Equal((null, "점검 중", 60), (second.LastNumber, second.LastText, second.Cadence!.Value.TotalSeconds));
    }

    [Theory, BothEngines]
    public async Task A_thing_without_anything_is_told_and_one_that_is_not_there_is_null(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var bare = await sta.Create("Things", """{ "name": "빈 것", "description": "d" }""");

        var about = (await Queries(sta).FindThing(bare, Cancel))!;

        Assert.Empty(about.Properties);
        Assert.Empty(about.Locations);
        Assert.Empty(about.Datastreams);
        Assert.Null(await Queries(sta).FindThing(bare + 1, Cancel));
    }

    [Theory, BothEngines]
    public async Task Readings_come_one_by_one_in_order_numbers_only_and_no_more_than_asked_for(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var stream = await sta.CreateDatastream();
        await sta.Observe(stream, (4, 40), (0, 38), (2, 39), (10, 50));
        await sta.Post($"Datastreams({stream})/Observations", $$"""{ "phenomenonTime": "{{Sta.At(3)}}", "result": "고장" }""");
        await sta.Post($"Datastreams({stream})/Observations", $$"""{ "phenomenonTime": "{{Sta.At(5)}}/{{Sta.At(8)}}", "result": 7 }""");
        var (from, to) = (DateTimeOffset.Parse(Sta.At(0), null), DateTimeOffset.Parse(Sta.At(10), null));

        var all = (await Queries(sta).ListReadings(stream, from, to, 100, Cancel))!;
        var some = (await Queries(sta).ListReadings(stream, from, to, 2, Cancel))!;

        Assert.Equal([38, 39, 40, 7], all.Points.Select(point => point.Value));
        Assert.Equal([null, null, null, Sta.At(8)], all.Points.Select(point => point.To?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null)));
        Assert.True(all.IsComplete);
        Assert.Equal([38, 39], some.Points.Select(point => point.Value));
        Assert.False(some.IsComplete);
        Assert.Null(await Queries(sta).ListReadings(stream + 1, from, to, 2, Cancel));
    }

    [Theory]
    [InlineData("raw", "from,to,value (㎍/㎥)")]
    [InlineData("10m", "from,to,count,min (㎍/㎥),max (㎍/㎥),mean (㎍/㎥),last (㎍/㎥)")]
    [InlineData("1d", "from,to,count,min (㎍/㎥),max (㎍/㎥),mean (㎍/㎥),last (㎍/㎥)")]
    public async Task A_download_holds_what_the_api_answers(string step, string head)
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        var stream = await sta.CreateDatastream();
        await sta.Observe(stream, (0, 38), (2, -0.1), (11, 1e22), (1500, 0.30000000000000004));
        var query = $"from=2026-07-18T00:00:00Z&to=2026-07-21T00:00:00Z&step={step}";

        var answer = await sta.City.Client.GetAsync($"/api/series/{stream}.csv?{query}", Cancel);
        var bytes = await answer.Content.ReadAsByteArrayAsync(Cancel);
        var points = (await sta.Get($"/api/series/{stream}?{query}"))["points"]!.AsArray();

        Assert.Equal("text/csv; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal($"datastream-{stream}-{step}.csv", answer.Content.Headers.ContentDisposition!.FileName);
        Assert.Equal(Encoding.UTF8.Preamble.ToArray(), bytes[..3]);
        var lines = Encoding.UTF8.GetString(bytes[3..]).Split("\r\n");
        Assert.Equal([head, .. points.Select(point => string.Join(',', point!.AsObject().Select(part => part.Value?.ToString() ?? ""))), ""], lines);
        Assert.NotEmpty(points);
    }

    [Fact]
    public async Task A_unit_that_is_a_formula_or_has_commas_does_no_harm_in_a_download()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        var stream = await sta.CreateDatastream();
        await sta.Patch($"Datastreams({stream})", """{ "unitOfMeasurement": { "name": "n", "symbol": "=1+\"a\",b", "definition": "d" } }""");

        var csv = await sta.City.Client.GetStringAsync($"/api/series/{stream}.csv?from=2026-07-18T00:00:00Z&to=2026-07-21T00:00:00Z&step=raw", Cancel);

        Assert.Equal("from,to,\"value (=1+\"\"a\"\",b)\"\r\n", csv.TrimStart('\uFEFF'));
        Assert.Equal("\uFEFF'=1,'@x,a-b,\"'-a,b\"", System.Text.Encoding.UTF8.GetString(new Madang.Sensing.Http.Csv().Text("=1").Text("@x").Text("a-b").Text("-a,b").ToBytes()));
    }

    [Theory]
    [InlineData("step=2h", "step")]
    [InlineData("step=raw&from=yesterday", "from")]
    [InlineData("step=raw&to=2026-07-01T00:00:00Z", "to")]
    public async Task A_wrong_question_names_its_field(string wrong, string field)
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        var stream = await sta.CreateDatastream();
        foreach (var kind in new[] { "", ".csv" })
        {
            var rest = string.Concat(new[] { "from=2026-07-18T00:00:00Z", "to=2026-07-21T00:00:00Z" }.Where(part => !wrong.Contains(part[..part.IndexOf('=', StringComparison.Ordinal)] + "=", StringComparison.Ordinal)).Select(part => "&" + part));

            var problem = await sta.Get($"/api/series/{stream}{kind}?{wrong}{rest}", HttpStatusCode.BadRequest);

            Assert.Equal(field, (string)problem["field"]!);
        }
    }

    private static SensingQueries Queries(Sta sta) => sta.City.Services.GetRequiredService<SensingQueries>();
}
