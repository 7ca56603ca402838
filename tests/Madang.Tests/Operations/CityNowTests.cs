using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Madang.Operations;
using Madang.Storage;
using Madang.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Operations;

public sealed class CityNowTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task Readings_become_means_of_their_district_with_their_sources(Engine engine)
    {
        await using var city = await TestCity.Start(engine);
        var now = TimeProvider.System.GetUtcNow();
        await city.Sensor("가", now, 30);
        await city.Sensor("나", now.AddMinutes(-4), 42, longitude: 126.978, latitude: 37.592);
        await city.Sensor("다", now.AddMinutes(-30), 500, longitude: 127.063, latitude: 37.497);

        var snapshot = await city.Until(snapshot => snapshot.Find("pm25")?.Sensors == 2 && snapshot.Sensors.Total == 3);

        var jongno = snapshot.Districts.Single(district => district.Code == "11110");
        Assert.Equal((36.0, AirGrade.Bad, 2), (jongno.Find("pm25")!.Value, jongno.Find("pm25")!.Grade!.Value, jongno.Find("pm25")!.Sensors));
        Assert.Equal(new SensorCount(2, 1, 0), snapshot.Sensors);
        Assert.Null(snapshot.Districts.Single(district => district.Code == "11680").Find("pm25"));
        var origin = await city.Client.GetFromJsonAsync<JsonElement>(jongno.Find("pm25")!.Source, Cancel);
        Assert.Equal(["가", "나"], origin.GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("thing").GetString()));
        var stream = await city.Client.GetAsync(origin.GetProperty("parts")[0].GetProperty("href").GetString(), Cancel);
        Assert.True(stream.IsSuccessStatusCode);
    }

    [Fact]
    public async Task What_a_measure_cannot_be_is_in_no_figure()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        var now = TimeProvider.System.GetUtcNow();
        await city.Sensor("가", now, 30);
        await city.Sensor("고장 1", now, 99999, longitude: 126.978, latitude: 37.592);
        await city.Sensor("고장 2", now, -50, longitude: 127.063, latitude: 37.497);

        var snapshot = await city.Until(snapshot => snapshot.Sensors.Reporting == 3);

        Assert.Equal((30.0, 1, AirGrade.Moderate), (snapshot.Find("pm25")!.Value, snapshot.Find("pm25")!.Sensors, snapshot.Find("pm25")!.Grade!.Value));
        Assert.Null(snapshot.Districts.Single(district => district.Code == "11680").Find("pm25"));
        var stations = (await city.Get("/api/city/stations?measure=pm25")).GetProperty("stations").EnumerateArray().ToDictionary(station => station.GetProperty("name").GetString()!);
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Number), (stations["고장 1"].GetProperty("value").ValueKind, stations["가"].GetProperty("value").ValueKind));
        Assert.Equal(JsonValueKind.Null, stations["고장 2"].GetProperty("grade").ValueKind);
    }

    [Fact]
    public async Task A_demo_keeps_its_city_when_a_real_sensor_reports_and_a_measure_is_known_by_its_definition()
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var city = await TestCity.Start(Engine.Sqlite, settings => settings["Operations:SimulatedFirst"] = "true");
        await city.Sensor("모의", now, 100, simulated: true);
        await city.Sensor("실측", now, 10);

        var shown = await city.Until(snapshot => snapshot.OtherSensors == 1);
        Assert.Equal(CityData.Simulated, shown.Data);

        var made = await city.Client.PostAsync("/sta/v1.1/ObservedProperties", new StringContent("""{ "name": "먼지", "definition": "urn:madang:measure:pm10", "description": "" }""", System.Text.Encoding.UTF8, "application/json"), Cancel);
        var property = (await made.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("@iot.id").GetInt64();
        var patched = await city.Client.PatchAsync("/sta/v1.1/Datastreams(1)", new StringContent($$"""{ "ObservedProperty": { "@iot.id": {{property}} } }""", System.Text.Encoding.UTF8, "application/json"), Cancel);
        Assert.True(patched.IsSuccessStatusCode);
        Assert.Equal(100, (await city.Until(snapshot => snapshot.Find("pm10") is not null)).Find("pm10")!.Value);
    }

    [Fact]
    public async Task Real_and_simulated_readings_are_never_in_one_figure()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        var now = TimeProvider.System.GetUtcNow();
        await city.Sensor("모의", now.AddDays(3), 100, simulated: true);
        Assert.Equal(CityData.Simulated, (await city.Until(snapshot => snapshot.AsOf is not null)).Data);

        await city.Sensor("실측", now, 10);
        var real = await city.Until(snapshot => snapshot.Data == CityData.Real && snapshot.AsOf is not null);
        var simulated = await city.Services.GetRequiredService<CityNow>().Read(CityData.Simulated, Cancel);

        Assert.Equal((10.0, 1, 1), (real.Find("pm25")!.Value, real.Find("pm25")!.Sensors, real.OtherSensors));
        Assert.Equal((100.0, 1, 1), (simulated.Find("pm25")!.Value, simulated.Find("pm25")!.Sensors, simulated.OtherSensors));
    }

    [Fact]
    public async Task An_archive_is_no_now_and_a_clock_in_the_future_stops_nobody()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        var now = TimeProvider.System.GetUtcNow();
        await city.Sensor("옛 자료", now.AddYears(-4), 80);
        var archive = await city.Until(snapshot => snapshot.Dormant == 1);
        Assert.Null(archive.AsOf);
        Assert.Empty(archive.Figures);
        var stations = (await city.Get("/api/city/stations?measure=pm25")).GetProperty("stations");
        Assert.Equal(("옛 자료", JsonValueKind.Null, "silent"), (stations[0].GetProperty("name").GetString(), stations[0].GetProperty("value").ValueKind, stations[0].GetProperty("state").GetString()));

        await city.Sensor("앞선 시계", now.AddYears(3), 90);
        await city.Sensor("바른 시계", now, 20);

        var snapshot = await city.Until(snapshot => snapshot.AsOf is not null);
        Assert.Equal((20.0, 1), (snapshot.Find("pm25")!.Value, snapshot.Find("pm25")!.Sensors));
    }

    [Theory, BothEngines]
    public async Task A_wrong_clock_does_not_take_a_sensor_away(Engine engine)
    {
        await using var city = await TestCity.Start(engine);
        var now = TimeProvider.System.GetUtcNow();
        var datastream = await city.Sensor("가", now.AddMinutes(-1), 12);
        await city.Until(snapshot => snapshot.Find("pm25")?.Value == 12);

        await city.Observe(datastream, now.AddYears(100), 70);
        await city.Observe(datastream, now, 14);
        await city.Until(snapshot => snapshot.Find("pm25")?.Value == 14);
        await city.Restart();

        await city.Until(snapshot => snapshot.Find("pm25")?.Value == 14 && snapshot.Stations.Count == 1);
    }

    [Fact]
    public async Task A_mean_that_is_no_number_is_left_out_and_stops_nobody()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        var now = TimeProvider.System.GetUtcNow();
        await city.Sensor("시끄러운 곳", now, 4000, "noise");
        await city.Sensor("바른 센서", now, 20);

        var snapshot = await city.Until(snapshot => snapshot.Find("pm25") is not null && snapshot.Stations.Count == 2);

        Assert.Null(snapshot.Find("noise"));
        Assert.Equal(HttpStatusCode.OK, (await city.Client.GetAsync("/api/city/now", Cancel)).StatusCode);
    }

    [Theory, BothEngines]
    public async Task The_curve_of_the_day_outlives_a_restart(Engine engine)
    {
        await using var city = await TestCity.Start(engine);
        var now = TimeProvider.System.GetUtcNow();
        var datastream = await city.Sensor("가", now.AddHours(-2), 30);
        await city.Observe(datastream, now.AddHours(-1), 40);
        await city.Observe(datastream, now.AddHours(-30), 10);
        await city.Observe(datastream, now, 50);

        await city.Restart();

        var snapshot = await city.Until(snapshot => snapshot.Find("pm25")?.Value == 50);
        static long Step(DateTimeOffset at) => at.UtcTicks / TimeSpan.FromMinutes(10).Ticks;
        Assert.Equal([(Step(now.AddHours(-2)), 30.0), (Step(now.AddHours(-1)), 40.0), (Step(now), 50.0)], snapshot.History["pm25"].Select(point => (Step(point.At), point.Value)));
    }

    [Theory]
    [InlineData("pm25", 15, AirGrade.Good)]
    [InlineData("pm25", 16, AirGrade.Moderate)]
    [InlineData("pm25", 35, AirGrade.Moderate)]
    [InlineData("pm25", 75, AirGrade.Bad)]
    [InlineData("pm25", 76, AirGrade.VeryBad)]
    [InlineData("pm10", 150, AirGrade.Bad)]
    [InlineData("o3", 0.031, AirGrade.Moderate)]
    public void A_limit_belongs_to_the_better_grade(string measure, double value, AirGrade grade) => Assert.Equal(grade, AirGrades.Of(measure, value));

    [Fact]
    public async Task A_viewer_gets_the_snapshot_and_then_what_changes()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        var now = TimeProvider.System.GetUtcNow();
        var datastream = await city.Sensor("가", now.AddMinutes(-2), 30);
        await city.Until(snapshot => snapshot.Find("pm25")?.Value == 30);
        using var response = await city.Client.GetAsync("/live/city?data=real", HttpCompletionOption.ResponseHeadersRead, Cancel);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));

        Assert.Equal("event: snapshot", await reader.ReadLineAsync(Cancel));
        await city.Observe(datastream, now, 77);

        string? line;
        do
        {
            line = await reader.ReadLineAsync(Cancel);
        }
        while (line is not null && !(line.StartsWith("data: ", StringComparison.Ordinal) && line.Contains("\"value\":77", StringComparison.Ordinal)));
        Assert.NotNull(line);
        var change = JsonDocument.Parse(line["data: ".Length..]).RootElement;
        Assert.Equal(["11110"], change.GetProperty("districts").EnumerateArray().Select(district => district.GetProperty("code").GetString()));
    }
}
