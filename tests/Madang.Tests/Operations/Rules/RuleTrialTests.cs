using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Import;
using Madang.Tests.Sensing;

namespace Madang.Tests.Operations.Rules;

/// <summary>What a rule would have done, asked through the front door.</summary>
public sealed class RuleTrialTests
{
    private const string Level = """{ "name": "high", "from": 75, "holdMinutes": 120, "lift": 35 }""";

    [Theory, BothEngines]
    public async Task A_rule_is_tried_on_what_the_sensors_of_its_districts_said(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var (one, other) = (await sta.CreateDatastream(), await sta.CreateDatastream("종로 2"));
        await sta.CreateDatastream("종로 3", "pm10");
        var away = await sta.CreateDatastream("강동 1", longitude: 127.147);
        await sta.Observe(one, (10, 80), (70, 90), (130, 90), (190, 20));
        await sta.Observe(other, (20, 70), (80, 70), (140, 70), (200, 20));
        await sta.Observe(away, (0, 500), (60, 10), (120, 500), (180, 10));

        var trial = await Try(sta, Rule("district"));

        Assert.Equal(3, (int)trial["datastreams"]!);
        var jongno = trial["subjects"]!.AsArray().Single(subject => (string)subject!["code"]! == "11110")!;
        Assert.Equal(("종로구", 2, 4, 2.0), ((string)jongno["name"]!["ko"]!, (int)jongno["datastreams"]!, (int)jongno["steps"]!, (double)jongno["hoursInForce"]!));
        Assert.Equal(["2026-07-19T02:00:00+00:00 issue high 80", "2026-07-19T04:00:00+00:00 lift  20"], Moves(jongno));
        Assert.Equal(1, (int)jongno["times"]!["high"]!);
        Assert.Empty(Moves(trial["subjects"]!.AsArray().Single(subject => (string)subject!["code"]! != "11110")!));

        var polygon = await Try(sta, Rule("datastream", more: """, "polygon": [[127.1, 37.5], [127.2, 37.5], [127.2, 37.6], [127.1, 37.6]]"""));
        Assert.Equal([away.ToString(CultureInfo.InvariantCulture)], polygon["subjects"]!.AsArray().Select(subject => (string)subject!["code"]!));
        var city = await Try(sta, Rule("city", signal: """{ "across": "max", "kind": "mean" }"""));
        Assert.Equal(["2026-07-19T02:00:00+00:00 issue high 90", "2026-07-19T04:00:00+00:00 lift  20"], Moves(city["subjects"]![0]!));
    }

    [Theory, BothEngines]
    public async Task Tagged_things_and_single_readings_are_watched_too(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var (one, other) = (await sta.CreateDatastream(), await sta.CreateDatastream("종로 2"));
        await sta.Patch($"Datastreams({one})/Thing", """{ "properties": { "simulated": true, "tags": ["tunnel", "a'b"] } }""");
        await sta.Patch($"Datastreams({other})/Thing", """{ "properties": { "simulated": true, "tags": "tunnel" } }""");
        await sta.Observe(one, (0, 80), (10, 90), (20, 30), (100, 80), (180, 80));

        var trial = await Try(sta, Rule("datastream", """{ "kind": "reading", "pauseMinutes": 60 }""", """{ "name": "high", "from": 75, "holdMinutes": 10, "lift": 35 }""", """, "tag": "tunnel" """));

        Assert.Equal(["2026-07-19T00:10:00+00:00 issue high 90", "2026-07-19T00:20:00+00:00 lift  30"], Moves(trial["subjects"]!.AsArray().Single()!));
        Assert.Equal(0, (int)(await Try(sta, Rule("datastream", more: """, "tag": "' OR 1=1 --" """)))["datastreams"]!);
        var silence = await Try(sta, Rule("datastream", """{ "kind": "silence" }""", """{ "name": "quiet", "from": 60, "holdMinutes": 0, "lift": 60 }""", """, "tag": "tunnel" """));
        Assert.Equal(["2026-07-19T01:20:00+00:00 issue quiet 60", "2026-07-19T01:40:00+00:00 lift  0", "2026-07-19T02:40:00+00:00 issue quiet 60", "2026-07-19T03:00:00+00:00 lift  0", "2026-07-19T04:00:00+00:00 issue quiet 60"], Moves(silence["subjects"]![0]!));
    }

    [Theory]
    [InlineData("{", "body")]
    [InlineData("null", "body")]
    [InlineData("""{ "rule": null, "from": "2026-07-19T00:00:00Z", "to": "2026-07-20T00:00:00Z" }""", "rule")]
    [InlineData("""{ "from": "2026-07-19T00:00:00Z", "to": "2026-07-20T00:00:00Z" }""", "body")]
    [InlineData("""{ "rule": { "nonsense": 1 }, "from": "2026-07-19T00:00:00Z", "to": "2026-07-20T00:00:00Z" }""", "rule.nonsense")]
    public async Task A_body_that_is_no_rule_is_refused(string body, string field)
    {
        await using var sta = await Sta.Start(Engine.Sqlite);

        Assert.Equal(field, (string)(await sta.Post("/api/rules/try", body, HttpStatusCode.BadRequest))["field"]!);
    }

    [Fact]
    public async Task Levels_that_are_null_signals_that_are_unknown_and_centuries_are_refused_and_a_schedule_is_tried()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);

        Assert.Equal("levels", await Refused(Rule("city", level: "null")));
        Assert.StartsWith("rule.signal", await Refused(Rule("city", """{ "kind": "oracle" }""")), StringComparison.Ordinal);
        Assert.Equal("to", await Refused(Rule("city"), "1990-01-01T00:00:00Z"));
        foreach (var from in (string[])["0001-01-01T00:00:00Z", "1899-01-01T00:00:00+09:00"])
        {
            Assert.Equal("from", await Refused(Rule("city"), from));
        }

        Assert.Equal("to", (string)(await sta.Post("/api/rules/try", Asked(Rule("city"), "2026-07-19T00:00:00Z", "9999-12-31T23:00:00Z"), HttpStatusCode.BadRequest))["field"]!);
        // 2026-07-19 is a Sunday; its noon in Seoul is 03:00 UTC.
        var schedule = await Try(sta, Rule("city", """{ "fromTime": "12:00", "kind": "schedule", "untilTime": "13:00", "days": ["sunday"] }""", """{ "name": "noon", "from": 1, "holdMinutes": 0, "lift": 1 }"""));
        Assert.Equal(["2026-07-19T03:00:00+00:00 issue noon 1", "2026-07-19T04:00:00+00:00 lift  0"], Moves(schedule["subjects"]!.AsArray().Single()!));

        async Task<string> Refused(string rule, string from = "2026-07-19T00:00:00Z") => (string)(await sta.Post("/api/rules/try", Asked(rule, from, "2026-07-19T05:00:00Z"), HttpStatusCode.BadRequest))["field"]!;
    }

    [Fact]
    public async Task What_was_in_force_or_silent_before_counts_and_nothing_after_the_end_does()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        var one = await sta.CreateDatastream();
        await sta.Observe(one, (0, 80), (70, 90), (130, 90), (250, 20));

        // High since 02:00; asked from 03:00 till 04:30: lifted at 05:00 is not yet known.
        var high = (await Try(sta, Rule("datastream"), "2026-07-19T03:00:00Z", "2026-07-19T04:30:00Z"))["subjects"]![0]!;
        Assert.Equal((1.5, 0), ((double)high["hoursInForce"]!, high["moves"]!.AsArray().Count));

        // Silent since 04:10, from 05:10 on for an hour.
        var quiet = (await Try(sta, Rule("datastream", """{ "kind": "silence" }""", """{ "name": "quiet", "from": 60, "holdMinutes": 0, "lift": 60 }"""), "2026-07-20T00:00:00Z", "2026-07-20T02:00:00Z"))["subjects"]![0]!;
        Assert.Equal((2.0, 0), ((double)quiet["hoursInForce"]!, quiet["moves"]!.AsArray().Count));
    }

    [Fact]
    public async Task The_shipped_rules_are_listed_with_their_words()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);

        var rules = (await sta.Get("/api/rules")).AsArray();

        Assert.Equal(["o3", "pm10", "pm25", "sensor-outage", "sensor-silence"], rules.Select(rule => (string)rule!["id"]!));
        Assert.All(rules, rule => Assert.NotEmpty((string)rule!["says"]!["en"]!));
        Assert.Equal([true, true, true, false, false], rules.Select(rule => (bool)rule!["isOn"]!));
        var asked = Asked(rules[2]!["rule"]!.ToJsonString(), "2026-07-19T00:00:00Z", "2026-07-20T00:00:00Z");
        Assert.Equal(HttpStatusCode.OK, (await sta.City.Client.PostAsync("/api/rules/try", new StringContent(asked, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal("city", (string)(await sta.Get("/api/rules/pm25"))["rule"]!["each"]!);
        await sta.Get("/api/rules/nothing", HttpStatusCode.NotFound);
    }

    /// <summary>Events of daily means: how often the mean of a group of stations reaches a value after it had been below, a day of which nothing is known changing nothing.</summary>
    [Theory]
    [InlineData("pm10", "㎍/㎥", 6, 81)]
    [InlineData("pm10", "㎍/㎥", 6, 151)]
    [InlineData("pm25", "㎍/㎥", 7, 36)]
    [InlineData("o3", "ppm", 3, 0.06)]
    public async Task The_year_2021_has_the_events_that_a_direct_count_finds(string measure, string unit, int column, double from)
    {
        var file = SharedData.Find("air/seoul-daily-air-2021.cp949.csv");
        await using var desk = await ImportDesk.Open(Engine.Sqlite);
        await desk.ImportFile(file, ImportDesk.Shipped("seoul-air-daily.yaml"));
        var streams = (await desk.Sta.Get($"Datastreams?$filter=properties/measure eq '{measure}'&$expand=Thing($select=name)&$top=100&$select=id"))["value"]!.AsArray().ToDictionary(stream => (string)stream!["Thing"]!["name"]!, stream => (long)stream!["@iot.id"]!);
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var rows = File.ReadLines(file, Encoding.GetEncoding(949)).Skip(1).Select(line => line.Split(',').Select(cell => cell.Trim('"')).ToArray()).ToList();

        foreach (var inDistricts in (bool[])[true, false])
        {
            var days = rows.Where(row => row[1].EndsWith('구') == inDistricts && row[column] != "").GroupBy(row => row[0], row => double.Parse(row[column], CultureInfo.InvariantCulture)).OrderBy(day => day.Key, StringComparer.Ordinal);
            var (events, high, before) = (0, new List<string>(), false);
            foreach (var day in days)
            {
                var reaches = Math.Round(day.Average(), measure == "o3" ? 3 : 0, MidpointRounding.AwayFromZero) >= from;
                events += reaches && !before ? 1 : 0;
                before = reaches;
                high.AddRange(reaches ? [day.Key] : []);
            }

            var group = streams.Where(stream => stream.Key.Split(' ')[0].EndsWith('구') == inDistricts).Select(stream => stream.Value);
            var limit = FormattableString.Invariant($$"""{ "name": "high", "from": {{from}}, "holdMinutes": 0, "lift": {{from}} }""");
            var rule = Rule("city", """{ "kind": "mean", "stepMinutes": 1440 }""", limit, $", \"datastreams\": [{string.Join(',', group)}]", measure, unit, "real");
            var subject = (await Try(desk.Sta, rule, "2021-01-17T15:00:00Z", "2022-01-18T15:00:00Z"))["subjects"]![0]!;

            Assert.Equal(events, (int)subject["times"]!["high"]!);
            if (measure == "pm10" && from == 151)
            {
                // Yellow dust of late March and early May 2021.
                Assert.Contains("20210329", high);
                Assert.Contains(high, day => day.StartsWith("202105", StringComparison.Ordinal));
                Assert.Contains(Moves(subject), move => move.StartsWith("2021-03-29T15:00:00+00:00 issue", StringComparison.Ordinal));
                Assert.Contains(Moves(subject), move => move.StartsWith("2021-05-", StringComparison.Ordinal));
            }
        }
    }

    internal static string Rule(string each, string signal = """{ "kind": "mean" }""", string level = Level, string more = "", string measure = "pm25", string unit = "㎍/㎥", string data = "simulated") => $$"""
        {
          "name": { "ko": "시험", "en": "Test" }, "owner": { "ko": "과", "en": "Division" }, "source": { "title": "시험" }, "from": "2020-01-01", "data": "{{data}}",
          "scope": { "measure": "{{measure}}", "unit": "{{unit}}"{{more}} }, "each": "{{each}}", "signal": {{signal}}, "levels": [{{level}}]
        }
        """;

    private static string Asked(string rule, string from, string to) => $$"""{ "rule": {{rule}}, "from": "{{from}}", "to": "{{to}}" }""";

    private static Task<JsonNode> Try(Sta sta, string rule, string from = "2026-07-19T00:00:00Z", string to = "2026-07-19T05:00:00Z") => sta.Post("/api/rules/try", Asked(rule, from, to), HttpStatusCode.OK);

    private static List<string> Moves(JsonNode subject) => [.. subject["moves"]!.AsArray().Select(move => FormattableString.Invariant($"{(string)move!["at"]!} {(string)move["act"]!} {(string?)move["level"]} {(double)move["value"]!}"))];
}
