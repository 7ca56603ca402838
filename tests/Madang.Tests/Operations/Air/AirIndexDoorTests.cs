using System.Net;
using System.Text.Json.Nodes;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing;

namespace Madang.Tests.Operations.Air;

/// <summary>The index through the door, by examples computed by hand.</summary>
public sealed class AirIndexDoorTests
{
    private static readonly string[] All = ["pm10", "pm25", "o3", "no2", "co", "so2"];

    private static readonly DateTimeOffset Hour = new(2026, 3, 4, 5, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task The_index_of_a_district_and_of_the_city_is_that_of_the_last_full_hour(Engine engine)
    {
        await using var sta = await Sta.Start(engine, clock: AirScene.ClockAt("2026-03-04T05:20:00Z"));
        var one = await sta.AddStation("종로구 측정소", AirScene.Jongno, All);
        var other = await sta.AddStation("강동구 측정소", AirScene.Gangdong, ["pm10", "pm25", "o3"]);
        await sta.Tell(one["pm10"], Hour, [.. 60.0.Times(8), .. 90.0.Times(4)]);
        await sta.Tell(one["pm25"], Hour, 24.0.Times(12));
        await sta.Tell(one["o3"], Hour, 0.5, 0.021);
        await sta.Tell(one["no2"], Hour, 0.045);
        await sta.Tell(one["co"], Hour, 0.5);
        await sta.Tell(one["so2"], Hour, 0.004);
        await sta.Tell(other["pm10"], Hour, 60.0.Times(12));
        await sta.Tell(other["pm25"], Hour, 24.0.Times(12));
        await sta.Tell(other["o3"], Hour, 0.021);

        var now = await sta.Get("/api/air/index?data=real");
        Assert.Equal(("real", "2026-03-04T05:00:00+00:00"), ((string)now["data"]!, (string)now["hour"]!));
        // PM10 68.75, published 69: (100 - 51) / (80 - 31) × (69 - 31) + 51 = 89; PM2.5 24: 72; NO2 75; O3 35; CO 13; SO2 10.
        var jongno = District(now, "11110");
        Assert.Equal((89, "moderate", "pm10", 0), ((int)jongno["index"]!, (string)jongno["grade"]!, (string)jongno["leading"]!, (int)jongno["added"]!));
        Assert.Equal(["pm10 69 90 89 True", "no2 0.045 0.045 75 False", "pm25 24 24 72 True", "o3 0.021 0.021 35 False", "co 0.5 0.5 13 False", "so2 0.004 0.004 10 False"], Parts(jongno));
        // Without nitrogen dioxide there is no index, and it is said so. PM10 60: (100 - 51) / (80 - 31) × (60 - 31) + 51 = 80, above the 72 of PM2.5.
        var gangdong = District(now, "11740");
        Assert.Equal((null, "no2", "pm10"), ((int?)gangdong["index"], (string)gangdong["missing"]![0]!, (string)gangdong["leading"]!));
        // The city's hours are 60 and 75: C12 = 65; 75 / 65 = 1.15, so 56.25; (65 + 56.25) / 2 = 60.625, published 61: 81.
        Assert.Equal((81, 2, "pm10"), ((int)now["city"]!["index"]!, (int)now["city"]!["stations"]!, (string)now["city"]!["leading"]!));
        Assert.Equal(2, now["stations"]!.AsArray().Count);

        var answer = await sta.City.Client.GetAsync("/api/air/index?data=real", Cancel);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/air/index?data=real") { Headers = { IfNoneMatch = { answer.Headers.ETag! } } };
        Assert.Equal(HttpStatusCode.NotModified, (await sta.City.Client.SendAsync(again, Cancel)).StatusCode);

        // The hour before had an ozone of 0.5: (500 - 251) / (0.600 - 0.151) × (0.5 - 0.151) + 251 = 444.5; and no gas but that.
        var before = District(await sta.Get("/api/air/index?data=real&at=2026-03-04T04:59:59Z"), "11110");
        Assert.Equal(("no2", "o3 0.5 0.5 445 False"), ((string)before["missing"]![0]!, Parts(before).Single(part => part.StartsWith("o3", StringComparison.Ordinal))));
        await sta.Get("/api/air/index?at=noon", HttpStatusCode.BadRequest);
        Assert.Null((string?)(await sta.Get("/api/air/index?data=simulated"))["hour"]);
    }

    [Theory, BothEngines]
    public async Task Less_than_three_quarters_of_an_hour_or_a_stretch_do_not_count(Engine engine)
    {
        await using var sta = await Sta.Start(engine, clock: AirScene.ClockAt("2026-03-04T05:20:00Z"));
        var station = await sta.AddStation("종로구 측정소", AirScene.Jongno, All, cadence: 600);
        // Of six readings an hour five are enough, and four are not.
        await sta.TellEvery(station["o3"], TimeSpan.FromMinutes(10), Hour.AddMinutes(-10), 0.02.Times(5));
        await sta.TellEvery(station["no2"], TimeSpan.FromMinutes(10), Hour.AddMinutes(-10), 0.02.Times(4));
        // Of twelve hours nine are enough (with three of the last four), and eight are not.
        await sta.TellEvery(station["pm10"], TimeSpan.FromMinutes(10), Hour.AddMinutes(-10), 28.0.Times(9 * 6));
        await sta.TellEvery(station["pm25"], TimeSpan.FromMinutes(10), Hour.AddMinutes(-10), 12.0.Times(8 * 6));

        var place = District(await sta.Get("/api/air/index?data=real"), "11110");
        Assert.Equal(["pm25", "no2"], place["missing"]!.AsArray().Select(measure => (string)measure!));
        Assert.Equal(["pm10", "o3"], place["parts"]!.AsArray().Select(part => (string)part!["measure"]!));
    }

    [Fact]
    public async Task Values_of_days_are_no_hours()
    {
        await using var sta = await Sta.Start(Engine.Sqlite, clock: AirScene.ClockAt("2026-03-04T15:20:00Z"));
        // Midnight in Seoul.
        var midnight = new DateTimeOffset(2026, 3, 4, 15, 0, 0, TimeSpan.Zero);
        var archive = await sta.AddStation("보관 자료", AirScene.Jongno, ["o3"], cadence: 86_400);
        await sta.TellEvery(archive["o3"], TimeSpan.FromDays(1), midnight, 0.05, 0.06, 0.07);
        var hourly = await sta.AddStation("강동구 측정소", AirScene.Gangdong, ["o3"]);
        await sta.Tell(hourly["o3"], midnight, 0.02, 0.03);

        var now = await sta.Get("/api/air/index?data=real");
        Assert.Equal(0.03, (double)now["city"]!["parts"]![0]!["value"]!);
        Assert.Empty(District(now, "11110")["parts"]!.AsArray());
        await sta.Get("/api/air/index?data=real&at=2026-03-05T00:00:00Z", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Real_and_simulated_stations_are_never_mixed_and_small_sensors_do_not_count()
    {
        await using var sta = await Sta.Start(Engine.Sqlite, clock: AirScene.ClockAt("2026-03-04T05:20:00Z"));
        var (real, simulated) = (await sta.AddStation("실제", AirScene.Jongno, ["o3"]), await sta.AddStation("모의", AirScene.Jongno, ["o3"], simulated: true));
        var small = await sta.CreateDatastream("작은 센서", "o3");
        await sta.Tell(real["o3"], Hour, 0.020);
        await sta.Tell(simulated["o3"], Hour.AddHours(9), 0.060);
        await sta.Tell(small, Hour.AddHours(9), 0.300);

        var (one, other) = (await sta.Get("/api/air/index?data=real"), await sta.Get("/api/air/index?data=simulated"));
        Assert.Equal(("2026-03-04T05:00:00+00:00", 0.020), ((string)one["hour"]!, (double)one["city"]!["parts"]![0]!["value"]!));
        // Simulated data have a clock of their own, which may run ahead.
        Assert.Equal(("2026-03-04T14:00:00+00:00", 0.060), ((string)other["hour"]!, (double)other["city"]!["parts"]![0]!["value"]!));
    }

    private static JsonNode District(JsonNode now, string code) => now["districts"]!.AsArray().Single(district => (string)district!["code"]! == code)!;

    private static string[] Parts(JsonNode place) =>
        [.. place["parts"]!.AsArray().Select(part => FormattableString.Invariant($"{(string)part!["measure"]!} {(double)part["value"]!} {(double?)part["lastHour"]} {(int)part["index"]!} {(bool)part["isPredicted"]!}"))];
}
