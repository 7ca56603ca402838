using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing;
using Madang.Tests.Trust;
using static Madang.Tests.Operations.Rules.AlertScene;

namespace Madang.Tests.Operations.Rules;

/// <summary>Rules that are on judge what is stored, and say it once.</summary>
public sealed class LiveRuleTests
{
    private const string Reading = """{ "kind": "reading", "pauseMinutes": 60 }""";

    [Theory, BothEngines]
    public async Task An_alert_is_raised_upgraded_downgraded_and_lifted_as_readings_come(Engine engine)
    {
        await using var sta = await Open(engine);
        var one = await sta.CreateDatastream();
        await sta.PutRule("dust", RuleTrialTests.Rule("datastream", Reading, High + "," + Higher));

        await sta.Observe(one, (1, 20), (2, 80));
        var alert = (await sta.Until(alerts => alerts.Count == 1)).Single();
        Assert.Equal(("dust", one.ToString(CultureInfo.InvariantCulture), "simulated", "high", 80.0, "㎍/㎥", "종로 1"), ((string)alert["ruleId"]!, (string)alert["subject"]!, (string)alert["data"]!, (string)alert["level"]!, (double)alert["value"]!, (string)alert["unit"]!, (string)alert["subjectName"]!["ko"]!));
        await sta.Observe(one, (3, 200));
        await sta.Until(alerts => (string?)alerts[0]["level"] == "higher");
        await sta.Observe(one, (4, 70));
        await sta.Until(alerts => (string?)alerts[0]["level"] == "high");
        await sta.Observe(one, (5, 10), (6, 90));

        var alerts = await sta.Until(alerts => alerts.Count == 2);
        Assert.Equal(["raised high 80 00:02", "upgraded higher 200 00:03", "downgraded high 70 00:04", "lifted  10 00:05"], await sta.Story(alerts[1]));
        Assert.Equal(("higher", false, true), ((string)alerts[1]["topLevel"]!, IsOpen(alerts[1]), IsOpen(alerts[0])));
        Assert.Equal([(long)alerts[0]["id"]!], (await sta.Alerts("state=open&rule=dust&data=simulated")).Select(open => (long)open["id"]!));
    }

    [Theory, BothEngines]
    public async Task A_new_sensor_is_watched_from_its_first_reading(Engine engine)
    {
        await using var sta = await Open(engine);
        await sta.PutRule("dust", RuleTrialTests.Rule("datastream", Reading, High));
        await sta.Create("Things", Sta.Thing().Replace("\"ObservedProperty\"", "\"Observations\": [{ \"phenomenonTime\": \"2026-07-19T00:01:00Z\", \"result\": 99 }], \"ObservedProperty\"", StringComparison.Ordinal));

        Assert.Equal(99, (double)(await sta.Until(alerts => alerts.Count == 1))[0]["value"]!);
    }

    [Theory, BothEngines]
    public async Task The_mean_of_a_district_is_judged_when_its_hours_are_over(Engine engine)
    {
        await using var sta = await Open(engine);
        var (one, other) = (await sta.CreateDatastream(), await sta.CreateDatastream("종로 2"));
        await sta.PutRule("dust", RuleTrialTests.Rule("district", level: """{ "name": "advisory", "from": 75, "holdMinutes": 120, "lift": 35 }"""));

        await sta.Observe(one, (10, 80), (70, 90), (110, 90));
        await sta.Observe(other, (20, 70), (80, 70), (118, 70));
        Assert.Empty(await sta.Alerts());
        await sta.Observe(one, (125, 20));
        await sta.Observe(other, (126, 20));
        var alert = (await sta.Until(alerts => alerts.Count == 1))[0];
        Assert.Equal("11110", (string)alert["subject"]!);
        await sta.Observe(one, (190, 20));
        await sta.Observe(other, (191, 20));

        await sta.Until(alerts => !IsOpen(alerts[0]));
        Assert.Equal(["raised advisory 80 02:00", "lifted  20 03:00"], await sta.Story(alert));
    }

    [Theory, BothEngines]
    public async Task Late_and_corrected_data_are_judged_again_and_the_difference_is_told(Engine engine)
    {
        await using var sta = await Open(engine);
        var one = await sta.CreateDatastream();
        await sta.PutRule("dust", RuleTrialTests.Rule("datastream", Reading, """{ "name": "high", "from": 75, "holdMinutes": 10, "lift": 35 }"""));
        await sta.PutRule("hours", RuleTrialTests.Rule("district", level: High));
        await sta.Observe(one, (0, 80), (10, 90), (20, 85), (70, 10), (130, 10));
        var alerts = await sta.Until(alerts => alerts.Count == 2 && !alerts.Any(IsOpen));
        Assert.Equal(["raised high 90 00:10", "lifted  10 01:10"], await sta.Story(alerts.Single(alert => (string)alert["ruleId"]! == "dust")));

        await sta.Observe(one, (5, 20));
        await sta.Until(alerts => alerts.Sum(alert => sta.Story(alert).GetAwaiter().GetResult().Count) >= 5);
        var dust = alerts.Single(alert => (string)alert["ruleId"]! == "dust");
        Assert.Equal(["raised high 90 00:10", "lifted  10 01:10", "corrected  10 01:10"], await sta.Story(dust));
        var difference = (await sta.Get($"/api/alerts/{(long)dust["id"]!}"))["entries"]![2]!;
        Assert.Equal(("2026-07-19T00:10:00+00:00", "issue"), ((string)difference["takenBack"]![0]!["at"]!, (string)difference["takenBack"]![0]!["act"]!));
        Assert.Equal("2026-07-19T00:20:00+00:00", (string)difference["added"]![0]!["at"]!);

        // The hour's mean sinks below the level when its readings are mended: the alert never was.
        var observation = (await sta.Get($"Datastreams({one})/Observations?$filter=result eq 90"))["value"]![0]!;
        await sta.Patch($"Observations({(long)observation["@iot.id"]!})", """{ "result": 60 }""");
        var hours = alerts.Single(alert => (string)alert["ruleId"]! == "hours");
        await sta.Until(_ => sta.Story(hours).GetAwaiter().GetResult().Any(entry => entry.StartsWith("corrected", StringComparison.Ordinal)));
    }

    [Theory, BothEngines]
    public async Task Silence_is_told_and_ends_and_goes_on_over_a_restart(Engine engine)
    {
        await using var sta = await Open(engine);
        var (one, other) = (await sta.CreateDatastream(), await sta.CreateDatastream("종로 2"));
        await sta.Observe(one, (0, 1));
        await sta.PutRule("quiet", RuleTrialTests.Rule("datastream", """{ "kind": "silence" }""", """{ "name": "quiet", "from": 30, "holdMinutes": 0, "lift": 1 }, { "name": "gone", "from": 60, "holdMinutes": 0, "lift": 30 }"""));
        await sta.Observe(other, (20, 1), (40, 1));
        var alert = (await sta.Until(alerts => alerts.Count == 1)).Single();
        Assert.Equal(one.ToString(CultureInfo.InvariantCulture), (string)alert["subject"]!);

        await sta.City.Restart();
        await sta.Observe(other, (65, 1));
        await sta.Until(alerts => alerts.Any(alert => (string?)alert["level"] == "gone"));
        await sta.Observe(one, (70, 1));

        await sta.Until(alerts => alerts.Count == 1 && !IsOpen(alerts[0]));
        Assert.Equal(["raised quiet 30 00:30", "upgraded gone 60 01:00", "downgraded quiet 0 01:10", "lifted  0 01:10"], await sta.Story(alert));
    }

    [Theory, BothEngines]
    public async Task What_is_held_goes_on_over_a_restart_and_nothing_is_said_twice(Engine engine)
    {
        await using var sta = await Open(engine);
        var one = await sta.CreateDatastream();
        await sta.PutRule("dust", RuleTrialTests.Rule("datastream", Reading, """{ "name": "high", "from": 75, "holdMinutes": 30, "lift": 35 }, { "name": "higher", "from": 150, "holdMinutes": 30, "lift": 75 }"""));
        await sta.Observe(one, (0, 80));
        await sta.Observe(one, (20, 160));
        await sta.City.Restart();
        await sta.Observe(one, (40, 160));
        await sta.Until(alerts => alerts.Count == 1);
        await sta.City.Restart();
        await sta.Observe(one, (55, 170));
        await sta.Observe(one, (60, 10));

        var alert = (await sta.Until(alerts => alerts.Count == 1 && !IsOpen(alerts[0]))).Single();
        Assert.Equal(["raised high 160 00:40", "upgraded higher 170 00:55", "downgraded high 10 01:00", "lifted  10 01:00"], await sta.Story(alert));
    }

    [Theory, BothEngines]
    public async Task What_was_before_a_restart_is_known_however_much_it_was(Engine engine)
    {
        await using var sta = await Open(engine);
        var (one, other) = (await sta.CreateDatastream(), await sta.CreateDatastream("종로 2"));
        await sta.PutRule("held", RuleTrialTests.Rule("datastream", Reading, """{ "name": "high", "from": 75, "holdMinutes": 20, "lift": 35 }, { "name": "long", "from": 76, "holdMinutes": 60, "lift": 50 }"""));
        await sta.PutRule("jump", RuleTrialTests.Rule("datastream", """{ "kind": "change", "overMinutes": 5 }""", """{ "name": "jump", "from": 30, "holdMinutes": 0, "lift": 10 }"""));
        await sta.PutRule("stuck", RuleTrialTests.Rule("datastream", """{ "kind": "unchanged" }""", """{ "name": "stuck", "from": 20, "holdMinutes": 0, "lift": 1 }"""));
        // More than is told with a fact, and more than is read at first; those of the first half end what was held, those of the other do not.
        await sta.Observe(one, [.. Enumerable.Range(0, 46).Select(minute => (minute, minute < 30 ? minute % 2 : 80.0))]);
        await sta.Observe(other, [.. Enumerable.Range(0, 46).Select(minute => (minute, 90.0 + (minute % 2)))]);
        await sta.Until(alerts => alerts.Any(alert => (string)alert["subject"]! == other.ToString(CultureInfo.InvariantCulture)));
        await sta.City.Restart();
        await sta.Observe(one, (50, 80));
        await sta.Observe(one, (52, 120), (52, 10));
        await sta.Observe(other, (61, 90));

        var alerts = await sta.Until(alerts => alerts.Count == 5 && alerts.Any(alert => (string?)alert["level"] == "long"));
        async Task<IReadOnlyList<string>> Story(string rule, long datastream)
        {
            var stories = new List<string>();
            foreach (var alert in alerts.Where(alert => (string)alert["ruleId"]! == rule && (string)alert["subject"]! == datastream.ToString(CultureInfo.InvariantCulture)).OrderBy(alert => (long)alert["id"]!))
            {
                stories.AddRange(await sta.Story(alert));
            }

            return stories;
        }

        Assert.Equal(["raised high 80 00:50"], await Story("held", one));
        Assert.Equal(["raised high 90 00:20", "upgraded long 90 01:01"], await Story("held", other));
        Assert.Equal(["raised stuck 20 00:50", "lifted  0 00:52"], await Story("stuck", one));
        Assert.Equal(["raised jump 79 00:30", "lifted  0 00:35", "raised jump 40 00:52"], await Story("jump", one));
    }

    [Theory, BothEngines]
    public async Task Many_sensors_that_fail_at_once_are_one_alert(Engine engine)
    {
        await using var sta = await Open(engine);
        await sta.PutRule("dust", RuleTrialTests.Rule("datastream", Reading, High));
        var all = new List<long>();
        for (var number = 0; number < 25; number++)
        {
            all.Add(await sta.CreateDatastream($"종로 {number}"));
        }

        await Task.WhenAll(all.Select(one => sta.Observe(one, (1, 80))));
        var open = (await sta.Until(alerts => alerts.Count == 1 && (int)alerts[0]["subjects"]! == 25, "state=open")).Single();
        Assert.True((bool)open["isStorm"]!);
        Assert.All((await sta.Alerts("state=lifted")), folded => Assert.Equal("folded", (string)sta.Get($"/api/alerts/{(long)folded["id"]!}").GetAwaiter().GetResult()["entries"]![1]!["act"]!));

        await Task.WhenAll(all.Select(one => sta.Observe(one, (2, 10))));
        await sta.Until(alerts => alerts.Count == 0, "state=open");
        Assert.Equal(["raised high 80 00:01", "lifted  10 00:02"], await sta.Story(open));
    }

    [Theory, BothEngines]
    public async Task Whatever_order_readings_come_in_what_stands_is_what_a_trial_finds(Engine engine)
    {
        var random = new Random(20260719);
        await using var sta = await Open(engine);
        var (one, other) = (await sta.CreateDatastream(), await sta.CreateDatastream("종로 2"));
        const string levels = """{ "name": "high", "from": 75, "holdMinutes": 20, "lift": 50 }, { "name": "higher", "from": 100, "holdMinutes": 60, "lift": 75 }""";
        var rules = new Dictionary<string, string>
        {
            ["reading"] = RuleTrialTests.Rule("datastream", Reading, levels), ["change"] = RuleTrialTests.Rule("datastream", """{ "kind": "change", "overMinutes": 15 }""", """{ "name": "jump", "from": 30, "holdMinutes": 0, "lift": 0 }"""),
            ["hours"] = RuleTrialTests.Rule("district", level: levels), ["ten"] = RuleTrialTests.Rule("datastream", """{ "kind": "mean", "stepMinutes": 10, "complete": 0 }""", levels),
            ["stuck"] = RuleTrialTests.Rule("datastream", """{ "kind": "unchanged" }""", """{ "name": "stuck", "from": 20, "holdMinutes": 0, "lift": 1 }"""),
        };
        foreach (var (id, rule) in rules)
        {
            await sta.PutRule(id, rule);
        }

        // Waves, so that levels are reached and left; in stretches that come in any order.
        foreach (var stream in new[] { one, other })
        {
            var readings = Enumerable.Range(0, 150).Select(number => (Minute: number * 4, Number: 10 * Math.Round((70 + (60 * Math.Sin(number / 9.0)) + random.Next(-10, 10)) / 10))).ToArray();
            var stretches = readings.Chunk(10).ToArray();
            random.Shuffle(stretches);
            foreach (var stretch in stretches)
            {
                await sta.Observe(stream, stretch);
            }
        }

        await sta.Observe(one, (700, 0));
        await sta.Observe(other, (700, 0));
        foreach (var (id, rule) in rules)
        {
            var wanted = (await sta.Post("/api/rules/try", $$"""{ "rule": {{rule}}, "from": "2026-07-19T00:00:00Z", "to": "2026-07-19T11:00:00Z" }""", HttpStatusCode.OK))["subjects"]!.AsArray()
                .SelectMany(subject => subject!["moves"]!.AsArray().Select(move => FormattableString.Invariant($"{(string)subject["code"]!} {(string)move!["at"]!} {(string)move["act"]!} {(string?)move["level"]}"))).Order(StringComparer.Ordinal).ToList();
            Assert.NotEmpty(wanted);
            await StandingMoves.Until(sta, id, wanted);
        }
    }

    [Theory, BothEngines]
    public async Task A_rule_that_rests_says_nothing_and_takes_back_what_it_said(Engine engine)
    {
        await using var sta = await Open(engine);
        var one = await sta.CreateDatastream();
        var rule = RuleTrialTests.Rule("datastream", Reading, High);
        await sta.PutRule("dust", rule);
        await sta.Observe(one, (1, 80));
        var alert = (await sta.Until(alerts => alerts.Count == 1)).Single();

        await sta.PutRule("dust", rule, isOn: false);
        await sta.Until(alerts => alerts.Count == 1 && !IsOpen(alerts[0]));
        Assert.Equal(["raised high 80 00:01", "withdrawn   "], await sta.Story(alert));
        await sta.Observe(one, (2, 90));
        sta.City.Clock!.Advance(TimeSpan.FromSeconds(150));
        await sta.PutRule("dust", rule);
        await sta.Observe(one, (3, 95));

        await sta.Until(alerts => alerts.Count == 2 && IsOpen(alerts[0]) && (double)alerts[0]["value"]! == 95);
    }

    [Theory, BothEngines]
    public async Task A_sensor_that_is_gone_has_no_alert(Engine engine)
    {
        await using var sta = await Open(engine);
        var one = await sta.CreateDatastream();
        await sta.PutRule("dust", RuleTrialTests.Rule("datastream", Reading, High));
        await sta.Observe(one, (1, 80));
        await sta.Until(alerts => alerts.Count == 1);

        await sta.Delete($"Datastreams({one})");

        await sta.Until(alerts => !IsOpen(alerts[0]));
    }

    [Theory, BothEngines]
    public async Task What_gives_orders_needs_a_second_person(Engine engine)
    {
        await using var city = await ClosedCity.Start(engine);
        foreach (var person in (string[])["kim", "lee"])
        {
            await city.Give(person, "official", null);
        }

        var orders = RuleTrialTests.Rule("city").Replace("\"each\"", "\"givesOrders\": true, \"each\"", StringComparison.Ordinal);
        var written = await ClosedCity.Send(city.As("kim"), HttpMethod.Put, "/api/rules/orders", $$"""{ "rule": {{orders}} }""", HttpStatusCode.Accepted);
        Assert.Equal(("proposed", 1), ((string)written!["state"]!, (int)written["revision"]!));
        await ClosedCity.Send(city.With(null), HttpMethod.Get, "/api/rules/orders", null, HttpStatusCode.NotFound);
        var refused = await ClosedCity.Send(city.As("kim"), HttpMethod.Post, "/api/rules/orders/revisions/1/review", """{ "approve": true }""", HttpStatusCode.Conflict);
        Assert.Equal("second-person", (string)refused!["code"]!);
        await ClosedCity.Send(city.As("lee"), HttpMethod.Post, "/api/rules/orders/revisions/1/review", """{ "approve": true, "note": "좋습니다" }""", HttpStatusCode.OK);
        var open = (await ClosedCity.Send(city.With(null), HttpMethod.Get, "/api/rules/orders", null, HttpStatusCode.OK))!;
        Assert.Equal(("approved", null), ((string)open["state"]!, (string?)open["madeBy"]));
        Assert.Equal("person:lee", (string)(await ClosedCity.Send(city.As("kim"), HttpMethod.Get, "/api/rules/orders", null, HttpStatusCode.OK))!["reviewedBy"]!);

        // To take the orders away, or to let the rule rest, is such a change too.
        await ClosedCity.Send(city.As("kim"), HttpMethod.Put, "/api/rules/orders", $$"""{ "rule": {{RuleTrialTests.Rule("city")}} }""", HttpStatusCode.Accepted);
        await ClosedCity.Send(city.As("kim"), HttpMethod.Put, "/api/rules/orders", $$"""{ "rule": {{orders}}, "isOn": false }""", HttpStatusCode.Accepted);
        await ClosedCity.Send(city.As("lee"), HttpMethod.Post, "/api/rules/orders/revisions/2/review", """{ "approve": true }""", HttpStatusCode.NotFound);
        await ClosedCity.Send(city.As("lee"), HttpMethod.Post, "/api/rules/orders/revisions/3/review", """{ "approve": false }""", HttpStatusCode.OK);
        var revisions = (await ClosedCity.Send(city.As("kim"), HttpMethod.Get, "/api/rules/orders/revisions", null, HttpStatusCode.OK))!.AsArray();
        Assert.Equal(["refused", "overtaken", "approved"], revisions.Select(revision => (string)revision!["state"]!));
    }

    [Theory, BothEngines]
    public async Task Everybody_sees_public_alerts_and_officials_act_on_all(Engine engine)
    {
        await using var city = await ClosedCity.Start(engine, new TestClock(new DateTimeOffset(2026, 7, 19, 0, 0, 0, TimeSpan.Zero)));
        await city.Give("kim", "official", null);
        var rule = RuleTrialTests.Rule("datastream", Reading, High);
        await ClosedCity.Send(city.As("kim"), HttpMethod.Put, "/api/rules/inside", $$"""{ "rule": {{rule}} }""", HttpStatusCode.OK);
        await ClosedCity.Send(city.As("kim"), HttpMethod.Put, "/api/rules/public", $$"""{ "rule": {{rule.Replace("\"each\"", "\"isPublic\": true, \"each\"", StringComparison.Ordinal)}} }""", HttpStatusCode.OK);
        await ClosedCity.Send(city.As("root"), HttpMethod.Post, "/sta/v1.1/Things", Sta.Thing().Replace("\"ObservedProperty\"", "\"Observations\": [{ \"phenomenonTime\": \"2026-07-19T00:01:00Z\", \"result\": 99 }], \"ObservedProperty\"", StringComparison.Ordinal), HttpStatusCode.Created);
        JsonArray seen;
        do
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            seen = (await ClosedCity.Send(city.As("kim"), HttpMethod.Get, "/api/alerts", null, HttpStatusCode.OK))!["value"]!.AsArray();
        }
        while (seen.Count < 2);

        var open = (await ClosedCity.Send(city.With(null), HttpMethod.Get, "/api/alerts", null, HttpStatusCode.OK))!["value"]!.AsArray();
        Assert.Equal(["public"], open.Select(alert => (string)alert!["ruleId"]!));
        var inside = seen.Single(alert => (string)alert!["ruleId"]! == "inside")!["id"]!;
        await ClosedCity.Send(city.With(null), HttpMethod.Get, $"/api/alerts/{inside}", null, HttpStatusCode.NotFound);
        var id = open[0]!["id"]!;
        await ClosedCity.Send(city.As("kim"), HttpMethod.Post, $"/api/alerts/{id}/acknowledge", """{ "note": "나가 봅니다" }""", HttpStatusCode.NoContent);
        await ClosedCity.Send(city.As("kim"), HttpMethod.Post, $"/api/alerts/{id}/take", "{}", HttpStatusCode.NoContent);
        await ClosedCity.Send(city.As("kim"), HttpMethod.Post, $"/api/alerts/{id}/notes", """{ "note": " " }""", HttpStatusCode.BadRequest);
        await ClosedCity.Send(city.As("kim"), HttpMethod.Post, "/api/alerts/999/take", "{}", HttpStatusCode.NotFound);
        var mine = (await ClosedCity.Send(city.As("kim"), HttpMethod.Get, $"/api/alerts/{id}", null, HttpStatusCode.OK))!;
        Assert.Equal(("person:kim", "나가 봅니다"), ((string)mine["alert"]!["assignedTo"]!, (string)mine["entries"]![1]!["note"]!));
        var theirs = (await ClosedCity.Send(city.With(null), HttpMethod.Get, $"/api/alerts/{id}", null, HttpStatusCode.OK))!;
        Assert.Equal((null, null, null), ((string?)theirs["alert"]!["assignedTo"], (string?)theirs["entries"]![1]!["note"], (string?)theirs["entries"]![1]!["who"]));
    }
}
