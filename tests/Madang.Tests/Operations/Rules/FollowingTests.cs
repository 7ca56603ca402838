using System.Globalization;
using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Operations.Incidents;
using Madang.Tests.Sensing;
using static Madang.Tests.Operations.Rules.AlertScene;

namespace Madang.Tests.Operations.Rules;

/// <summary>Rules that go by neighbours, by other rules, and by what other modules tell.</summary>
public sealed class FollowingTests
{
    private const string Reading = """{ "kind": "reading", "pauseMinutes": 60 }""", Silence = """{ "kind": "silence" }""", Quiet = """{ "name": "quiet", "from": 30, "holdMinutes": 0, "lift": 1 }""";

    [Theory, BothEngines]
    public async Task Many_silent_sensors_of_a_district_are_an_outage_until_late_readings_show_that_they_spoke(Engine engine)
    {
        await using var sta = await Open(engine);
        var streams = await Sensors(sta, 4);
        await sta.PutRule("quiet", RuleTrialTests.Rule("datastream", Silence, Quiet));
        await sta.PutRule("outage", RuleTrialTests.Rule("district", """{ "kind": "count", "rule": "quiet", "withinMinutes": 10, "as": "share" }""", """{ "name": "outage", "from": 75, "holdMinutes": 0, "lift": 75 }"""));
        await Task.WhenAll(streams.Select(one => sta.Observe(one, (1, 20))));
        await sta.Observe(streams[3], (32, 20));
        var alert = (await sta.Until(alerts => alerts.Count == 1, "state=all&rule=outage")).Single();
        Assert.Equal(("11110", "종로구", "%", false), ((string)alert["subject"]!, (string)alert["subjectName"]!["ko"]!, (string)alert["unit"]!, (bool)alert["isCount"]!));

        // They speak again, but were silent within the last ten minutes.
        await Task.WhenAll(streams.Take(3).Select(one => sta.Observe(one, (40, 20))));
        await sta.Observe(streams[3], (49, 20));
        Assert.True(IsOpen((await sta.Alerts("state=all&rule=outage"))[0]));
        await sta.Observe(streams[3], (55, 20));
        await sta.Until(alerts => !IsOpen(alerts[0]), "state=all&rule=outage");
        await StandingMoves.Until(sta, "outage", ["11110 2026-07-19T00:31:00+00:00 issue outage", "11110 2026-07-19T00:50:00+00:00 lift "]);

        await Task.WhenAll(streams.Take(2).Select(one => sta.Observe(one, (25, 20))));
        await StandingMoves.Until(sta, "outage", []);
        Assert.StartsWith("corrected", (await sta.Story(alert))[^1], StringComparison.Ordinal);
    }

    [Theory, BothEngines]
    public async Task A_combination_needs_all_of_its_rules_and_goes_on_over_a_restart(Engine engine)
    {
        await using var sta = await Open(engine);
        var (one, other) = (await sta.CreateDatastream(), await sta.CreateDatastream("종로 2"));
        await sta.PutRule("high", RuleTrialTests.Rule("datastream", Reading, High));
        await sta.PutRule("jump", RuleTrialTests.Rule("datastream", """{ "kind": "change", "overMinutes": 5 }""", """{ "name": "jump", "from": 30, "holdMinutes": 0, "lift": 10 }"""));
        await sta.PutRule("both", RuleTrialTests.Rule("datastream", """{ "kind": "combination", "rules": [{ "rule": "high", "level": "high" }, { "rule": "jump" }] }""", """{ "name": "both", "from": 2, "holdMinutes": 5, "lift": 2 }"""));
        await sta.Observe(one, (1, 20), (10, 90));
        await sta.Observe(other, (1, 60), (10, 80));
        await sta.Until(alerts => alerts.Count == 3);
        await sta.City.Restart();
        await sta.Observe(other, (14, 80));
        Assert.Empty(await sta.Alerts("state=all&rule=both"));

        // Nothing happens to what it goes by: time alone ends the five minutes.
        await sta.Observe(other, (16, 80));
        var alert = (await sta.Until(alerts => alerts.Count == 1, "state=all&rule=both")).Single();
        Assert.Equal(one.ToString(CultureInfo.InvariantCulture), (string)alert["subject"]!);
        // The value falls; of its change nothing is known, so the other rule stays as it is.
        await sta.Observe(one, (20, 10));
        await sta.Until(alerts => !IsOpen(alerts[0]), "state=all&rule=both");
        Assert.Equal(["raised both 2 00:15", "lifted  1 00:20"], await sta.Story(alert));
    }

    [Theory, BothEngines]
    public async Task Whatever_order_readings_come_in_what_stands_is_what_a_trial_finds(Engine engine)
    {
        var random = new Random(20260720);
        await using var sta = await Open(engine);
        var streams = await Sensors(sta, 5);
        const string levels = """{ "name": "high", "from": 75, "holdMinutes": 20, "lift": 50 }, { "name": "higher", "from": 100, "holdMinutes": 60, "lift": 75 }""";
        var below = new Dictionary<string, string> { ["reading"] = RuleTrialTests.Rule("datastream", Reading, levels), ["hours"] = RuleTrialTests.Rule("district", level: levels) };
        var rules = new Dictionary<string, string>
        {
            ["near"] = RuleTrialTests.Rule("datastream", """{ "kind": "neighbours", "stepMinutes": 10 }""", """{ "name": "odd", "from": 20, "holdMinutes": 20, "lift": 10 }"""),
            ["some"] = RuleTrialTests.Rule("district", """{ "kind": "count", "rule": "reading", "withinMinutes": 15 }""", """{ "name": "some", "from": 2, "holdMinutes": 10, "lift": 2 }, { "name": "most", "from": 4, "holdMinutes": 0, "lift": 3 }"""),
            ["pair"] = RuleTrialTests.Rule("datastream", """{ "kind": "combination", "rules": [{ "rule": "reading", "level": "higher" }, { "rule": "near" }, { "rule": "hours" }] }""", """{ "name": "two", "from": 2, "holdMinutes": 10, "lift": 2 }"""),
            ["city"] = RuleTrialTests.Rule("district", """{ "kind": "combination", "rules": [{ "rule": "some" }, { "rule": "hours" }] }""", """{ "name": "one", "from": 1, "holdMinutes": 0, "lift": 1 }, { "name": "all", "from": 2, "holdMinutes": 0, "lift": 2 }"""),
        };
        foreach (var (id, rule) in below.Concat(rules))
        {
            await sta.PutRule(id, rule);
        }

        foreach (var (stream, index) in streams.Select((stream, index) => (stream, index)))
        {
            var readings = Enumerable.Range(0, 150).Select(number => (Minute: number * 4, Number: 10 * Math.Round((70 + (60 * Math.Sin((number / 9.0) + (index / 3.0))) + random.Next(-10, 10)) / 10))).ToArray();
            var stretches = readings.Chunk(10).ToArray();
            random.Shuffle(stretches);
            foreach (var stretch in stretches)
            {
                await sta.Observe(stream, stretch);
            }

            if (index == 2)
            {
                await sta.City.Restart();
            }
        }

        foreach (var stream in streams)
        {
            await sta.Observe(stream, (700, 0));
        }

        // From below to above: what a rule goes by stands when it is tried.
        foreach (var (id, rule) in below.Concat(rules))
        {
            var wanted = await Tried(sta, rule);
            Assert.NotEmpty(wanted);
            await StandingMoves.Until(sta, id, wanted);
        }
    }

    [Theory, BothEngines]
    public async Task Rules_that_others_go_by_stay_and_circles_are_refused_with_their_path(Engine engine)
    {
        await using var sta = await Open(engine);
        var dust = RuleTrialTests.Rule("datastream", Reading, High);
        await sta.PutRule("dust", dust);
        await sta.PutRule("real", RuleTrialTests.Rule("datastream", Reading, High, data: "real"));
        await sta.PutRule("off", dust, isOn: false);
        await sta.PutRule("some", Counts("dust"));
        await sta.PutRule("above", Combines("some"));

        Assert.Equal("signal.rule", await Refused("x", Counts("nothing")));
        Assert.Equal("signal.rule", await Refused("x", Counts("real")));
        Assert.Equal("signal.rule", await Refused("x", Counts("off")));
        Assert.Equal("signal.rule", await Refused("x", Counts("some")));
        Assert.Equal("signal.level", await Refused("x", Counts("dust", ", \"level\": \"lower\"")));
        Assert.Equal("signal.rules[0].rule", await Refused("x", Combines("dust")));
        var circle = await sta.PutRule("some", Combines("above"), expected: HttpStatusCode.BadRequest);
        Assert.Contains("some → above → some", circle.ToJsonString().Replace("\\u2192", "→", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("signal.rules[0].rule", await Refused("deep", Combines("above")));

        var used = await sta.PutRule("dust", dust, isOn: false, expected: HttpStatusCode.Conflict);
        Assert.Equal("rule-is-used", (string)used["code"]!);
        Assert.Contains("'some'", used.ToJsonString().Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
        await sta.PutRule("some", Counts("dust"), isOn: false, HttpStatusCode.Conflict);
        await sta.PutRule("above", Combines("some"), isOn: false);
        await sta.PutRule("some", Counts("dust"), isOn: false);
        await sta.PutRule("dust", dust, isOn: false);

        async Task<string> Refused(string id, string rule) => (string)(await sta.PutRule(id, rule, expected: HttpStatusCode.BadRequest))["field"]!;
    }

    [Theory, BothEngines]
    public async Task Incidents_of_a_kind_in_a_district_are_counted_and_those_that_are_one_count_once(Engine engine)
    {
        await using var sta = await Open(engine);
        const string place = """, "longitude": 126.977, "latitude": 37.593""";
        var rule = RuleTrialTests.Rule("district", """{ "kind": "facts", "of": "incidents", "kinds": ["fire"], "withinMinutes": 60 }""", """{ "name": "cluster", "from": 3, "holdMinutes": 0, "lift": 2 }""", data: "real")
            .Replace("""{ "measure": "pm25", "unit": "㎍/㎥" }""", """{ "districts": ["11110"] }""", StringComparison.Ordinal);
        await sta.PutRule("fires", rule);
        var first = await sta.OpenIncident(place);
        await sta.OpenIncident(place, "rescue");
        await sta.OpenIncident();
        sta.Advance(20);
        await sta.OpenIncident(place);
        sta.Advance(20);
        var third = await sta.OpenIncident(place);
        var alert = (await sta.Until(alerts => alerts.Count == 1)).Single();
        Assert.Equal(("11110", 3.0, true), ((string)alert["subject"]!, (double)alert["value"]!, (bool)alert["isCount"]!));

        await sta.Act(third, "merge", $$"""{ "into": {{first}} }""");
        await sta.Until(alerts => !IsOpen(alerts[0]));
        Assert.StartsWith("corrected", (await sta.Story(alert))[1], StringComparison.Ordinal);
        await sta.OpenIncident(place);
        await sta.Until(alerts => alerts.Count(IsOpen) == 1);

        // An hour after the first of them two are left, an hour after the second one.
        sta.Advance(21);
        Assert.Single(await sta.Alerts("state=open"));
        sta.Advance(20);
        await sta.Until(alerts => alerts.Count == 0, "state=open");
        Assert.Single((await sta.Post("/api/rules/try", $$"""{ "rule": {{rule}}, "from": "2026-07-18T00:00:00Z", "to": "2026-07-19T05:00:00Z" }""", HttpStatusCode.OK))["subjects"]!.AsArray());
    }

    private static async Task<IReadOnlyList<long>> Sensors(Sta sta, int number)
    {
        var all = new List<long>();
        for (var index = 0; index < number; index++)
        {
            all.Add(await sta.CreateDatastream($"종로 {index}"));
        }

        return all;
    }

    private static string Counts(string rule, string more = "") => RuleTrialTests.Rule("district", $$"""{ "kind": "count", "rule": "{{rule}}"{{more}} }""", """{ "name": "some", "from": 2, "holdMinutes": 0, "lift": 2 }""");

    private static string Combines(string rule) => RuleTrialTests.Rule("district", $$"""{ "kind": "combination", "rules": [{ "rule": "{{rule}}" }] }""", """{ "name": "one", "from": 1, "holdMinutes": 0, "lift": 1 }""");

    private static async Task<IReadOnlyList<string>> Tried(Sta sta, string rule) =>
    [
        .. (await sta.Post("/api/rules/try", $$"""{ "rule": {{rule}}, "from": "2026-07-19T00:00:00Z", "to": "2026-07-19T11:00:00Z" }""", HttpStatusCode.OK))["subjects"]!.AsArray()
            .SelectMany(subject => subject!["moves"]!.AsArray().Select(move => FormattableString.Invariant($"{(string)subject["code"]!} {(string)move!["at"]!} {(string)move["act"]!} {(string?)move["level"]}"))).Order(StringComparer.Ordinal),
    ];
}
