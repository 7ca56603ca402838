using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Operations;

/// <summary>/api/city/sensors as programs call it.</summary>
public sealed class SensorDoorTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task Sensors_are_found_counted_and_paged(Engine engine)
    {
        await using var sta = await City(engine);

        var first = await sta.Get("/api/city/sensors?data=simulated&top=2");
        var next = await sta.Get((string)first["next"]!);
        var found = await sta.Get("/api/city/sensors?data=simulated&q=%EC%A2%85%EB%A1%9C&measure=pm25&sort=-value");

        Assert.Equal((3, 3, 2), ((int)first["count"]!, (int)first["states"]!["reporting"]!, first["sensors"]!.AsArray().Count));
        Assert.Equal(["종로 10"], Names(next));
        Assert.Null(next["next"]);
        Assert.Equal(["종로 10", "종로 2"], Names(found));
        Assert.Equal((38, "bad", "11110"), ((int)found["sensors"]![0]!["readings"]![0]!["value"]!, (string?)found["sensors"]![0]!["readings"]![0]!["grade"], (string?)found["sensors"]![0]!["district"]));
        Assert.Equal(0, (int)(await sta.Get("/api/city/sensors?data=real"))["count"]!);
    }

    [Fact]
    public async Task The_csv_says_what_the_json_says()
    {
        await using var sta = await City(Engine.Sqlite);

        var json = (await sta.Get("/api/city/sensors?data=simulated&measure=pm25"))["sensors"]!.AsArray();
        var response = await sta.City.Client.GetAsync("/api/city/sensors.csv?data=simulated&measure=pm25", Cancel);
        var bytes = await response.Content.ReadAsByteArrayAsync(Cancel);
        var lines = Encoding.UTF8.GetString(bytes.AsSpan(3)).TrimEnd().Split("\r\n");

        Assert.Equal(Encoding.UTF8.GetPreamble(), bytes[..3]);
        Assert.Equal(("text/csv", "madang-sensors-simulated.csv"), (response.Content.Headers.ContentType!.MediaType, response.Content.Headers.ContentDisposition!.FileName));
        Assert.StartsWith("thing,name,data,district,", lines[0], StringComparison.Ordinal);
        Assert.Equal(
            json.Select(sensor => (sensor!["thing"]!.ToString(), (string)sensor["name"]!, (double)sensor["readings"]![0]!["value"]!, (string?)sensor["readings"]![0]!["grade"])),
            lines.Skip(1).Select(line => line.Split(',')).Select(cells => (cells[0], cells[1], double.Parse(cells[14], CultureInfo.InvariantCulture), (string?)cells[15])));
    }

    [Theory, BothEngines]
    public async Task Sensors_are_found_by_what_the_check_found(Engine engine)
    {
        await using var sta = await City(engine);
        var noise = (await sta.Get("/api/city/sensors?data=simulated&measure=noise"))["sensors"]![0]!;
        var stream = (long)noise["readings"]![0]!["datastream"]!;
        var pm25 = (long)(await sta.Get("/api/city/sensors?data=simulated&measure=pm25"))["sensors"]![0]!["thing"]!;
        await sta.Post($"Datastreams({stream})/Observations", $$"""{ "result": 61, "phenomenonTime": "{{TimeProvider.System.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}}" }""");
        await sta.Patch($"Datastreams({stream})", """{ "properties": { "range": [0, 10] } }""");
        await sta.Create($"Things({pm25})/Datastreams", Sta.Datastream("noise"));
        await sta.City.Services.GetRequiredService<Madang.Sensing.Health.HealthWorker>().Check(deep: false, Cancel);
        await Until(sta, "/api/city/sensors?data=simulated&finding=any", json => (int)json["count"]! == 1);

        var found = await sta.Get("/api/city/sensors?data=simulated&finding=out-of-range&measure=noise");
        Assert.Equal(1, (int)found["count"]!);
        Assert.Equal((1, "out-of-range"), ((int)found["findings"]!["out-of-range"]!, (string)found["sensors"]![0]!["readings"]![0]!["findings"]![0]!));
        Assert.Equal(0, (int)(await sta.Get("/api/city/sensors?data=simulated&finding=stuck"))["count"]!);
        Assert.Equal(0, (int)(await sta.Get("/api/city/sensors?data=simulated&finding=any&measure=pm25"))["count"]!);
        Assert.Equal("out-of-range", (string?)(await sta.Get("/api/city/sensors/map?data=simulated&finding=any"))["sensors"]![0]![7]);
        Assert.EndsWith(",out-of-range", (await sta.City.Client.GetStringAsync("/api/city/sensors.csv?data=simulated&finding=any", Cancel)).TrimEnd(), StringComparison.Ordinal);

        var page = await sta.City.Client.GetStringAsync("/sensors?data=simulated&finding=out-of-range", Cancel);
        Assert.Contains("찾은 센서 1개", page, StringComparison.Ordinal);
        Assert.Contains("<span class=\"finding\" data-finding=\"out-of-range\">범위를 벗어남</span>", page, StringComparison.Ordinal);
        Assert.Contains("<circle data-finding=\"out-of-range\"", page, StringComparison.Ordinal);
        Assert.Contains("점검: 범위를 벗어남", page, StringComparison.Ordinal);
        Assert.Contains("finding=out-of-range", WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Match(page, "data-map=\"([^\"]+)\"").Groups[1].Value), StringComparison.Ordinal);
        foreach (var address in (string[])[$"/en/sensors/{(long)noise["thing"]!}", $"/en/datastreams/{stream}"])
        {
            Assert.Matches("Its last value, 61\\.0 .*, lies outside of what this measure can be\\. First seen on", WebUtility.HtmlDecode(await sta.City.Client.GetStringAsync(address, Cancel)));
        }

        // Well again: the fact of it is enough, nothing is loaded anew.
        await sta.Patch($"Datastreams({stream})", """{ "properties": { "range": [0, 100] } }""");
        await sta.City.Services.GetRequiredService<Madang.Sensing.Health.HealthWorker>().Check(deep: false, Cancel);
        await Until(sta, "/api/city/sensors?data=simulated&finding=any", json => (int)json["count"]! == 0);
    }

    [Theory, BothEngines]
    public async Task A_station_without_measurements_is_listed_and_one_with_a_stand_in_place_is_in_no_district(Engine engine)
    {
        await using var sta = await City(engine);
        const string location = """ "Locations": [{ "name": "종로", "description": "", "encodingType": "application/geo+json", "location": { "type": "Point", "coordinates": [126.977, 37.593] } }] """;
        var bare = await sta.Create("Things", $$"""{ "name": "빈 측정소", "description": "", "properties": { "source": "목록" }, {{location}} }""");
        await sta.Create("Things", $$"""{ "name": "모를 곳", "description": "", "properties": { "placeUnknown": true }, {{location}}, "Datastreams": [{{Sta.Datastream()}}] }""");
        await Until(sta, "/api/city/sensors?data=real", json => (int)json["count"]! == 2);

        var found = (await sta.Get("/api/city/sensors?data=real"))["sensors"]!.AsArray().ToDictionary(sensor => (string)sensor!["name"]!, sensor => sensor!);
        var page = await sta.City.Client.GetStringAsync("/sensors?data=real", Cancel);

        Assert.Equal(("11110", "silent", 0), ((string?)found["빈 측정소"]["district"], (string?)found["빈 측정소"]["state"], found["빈 측정소"]["readings"]!.AsArray().Count));
        Assert.Null(found["모를 곳"]["district"]);
        Assert.Null(found["모를 곳"]["longitude"]);
        Assert.Contains("빈 측정소", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await sta.City.Client.GetAsync($"/sensors/{bare}", Cancel)).StatusCode);
    }

    [Fact]
    public async Task The_map_has_all_that_have_a_place_in_short_rows()
    {
        await using var sta = await City(Engine.Sqlite);
        await sta.Create("Things", $$"""{ "name": "떠도는 센서", "description": "", "properties": { "simulated": true }, "Datastreams": [{{Sta.Datastream()}}] }""");
        await Until(sta, "/api/city/sensors?data=simulated", json => (int)json["count"]! == 4);

        var map = await sta.Get("/api/city/sensors/map?data=simulated&measure=pm25");

        Assert.Equal((3, 1, "㎍/㎥"), ((int)map["count"]!, (int)map["placeless"]!, (string?)map["unit"]));
        var row = map["sensors"]!.AsArray().Single(row => (string?)row![1] == "종로 10")!;
        Assert.Equal("[126.977,37.57,\"reporting\",38,\"bad\",null]", new JsonArray([.. row.AsArray().Skip(2).Select(cell => cell?.DeepClone())]).ToJsonString());
    }

    [Theory]
    [InlineData("data=both", "data")]
    [InlineData("state=broken", "state")]
    [InlineData("finding=broken", "finding")]
    [InlineData("sort=size", "sort")]
    [InlineData("sort=value", "sort")]
    [InlineData("district=99999", "district")]
    [InlineData("measure=%3Cb%3E", "measure")]
    [InlineData("top=0", "top")]
    [InlineData("top=1001", "top")]
    [InlineData("top=many", "top")]
    [InlineData("skip=-1", "skip")]
    public async Task What_cannot_be_asked_names_the_field(string query, string field)
    {
        await using var sta = await Sta.Start(Engine.Sqlite);

        Assert.Equal(field, (string?)(await sta.Get("/api/city/sensors?" + query, HttpStatusCode.BadRequest))["field"]);
    }

    [Fact]
    public async Task A_text_without_end_is_refused()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);

        Assert.Equal("q", (string?)(await sta.Get("/api/city/sensors.csv?q=" + new string('a', 101), HttpStatusCode.BadRequest))["field"]);
    }

    private static async Task<Sta> City(Engine engine)
    {
        var sta = await Sta.Start(engine);
        await sta.Observe(await sta.CreateDatastream("종로 10"), (60, 38));
        await sta.Observe(await sta.CreateDatastream("종로 2"), (58, 20));
        await sta.Observe(await sta.CreateDatastream("소리", "noise"), (59, 61));
        await Until(sta, "/api/city/sensors?data=simulated", json => (int)json["states"]!["reporting"]! == 3);
        return sta;
    }

    private static async Task Until(Sta sta, string address, Func<JsonNode, bool> holds)
    {
        var patience = TimeProvider.System.GetTimestamp();
        while (!holds(await sta.Get(address)))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(20), address);
            await Task.Delay(20, Cancel);
        }
    }

    private static IEnumerable<string?> Names(JsonNode page) => page["sensors"]!.AsArray().Select(sensor => (string?)sensor!["name"]);
}
