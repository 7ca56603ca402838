using System.Net;
using System.Text.Json.Nodes;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing;

namespace Madang.Tests.Operations.Air;

/// <summary>The decision sheet through the door: its figures, what is decided, and what is done then.</summary>
public sealed class ReductionDoorTests
{
    // 4 March 2026, 0 o'clock in Seoul.
    private static readonly DateTimeOffset Midnight = new(2026, 3, 3, 15, 0, 0, TimeSpan.Zero);

    [Theory, BothEngines]
    public async Task The_sheet_is_complete_at_16_o_clock_in_the_city_and_is_decided_by_a_person(Engine engine)
    {
        await using var sta = await Sta.Start(engine, clock: AirScene.ClockAt("2026-03-04T06:59:59Z"));
        var station = await sta.AddStation("종로구 측정소", AirScene.Jongno, ["pm25"]);
        await sta.Tell(station["pm25"], Midnight.AddHours(15), 62.0.Times(15));

        // Before 16 o'clock: what is known so far.
        var sheet = await sta.Get("/api/air/reduction?data=real");
        Assert.Equal(("2026-03-04", "2026-03-05", false, 15), ((string)sheet["day"]!, (string)sheet["for"]!, (bool)sheet["isComplete"]!, (int)sheet["hours"]!));
        Assert.Equal(("2026-03-04T21:00:00+00:00", "2026-03-05T12:00:00+00:00", "2026-03-04T08:00:00+00:00"), ((string)sheet["from"]!, (string)sheet["until"]!, (string)sheet["decidedFrom"]!));
        Assert.Equal("too-early", (string)(await Decide(sta, "issue", HttpStatusCode.Conflict))["code"]!);

        sta.City.Clock!.Advance(TimeSpan.FromSeconds(1));
        await sta.Tell(station["pm25"], Midnight.AddHours(16), 46);
        sheet = await sta.Get("/api/air/reduction?data=real");
        // (15 × 62 + 46) / 16 = 61; no forecast but that it stays so.
        Assert.Equal((true, 16, "persistence", true), ((bool)sheet["isComplete"]!, (int)sheet["hours"]!, (string)sheet["tomorrow"]!["by"]!, (bool)sheet["isDue"]!));
        Assert.Equal(["mean-and-forecast True mean 61>50 tomorrow 61>50", "warning-and-forecast False tomorrow 61>50", "forecast-alone False tomorrow 61>75"], sheet["conditions"]!.AsArray().Select(Told));
        Assert.Equal("two-days True tomorrow 61>50 day-after 61>50", Told(sheet["preliminary"]));
        Assert.Empty(sheet["measures"]!.AsArray());

        Assert.Equal("decision-stands", (string)(await Decide(sta, "lift", HttpStatusCode.Conflict))["code"]!);
        var decided = await Decide(sta, "issue", HttpStatusCode.OK);
        Assert.Equal((true, "issue", "첫 결정"), ((bool)decided["isIssued"]!, (string)decided["steps"]![0]!["act"]!, (string)decided["steps"]![0]!["note"]!));
        Assert.Contains("schools", decided["measures"]!.AsArray().Select(item => (string)item!["id"]!));
        Assert.Equal("decision-stands", (string)(await Decide(sta, "issue", HttpStatusCode.Conflict))["code"]!);

        await sta.Send(HttpMethod.Put, "/api/air/reduction/2026-03-04/measures/schools", """{ "done": true }""", HttpStatusCode.NoContent);
        await sta.Send(HttpMethod.Put, "/api/air/reduction/2026-03-04/measures/subway", """{ "done": true }""", HttpStatusCode.NoContent);
        await sta.Send(HttpMethod.Put, "/api/air/reduction/2026-03-04/measures/subway", """{ "done": false }""", HttpStatusCode.NoContent);
        await sta.Send(HttpMethod.Put, "/api/air/reduction/2026-03-04/measures/nothing", """{ "done": true }""", HttpStatusCode.NotFound);
        Assert.Equal(["schools"], (await sta.Get("/api/air/reduction?data=real&day=2026-03-04"))["measures"]!.AsArray().Where(item => item!["doneAt"] is not null).Select(item => (string)item!["id"]!));

        Assert.False((bool)(await Decide(sta, "lift", HttpStatusCode.OK))["isIssued"]!);
        Assert.Equal("not-issued", (string)(await sta.Send(HttpMethod.Put, "/api/air/reduction/2026-03-04/measures/subway", """{ "done": true }""", HttpStatusCode.Conflict))["code"]!);
        await Decide(sta, "issue", HttpStatusCode.OK);
        sta.City.Clock.Advance(TimeSpan.FromHours(29));
        Assert.Equal("too-late", (string)(await Decide(sta, "lift", HttpStatusCode.Conflict))["code"]!);
        await sta.Get("/api/air/reduction?data=real&day=2026-03-06", HttpStatusCode.BadRequest);
        await sta.Get("/api/air/reduction?data=real&day=tomorrow", HttpStatusCode.BadRequest);
        await sta.Get("/api/air/reduction?data=simulated", HttpStatusCode.NotFound);
    }

    [Theory, BothEngines]
    public async Task The_official_forecast_wins_the_newest_counts_and_all_are_kept(Engine engine)
    {
        await using var sta = await Sta.Start(engine, clock: AirScene.ClockAt("2026-03-04T08:00:00Z"));
        var station = await sta.AddStation("종로구 측정소", AirScene.Jongno, ["pm25"]);
        await sta.Tell(station["pm25"], Midnight.AddHours(16), 30.0.Times(16));
        var own = await sta.Get("/api/air/forecasts?data=real");
        Assert.Equal([("2026-03-05", "persistence", 30.0), ("2026-03-06", "persistence", 30.0)], Of(own, "city"));

        await Forecast(sta, "2026-03-05", """{ "measure": "pm25", "value": 80, "source": "국립환경과학원", "issuedAt": "2026-03-04T17:00:00+09:00" }""");
        await Forecast(sta, "2026-03-05", """{ "measure": "pm25", "value": 80, "source": "국립환경과학원", "issuedAt": "2026-03-04T17:00:00+09:00" }""");
        await Forecast(sta, "2026-03-05", """{ "measure": "pm25", "value": 40, "source": "국립환경과학원", "issuedAt": "2026-03-04T11:00:00+09:00" }""");
        await Forecast(sta, "2026-03-05", """{ "measure": "pm25", "place": "11740", "value": 90, "source": "강동구", "issuedAt": "2026-03-04T11:00:00+09:00" }""");
        await Forecast(sta, "2026-03-06", """{ "measure": "pm25", "grade": "bad", "source": "국립환경과학원", "issuedAt": "2026-03-04T17:00:00+09:00" }""");

        var told = await sta.Get("/api/air/forecasts?data=real");
        Assert.Equal([("2026-03-05", "official", 80.0), ("2026-03-06", "official", null)], Of(told, "city"));
        Assert.Equal([("2026-03-05", "official", 80.0), ("2026-03-06", "official", null)], Of(told, "11110"));
        Assert.Equal(("2026-03-05", "official", 90.0), Of(told, "11740")[0]);
        Assert.Equal(4, told["official"]!.AsArray().Count);
        // 80 is above 75, which is enough alone; a grade without a value decides nothing above 50.
        var sheet = await sta.Get("/api/air/reduction?data=real");
        Assert.Equal((true, true, null), ((bool)sheet["isDue"]!, (bool)sheet["conditions"]![2]!["isMet"]!, (bool?)sheet["preliminary"]!["isMet"]));
        await Forecast(sta, "2026-03-06", """{ "measure": "pm25", "grade": "very-bad", "source": "국립환경과학원", "issuedAt": "2026-03-04T17:00:00+09:00" }""");
        Assert.True((bool)(await sta.Get("/api/air/reduction?data=real"))["preliminary"]!["isMet"]!);
        Assert.Equal([("2026-03-05", "official", 80.0)], Of(await sta.Get("/api/air/forecasts?data=real"), "11110").Take(1));

        foreach (var (day, body, field) in ((string, string, string)[])
        [
            ("2026-03-05", """{ "measure": "noise", "value": 80, "source": "s", "issuedAt": "2026-03-04T17:00:00+09:00" }""", "measure"),
            ("2026-03-05", """{ "measure": "pm25", "source": "s", "issuedAt": "2026-03-04T17:00:00+09:00" }""", "grade"),
            ("2026-03-05", """{ "measure": "pm25", "value": -1, "source": "s", "issuedAt": "2026-03-04T17:00:00+09:00" }""", "value"),
            ("2026-03-05", """{ "measure": "pm25", "value": 1, "source": "", "issuedAt": "2026-03-04T17:00:00+09:00" }""", "source"),
            ("2026-03-05", """{ "measure": "pm25", "value": 1, "source": "s", "issuedAt": "2026-03-05T17:00:00+09:00" }""", "issuedAt"),
            ("2026-03-05", """{ "measure": "pm25", "value": 1, "source": "s", "issuedAt": "soon" }""", "issuedAt"),
            ("2026-05-05", """{ "measure": "pm25", "value": 1, "source": "s", "issuedAt": "2026-03-04T17:00:00+09:00" }""", "day"),
            ("5 March", """{ "measure": "pm25", "value": 1, "source": "s", "issuedAt": "2026-03-04T17:00:00+09:00" }""", "day"),
        ])
        {
            var problem = await sta.Send(HttpMethod.Put, $"/api/air/forecasts/{day}", body, HttpStatusCode.BadRequest);
            Assert.Equal(field, (string?)problem["field"]);
        }
    }

    [Fact]
    public async Task A_warning_of_the_day_is_judged_by_the_citys_own_rule()
    {
        await using var sta = await Sta.Start(Engine.Sqlite, clock: AirScene.ClockAt("2026-03-04T08:00:00Z"));
        var station = await sta.AddStation("종로구 측정소", AirScene.Jongno, ["pm25"]);
        // Two hours at 80 ended at 1 o'clock of the day before, and it was lifted at 2; then two hours at 80 until 9 o'clock.
        await sta.Tell(station["pm25"], Midnight.AddHours(16), [.. 80.0.Times(3), .. 20.0.Times(29), .. 80.0.Times(2), .. 34.0.Times(7)]);

        var sheet = await sta.Get("/api/air/reduction?data=real");
        Assert.True((bool)sheet["conditions"]![1]!["wasWarned"]!);
    }

    [Fact]
    public async Task An_advisory_of_six_days_ago_that_was_never_lifted_is_in_force_still()
    {
        await using var sta = await Sta.Start(Engine.Sqlite, clock: AirScene.ClockAt("2026-03-04T08:00:00Z"));
        var station = await sta.AddStation("종로구 측정소", AirScene.Jongno, ["pm25"]);
        await sta.Tell(station["pm25"], Midnight.AddHours(16), [.. 80.0.Times(2), .. 40.0.Times((24 * 6) + 16)]);

        Assert.True((bool)(await sta.Get("/api/air/reduction?data=real"))["conditions"]![1]!["wasWarned"]!);
    }

    [Fact]
    public async Task Forecasts_of_simulated_data_are_issued_by_the_clock_of_those_data()
    {
        await using var sta = await Sta.Start(Engine.Sqlite, clock: AirScene.ClockAt("2026-03-04T08:00:00Z"));
        var station = await sta.AddStation("모의", AirScene.Jongno, ["pm25"], simulated: true);
        await sta.Tell(station["pm25"], Midnight.AddHours(16 + 48), 40.0.Times(16));
        const string Body = """{ "measure": "pm25", "value": 80, "source": "s", "issuedAt": "2026-03-06T16:00:00+09:00", "data": "%" }""";

        await Forecast(sta, "2026-03-07", Body.Replace("%", "simulated", StringComparison.Ordinal));
        Assert.Equal(("2026-03-07", "official", 80.0), Of(await sta.Get("/api/air/forecasts?data=simulated"), "city")[0]);
        Assert.Equal("issuedAt", (string?)(await sta.Send(HttpMethod.Put, "/api/air/forecasts/2026-03-07", Body.Replace("%", "real", StringComparison.Ordinal), HttpStatusCode.BadRequest))["field"]);
    }

    private static Task<JsonNode> Decide(Sta sta, string act, HttpStatusCode expected) =>
        sta.Send(HttpMethod.Post, "/api/air/reduction/2026-03-04/decisions", $$"""{ "act": "{{act}}", "note": "첫 결정" }""", expected);

    private static Task Forecast(Sta sta, string day, string body) => sta.Send(HttpMethod.Put, "/api/air/forecasts/" + day, body, HttpStatusCode.NoContent);

    private static List<(string, string, double?)> Of(JsonNode told, string place) =>
        [.. told["forecasts"]!.AsArray().Where(each => (string)each!["place"]! == place && (string)each["measure"]! == "pm25").Select(each => ((string)each!["day"]!, (string)each["by"]!, (double?)each["value"]))];

    private static string Told(JsonNode? condition) =>
        $"{(string)condition!["word"]!} {(bool?)condition["isMet"]} {string.Join(' ', condition["figures"]!.AsArray().Select(figure => FormattableString.Invariant($"{(string)figure!["name"]!} {(double?)figure["value"]}>{(double)figure["above"]!}")))}";
}
