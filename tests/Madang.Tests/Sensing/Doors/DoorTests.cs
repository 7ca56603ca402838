using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Madang.Sensing;
using Madang.Sensing.Doors;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Sensing.Doors;

/// <summary>Payloads of devices, as they come over HTTP, on both engines.</summary>
public sealed class DoorTests
{
    private const string Lamp = """
        name: lamp
        format: json
        records: $.lamps[*]
        device:
          from: pole
        time:
          from: at
          format: yyyy-MM-dd HH:mm
          zone: Asia/Seoul
        missing: [-9999]
        measures:
          - from: pm
            measure: pm25
            range: [0, 500]
          - from: t
            measure: temperature
            scale: 0.1
            offset: -100
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task What_fits_is_stored_and_what_does_not_is_kept_and_can_be_sent_again_when_the_mapping_was_mended(Engine engine)
    {
        await using var sta = await Sta.Start(engine, clock: new TestClock());
        await Pole(sta, "L-1");
        await Put(sta, Lamp, HttpStatusCode.Created);

        var answer = await Send(sta, "lamp", """
            { "lamps": [
              { "pole": "L-1", "at": "2026-07-19 14:00", "pm": 35, "t": 1234 },
              { "pole": "L-1", "at": "2026-07-19 14:05", "pm": 900, "t": -9999 },
              { "pole": "L-2", "at": "2026-07-19 14:05", "pm": 36 },
              { "pole": "L-1", "at": "14:05", "pm": 36 },
              { "pole": "L-1", "at": "2026-07-19 14:10", "pm": 1e60 },
              { "pole": "L-1", "at": "2026-07-19 14:10", "pm": "-9999.0" },
              7
            ] }
            """);

        Assert.Equal((7, 1, 6), ((int)answer["records"]!, (int)answer["stored"]!, (int)answer["kept"]!));
        var stored = await sta.Get("Datastreams(1)/Observations");
        Assert.Equal(("2026-07-19T05:00:00.000Z", 35), ((string)stored["value"]![0]!["phenomenonTime"]!, (int)stored["value"]![0]!["result"]!));
        string[] reasons = [.. answer["keptRecords"]!.AsArray().Select(kept => $"{kept!["record"]} {kept["reason"]}")];
        Assert.StartsWith("1 Thing 1 has no Datastream that measures temperature", reasons[0], StringComparison.Ordinal);
        Assert.StartsWith("2 pm: 900 (raw 900) is not between 0 and 500", reasons[1], StringComparison.Ordinal);
        Assert.StartsWith("3 there is no Thing with properties.serial 'L-2'", reasons[2], StringComparison.Ordinal);
        Assert.StartsWith("4 at: '14:05' is no time", reasons[3], StringComparison.Ordinal);
        Assert.StartsWith("5 pm: '1e60' is not a number", reasons[4], StringComparison.Ordinal);
        Assert.StartsWith("7 pole: there is no device's key", reasons[5], StringComparison.Ordinal);

        await Put(sta, Lamp.Replace("[0, 500]", "[0, 1500]", StringComparison.Ordinal), HttpStatusCode.NoContent);
        await Pole(sta, "L-2");
        var replayed = await sta.Post("/doors/lamp/kept/replay", "{}", HttpStatusCode.OK);

        // The two that are mended are stored once; of the first record, whose dust is stored already, only the temperature is tried.
        Assert.Equal((6, 2, 4), ((int)replayed["tried"]!, (int)replayed["stored"]!, (int)replayed["kept"]!));
        Assert.Equal([35, 900], (await sta.Get("Datastreams(1)/Observations?$orderby=phenomenonTime"))["value"]!.AsArray().Select(one => (int)one!["result"]!));
        Assert.Single((await sta.Get("Datastreams(2)/Observations"))["value"]!.AsArray());
        var left = (await sta.Get("/doors/lamp/kept")).AsArray();
        Assert.Equal(4, left.Count);
        await sta.Delete($"/doors/lamp/kept/{left[0]!["id"]}");
        await sta.Delete($"/doors/lamp/kept/{left[0]!["id"]}", HttpStatusCode.NotFound);
        await sta.Delete("/doors/lamp/kept");
        var door = (await sta.Get("/doors")).AsArray().Single(one => (string)one!["name"]! == "lamp")!;
        Assert.Equal((7, 3, 6, 0), ((int)door["received"]!, (int)door["stored"]!, (int)door["kept"]!, (int)door["waiting"]!));
        Assert.Equal("2026-07-19T05:20:00.000Z", (string)door["heardAt"]!);
    }

    [Theory, BothEngines]
    public async Task The_raw_integers_of_S_DoT_become_real_units_and_an_unknown_sensor_is_made_with_a_stand_in_place(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        const string csv = "모델명,시리얼,미세먼지2.5(초미세먼지),기온,풍속,진동(x),소음,측정시간\r\nSDOT001,V02Q1,12,1234,15,9,55,202607191430\r\nSDOT001,V02Q2,13,1,16,10,,202607191430\r\n";

        var answer = await Send(sta, "s-dot", csv, "text/csv");

        Assert.Equal((2, 8, 1), ((int)answer["records"]!, (int)answer["stored"]!, (int)answer["kept"]!));
        Assert.Contains("기온: -99.9 ℃ (raw 1) is not between -50 and 80", (string)answer["keptRecords"]![0]!["reason"]!, StringComparison.Ordinal);
        var latest = (await sta.City.Services.GetRequiredService<SensingQueries>().ListLatest(Cancel)).Where(one => one.ThingName == "S-DoT V02Q1").ToDictionary(one => one.Measure);
        Assert.Equal((12d, 23.4, 1.5, 0.09, 55d), (latest["pm25"].Number, latest["temperature"].Number, latest["wind_speed"].Number, latest["vibration_x"].Number, latest["noise"].Number));
        Assert.Equal(new DateTimeOffset(2026, 7, 19, 5, 30, 0, TimeSpan.Zero), latest["pm25"].At);
        Assert.Null(latest["pm25"].Longitude);
        Assert.Equal(20, latest.Count);

        // A sensor that was imported with its place keeps it, and gets the Datastreams it lacks.
        await sta.Create("Things", Sta.Thing("S-DoT V02Q3").Replace("\"simulated\": true", "\"serial\": \"V02Q3\"", StringComparison.Ordinal));
        await Send(sta, "s-dot", csv.Replace("V02Q2", "V02Q3", StringComparison.Ordinal).Replace(",1,16", ",1000,16", StringComparison.Ordinal), "text/csv");
        var imported = await sta.Get("Things?$filter=properties/serial eq 'V02Q3'&$expand=Datastreams($count=true),Locations");
        Assert.Equal(20, (int)imported["value"]![0]!["Datastreams@iot.count"]!);
        Assert.Equal(3, (int)(await sta.Get("Things?$count=true&$top=0"))["@iot.count"]!);
        Assert.Equal(1, (int)(await sta.Get("Sensors?$count=true&$top=0&$filter=properties/door eq 's-dot'"))["@iot.count"]!);
    }

    [Theory, BothEngines]
    public async Task The_same_payload_again_with_its_key_is_stored_and_kept_once(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await Pole(sta, "L-1");
        await Put(sta, Lamp, HttpStatusCode.Created);
        const string payload = """{ "lamps": [{ "pole": "L-1", "at": "2026-07-19 14:00", "pm": 35 }, { "pole": "?", "at": "2026-07-19 14:00", "pm": 36 }] }""";

        var first = await Send(sta, "lamp", payload, key: "a");
        var again = await Send(sta, "lamp", payload, key: "a");

        Assert.Equal(first.ToJsonString(), again.ToJsonString());
        Assert.Equal(1, (int)(await sta.Get("Observations?$count=true&$top=0"))["@iot.count"]!);
        Assert.Single((await sta.Get("/doors/lamp/kept")).AsArray());
        await Send(sta, "lamp", payload.Replace("35", "34", StringComparison.Ordinal), key: "a", expected: HttpStatusCode.UnprocessableEntity);
        Assert.Equal(1, (int)(await Send(sta, "lamp", payload, key: "b", expected: HttpStatusCode.OK))["repeated"]!);
        Assert.Equal(1, (int)(await sta.Get("Observations?$count=true&$top=0"))["@iot.count"]!);
    }

    [Theory, BothEngines]
    public async Task What_a_gateway_sends_once_more_without_a_key_is_stored_and_kept_once(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await Pole(sta, "L-1");
        await Put(sta, Lamp, HttpStatusCode.Created);
        static string Of(params string[] records) => $$"""{ "lamps": [{{string.Join(',', records)}}] }""";
        const string first = """{ "pole": "L-1", "at": "2026-07-19 14:00", "pm": 35.1 }""", second = """{ "pole": "L-1", "at": "2026-07-19 14:05", "pm": 36 }""", unfit = """{ "pole": "?", "at": "2026-07-19 14:00", "pm": 36 }""";

        // A record that stands twice in one payload is one; so are two payloads that come at once.
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => sta.City.Client.PostAsync("/doors/lamp", new StringContent(Of(first, first, unfit), Encoding.UTF8, "application/json"), Cancel)));
        var again = await Send(sta, "lamp", Of(first, unfit), expected: HttpStatusCode.OK);
        var grown = await Send(sta, "lamp", Of(first, second));
        var mended = await Send(sta, "lamp", Of(first.Replace("35.1", "35", StringComparison.Ordinal)));

        Assert.Equal((0, 1, 1), ((int)again["stored"]!, (int)again["repeated"]!, (int)again["kept"]!));
        Assert.Equal((1, 1, 0), ((int)grown["stored"]!, (int)grown["repeated"]!, (int)grown["kept"]!));
        Assert.Equal((1, 0), ((int)mended["stored"]!, (int)mended["repeated"]!));
        Assert.Equal(["35.1", "36", "35"], await sta.Names("Observations?$orderby=id", "result"));
        Assert.Single((await sta.Get("/doors/lamp/kept")).AsArray());
        var door = (await sta.Get("/doors")).AsArray().Single(one => (string)one!["name"]! == "lamp")!;
        Assert.Equal((3, 17), ((int)door["stored"]!, (int)door["repeated"]!));
    }

    [Theory, BothEngines]
    public async Task Without_a_time_of_its_own_a_value_that_comes_again_is_another(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await Pole(sta, "L-1");
        await Put(sta, Lamp.Replace("time:\n  from: at\n  format: yyyy-MM-dd HH:mm\n  zone: Asia/Seoul\n", "", StringComparison.Ordinal), HttpStatusCode.Created);

        await Send(sta, "lamp", """{ "lamps": [{ "pole": "L-1", "pm": 35 }] }""");
        await Send(sta, "lamp", """{ "lamps": [{ "pole": "L-1", "pm": 35 }] }""");

        Assert.Equal(2, (await sta.Names("Observations", "result")).Length);
    }

    [Theory, BothEngines]
    public async Task A_payload_that_nobody_can_read_is_kept_whole_and_what_is_kept_has_bounds(Engine engine)
    {
        await using var sta = await Sta.Start(engine, settings => settings["Doors:KeptMost"] = "3");
        await Put(sta, Lamp, HttpStatusCode.Created);

        foreach (var broken in (string[])["{", "[]", """{ "lamps": 5 }""", """{ "lamps": [] }""", "{ \"lamps\": [\"\ud83d\udca1\"] } x"])
        {
            var answer = await Send(sta, "lamp", broken, expected: HttpStatusCode.Accepted);
            Assert.Equal((0, 1), ((int)answer["stored"]!, (int)answer["kept"]!));
        }

        await Send(sta, "lamp", $"\"{new string('x', 300_000)}\"", expected: HttpStatusCode.Accepted);
        await Send(sta, "lamp", "", expected: HttpStatusCode.BadRequest);
        await Send(sta, "lamp", "a,b", "text/csv", expected: HttpStatusCode.UnsupportedMediaType);
        await Send(sta, "nothing", "{}", expected: HttpStatusCode.NotFound);
        var kept = (await sta.Get("/doors/lamp/kept")).AsArray();
        Assert.Equal(3, kept.Count);
        Assert.Null(kept[0]!["payload"]);
        Assert.Contains("too many to keep", (string)kept[0]!["reason"]!, StringComparison.Ordinal);
        Assert.Equal("""{ "lamps": [] }""", (string)kept[2]!["payload"]!);
        await sta.Post($"/doors/lamp/kept/{kept[0]!["id"]}/replay", "{}", HttpStatusCode.Conflict);
        Assert.Equal(3, (int)(await sta.Get("/doors")).AsArray().Single(one => (string)one!["name"]! == "lamp")!["dropped"]!);
    }

    [Theory, BothEngines]
    public async Task A_door_follows_its_things_when_they_change_and_two_of_one_name_are_told_apart(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await Pole(sta, "L-1");
        await Put(sta, Lamp, HttpStatusCode.Created);
        const string payload = """{ "lamps": [{ "pole": "L-1", "at": "2026-07-19 14:00", "pm": 35 }] }""";
        await Send(sta, "lamp", payload);

        await sta.Delete("Datastreams(1)");
        var gone = await Send(sta, "lamp", payload, expected: HttpStatusCode.Accepted);
        Assert.Contains("no Datastream that measures pm25", (string)gone["keptRecords"]![0]!["reason"]!, StringComparison.Ordinal);
        await sta.Post("Things(1)/Datastreams", Sta.Datastream());
        await Send(sta, "lamp", payload);
        await sta.Delete("Things(1)");
        Assert.Contains("no Thing", (string)(await Send(sta, "lamp", payload, expected: HttpStatusCode.Accepted))["keptRecords"]![0]!["reason"]!, StringComparison.Ordinal);
        await Pole(sta, "L-1");
        await Pole(sta, "L-1");
        Assert.Contains("there are 2 Things", (string)(await Send(sta, "lamp", payload, expected: HttpStatusCode.Accepted))["keptRecords"]![0]!["reason"]!, StringComparison.Ordinal);
        await Put(sta, Lamp.Replace("measure: pm25", "measure: pm25\n    unit: { symbol: ppm }", StringComparison.Ordinal), HttpStatusCode.NoContent);
        await sta.Delete("Things(2)");
        Assert.Contains("in another unit than ppm", (string)(await Send(sta, "lamp", payload, expected: HttpStatusCode.Accepted))["keptRecords"]![0]!["reason"]!, StringComparison.Ordinal);
    }

    [Theory, BothEngines]
    public async Task A_new_device_whose_place_is_none_is_kept_with_what_it_said(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        static string Of(string place) => $$"""{ "controller": "C-1", "lamps": [{ "pole": "P-1", "at": 1784400000, "dim": 70{{place}} }] }""";

        var far = await Send(sta, "street-light", Of(""", "lon": 37.57, "lat": 126.98"""), expected: HttpStatusCode.Accepted);
        var none = await Send(sta, "street-light", Of(""), expected: HttpStatusCode.Accepted);

        Assert.Contains("longitude '37.57', latitude '126.98'", (string)far["keptRecords"]![0]!["reason"]!, StringComparison.Ordinal);
        Assert.Contains("nobody says where it stands", (string)none["keptRecords"]![0]!["reason"]!, StringComparison.Ordinal);
        Assert.Equal(1, (int)(await Send(sta, "street-light", Of(""", "lon": 126.98, "lat": 37.57""")))["stored"]!);
    }

    [Theory, BothEngines]
    public async Task What_a_payload_would_become_is_shown_and_nothing_is_stored(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await Pole(sta, "L-1");
        await Put(sta, Lamp, HttpStatusCode.Created);
        const string payload = """{ "lamps": [{ "pole": "L-1", "at": "2026-07-19 14:00", "pm": 35 }, { "pole": "L-9", "at": "2026-07-19 14:00", "pm": 36 }] }""";

        var raw = await sta.Post("/doors/lamp/preview", payload, HttpStatusCode.OK);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["mapping"] = Lamp.Replace("range: [0, 500]", "scale: 2", StringComparison.Ordinal), ["payload"] = payload });
        var edited = JsonNode.Parse(await (await sta.City.Client.PostAsync("/doors/new-one/preview", form, Cancel)).Content.ReadAsStringAsync(Cancel))!;

        Assert.Equal((1, 1, "35"), ((int)raw["stored"]!, (int)raw["kept"]!, (string)raw["observations"]![0]!["result"]!));
        Assert.Equal(("70", 1), ((string)edited["observations"]![0]!["result"]!, (int)edited["observations"]![0]!["datastream"]!));
        using var made = new StringContent("모델명,시리얼,기온,측정시간\nS,V1,1234,202607191430", Encoding.UTF8, "text/csv");
        var first = JsonNode.Parse(await (await sta.City.Client.PostAsync("/doors/s-dot/preview", made, Cancel)).Content.ReadAsStringAsync(Cancel))!;
        Assert.Equal(("23.4", null), ((string)first["observations"]![0]!["result"]!, first["observations"]![0]!["thing"]));
        Assert.Empty((await sta.Get("Observations"))["value"]!.AsArray());
        Assert.Empty((await sta.Get("/doors/lamp/kept")).AsArray());
    }

    [Theory, BothEngines]
    public async Task Mappings_are_written_checked_recorded_and_taken_away(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var wrong = JsonNode.Parse(await (await PutRaw(sta, "lamp", Lamp.Replace("scale: 0.1", "scale: x", StringComparison.Ordinal))).Content.ReadAsStringAsync(Cancel))!;
        Assert.Equal("line 17, measures[1].scale", (string)wrong["field"]!);
        Assert.Equal(HttpStatusCode.BadRequest, (await PutRaw(sta, "other", Lamp)).StatusCode);
        await Put(sta, Lamp, HttpStatusCode.Created);
        Assert.Equal(Lamp, await sta.City.Client.GetStringAsync("/doors/lamp", Cancel));
        await sta.Delete("/doors/lamp");
        await sta.Delete("/doors/lamp", HttpStatusCode.NotFound);

        await sta.Delete("/doors/s-dot", HttpStatusCode.Conflict);
        var shipped = await sta.City.Client.GetStringAsync("/doors/s-dot", Cancel);
        Assert.Equal(HttpStatusCode.NoContent, (await PutRaw(sta, "s-dot", shipped + "\nopen: false\n")).StatusCode);
        await Send(sta, "s-dot", "시리얼\nx", "text/csv", expected: HttpStatusCode.Conflict);
        await sta.Delete("/doors/s-dot");
        Assert.Equal(shipped, await sta.City.Client.GetStringAsync("/doors/s-dot", Cancel));
    }

    [Theory, BothEngines]
    public async Task A_provider_writes_to_its_own_devices_and_only_operators_run_doors(Engine engine)
    {
        await using var city = await ClosedCity.Start(engine);
        var department = await city.Department("lights");
        var (mine, others) = (await city.Provider("lamps", department), await city.Provider("others", department));
        var (sender, stranger, reader) = (city.With((await city.Key(mine, ["read", "write"])).Secret), city.With((await city.Key(others, ["read", "write"])).Secret), city.With((await city.Key(mine, ["read"])).Secret));
        const string payload = """{ "controller": "C", "lamps": [{ "pole": "P-1", "at": 1784400000, "dim": 70, "w": 56, "state": 1, "lon": 126.9, "lat": 37.5 }] }""";
        await ClosedCity.Send(city.With(null), HttpMethod.Post, "/doors/street-light", payload, HttpStatusCode.Unauthorized);
        await ClosedCity.Send(reader, HttpMethod.Post, "/doors/street-light", payload, HttpStatusCode.Forbidden);
        await ClosedCity.Send(sender, HttpMethod.Post, "/doors/street-light", payload, HttpStatusCode.Created);
        var refused = (await ClosedCity.Send(stranger, HttpMethod.Post, "/doors/street-light", payload, HttpStatusCode.Accepted))!;
        Assert.Contains("belongs to somebody else", (string)refused["keptRecords"]![0]!["reason"]!, StringComparison.Ordinal);

        foreach (var (method, path) in new[] { (HttpMethod.Get, "/doors"), (HttpMethod.Get, "/doors/street-light"), (HttpMethod.Get, "/doors/street-light/kept"), (HttpMethod.Delete, "/doors/street-light/kept"), (HttpMethod.Post, "/doors/street-light/kept/replay"), (HttpMethod.Put, "/doors/lamp") })
        {
            await ClosedCity.Send(city.With(null), method, path, method == HttpMethod.Put ? Lamp : null, HttpStatusCode.Unauthorized);
            await ClosedCity.Send(sender, method, path, method == HttpMethod.Put ? Lamp : null, HttpStatusCode.Forbidden);
        }

        await city.Give("half", "administrator", null);
        await ClosedCity.Send(city.As("half"), HttpMethod.Get, "/doors", null, HttpStatusCode.Forbidden);
        Assert.Equal(2, ((await ClosedCity.Send(city.As("root"), HttpMethod.Get, "/doors", null, HttpStatusCode.OK))!).AsArray().Count);
        Assert.Single((await ClosedCity.Send(city.As("root"), HttpMethod.Get, "/doors/street-light/kept", null, HttpStatusCode.OK))!.AsArray());
    }

    [Theory, BothEngines]
    public async Task A_text_a_truth_and_cp949_come_through(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await Put(sta, """
            name: lamp
            format: csv
            encoding: cp949
            delimiter: ";"
            header: false
            device: { from: 1 }
            measures:
              - { from: 2, measure: mode, kind: text, values: { 0: 꺼짐, 1: 켜짐 } }
              - { from: 3, measure: open, kind: truth }
            create: true
            sensor: { name: x }
            thing: { name: "등 {device}" }
            location: { places: { 등-1: [126.9, 37.5] }, otherwise: [127, 37] }
            """, HttpStatusCode.Created);
        var cp949 = CodePagesEncodingProvider.Instance.GetEncoding(949)!;
        using var content = new ByteArrayContent(cp949.GetBytes("등-1;1;true\n\"등-2\";2;0\n"));

        var response = await sta.City.Client.PostAsync("/doors/lamp", content, Cancel);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!;

        Assert.Equal((HttpStatusCode.Created, 3, 1), (response.StatusCode, (int)answer["stored"]!, (int)answer["kept"]!));
        Assert.Equal(["켜짐", "true", "false"], (await sta.Get("Observations?$orderby=id"))["value"]!.AsArray().Select(one => one!["result"]!.ToString()));
        // What is kept is text by now, whatever its encoding was.
        await Put(sta, (await sta.City.Client.GetStringAsync("/doors/lamp", Cancel)).Replace("1: 켜짐", "1: 켜짐, 2: 고장", StringComparison.Ordinal), HttpStatusCode.NoContent);
        Assert.Equal(1, (int)(await sta.Post("/doors/lamp/kept/1/replay", "{}", HttpStatusCode.OK))["stored"]!);
        Assert.Equal("고장", (await sta.Get("Observations?$orderby=id desc&$top=1"))["value"]![0]!["result"]!.ToString());
    }

    [Fact]
    public async Task Counts_are_written_and_old_payloads_go()
    {
        var clock = new TestClock();
        await using var sta = await Sta.Start(Engine.Sqlite, clock: clock);
        await Send(sta, "street-light", "{", expected: HttpStatusCode.Accepted);
        await sta.City.Services.GetRequiredService<DoorCounts>().Flush(Cancel);
        await sta.City.Restart();
        var door = (await sta.Get("/doors")).AsArray().Single(one => (string)one!["name"]! == "street-light")!;
        Assert.Equal((1, 1, 1), ((int)door["received"]!, (int)door["kept"]!, (int)door["waiting"]!));

        var rule = sta.City.Services.GetRequiredService<Madang.Trust.PersonalInventory>().Rules.Single(rule => rule.Code == "payloads-over");
        Task<int> Destroy() => sta.City.Services.GetRequiredService<IDatabase>().Write(scope => rule.Destroy(new Madang.Trust.RuleRun(scope, clock.GetUtcNow(), 100)), Cancel);
        clock.Advance(TimeSpan.FromDays(29));
        Assert.Equal(0, await Destroy());
        clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, await Destroy());
    }

    private static Task<long> Pole(Sta sta, string serial) => sta.Create("Things", Sta.Thing(serial).Replace("\"simulated\": true", $"\"serial\": \"{serial}\"", StringComparison.Ordinal));

    private static async Task<HttpResponseMessage> PutRaw(Sta sta, string name, string yaml)
    {
        using var content = new StringContent(yaml, Encoding.UTF8, "application/yaml");
        return await sta.City.Client.PutAsync("/doors/" + name, content, Cancel);
    }

    private static async Task Put(Sta sta, string yaml, HttpStatusCode expected)
    {
        var response = await PutRaw(sta, "lamp", yaml);
        Assert.True(response.StatusCode == expected, await response.Content.ReadAsStringAsync(Cancel));
    }

    private static Task<JsonNode> Send(Sta sta, string door, string payload, string type = "application/json", HttpStatusCode expected = HttpStatusCode.Created, string? key = null) =>
        sta.Send(HttpMethod.Post, "/doors/" + door, payload, expected, key, type);
}
