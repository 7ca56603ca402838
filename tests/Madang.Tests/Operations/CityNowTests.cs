using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Madang.Kernel;
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
        await Sensor(city, "가", 126.977, 37.593, simulated: false, now, 30);
        await Sensor(city, "나", 126.978, 37.592, simulated: false, now.AddMinutes(-4), 42);
        await Sensor(city, "다", 127.063, 37.497, simulated: false, now.AddMinutes(-30), 500);

        var snapshot = await Until(city, snapshot => snapshot.Find("pm25")?.Sensors == 2 && snapshot.Sensors.Total == 3);

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
    public async Task Real_and_simulated_readings_are_never_in_one_figure()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        var now = TimeProvider.System.GetUtcNow();
        await Sensor(city, "모의", 126.977, 37.593, simulated: true, now.AddDays(3), 100);
        Assert.Equal(CityData.Simulated, (await Until(city, snapshot => snapshot.AsOf is not null)).Data);

        await Sensor(city, "실측", 126.977, 37.593, simulated: false, now, 10);
        var real = await Until(city, snapshot => snapshot.Data == CityData.Real && snapshot.AsOf is not null);
        var simulated = await city.Services.GetRequiredService<CityNow>().Read(CityData.Simulated, Cancel);

        Assert.Equal((10.0, 1, 1), (real.Find("pm25")!.Value, real.Find("pm25")!.Sensors, real.OtherSensors));
        Assert.Equal((100.0, 1, 1), (simulated.Find("pm25")!.Value, simulated.Find("pm25")!.Sensors, simulated.OtherSensors));
    }

    [Fact]
    public async Task An_archive_is_no_now_and_a_clock_in_the_future_stops_nobody()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        var now = TimeProvider.System.GetUtcNow();
        await Sensor(city, "옛 자료", 126.977, 37.593, simulated: false, now.AddYears(-4), 80);
        var archive = await Until(city, snapshot => snapshot.Dormant == 1);
        Assert.Null(archive.AsOf);
        Assert.Empty(archive.Figures);

        await Sensor(city, "앞선 시계", 126.977, 37.593, simulated: false, now.AddYears(3), 90);
        await Sensor(city, "바른 시계", 126.977, 37.593, simulated: false, now, 20);

        var snapshot = await Until(city, snapshot => snapshot.AsOf is not null);
        Assert.Equal((20.0, 1), (snapshot.Find("pm25")!.Value, snapshot.Find("pm25")!.Sensors));
    }

    [Theory, BothEngines]
    public async Task A_wrong_clock_does_not_take_a_sensor_away(Engine engine)
    {
        await using var city = await TestCity.Start(engine);
        var now = TimeProvider.System.GetUtcNow();
        var datastream = await Sensor(city, "가", 126.977, 37.593, simulated: false, now.AddMinutes(-1), 12);
        await Until(city, snapshot => snapshot.Find("pm25")?.Value == 12);

        await Observe(city, datastream, now.AddYears(100), 70);
        await Observe(city, datastream, now, 14);
        await Until(city, snapshot => snapshot.Find("pm25")?.Value == 14);
        await city.Restart();

        await Until(city, snapshot => snapshot.Find("pm25")?.Value == 14 && snapshot.Stations.Count == 1);
    }

    [Fact]
    public async Task A_mean_that_is_no_number_is_left_out_and_stops_nobody()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        var now = TimeProvider.System.GetUtcNow();
        await Sensor(city, "시끄러운 곳", 126.977, 37.593, simulated: false, now, 4000, "noise");
        await Sensor(city, "바른 센서", 126.977, 37.593, simulated: false, now, 20);

        var snapshot = await Until(city, snapshot => snapshot.Find("pm25") is not null && snapshot.Stations.Count == 2);

        Assert.Null(snapshot.Find("noise"));
        Assert.Equal(HttpStatusCode.OK, (await city.Client.GetAsync("/api/city/now", Cancel)).StatusCode);
    }

    [Theory, BothEngines]
    public async Task The_curve_of_the_day_outlives_a_restart(Engine engine)
    {
        await using var city = await TestCity.Start(engine);
        var now = TimeProvider.System.GetUtcNow();
        var datastream = await Sensor(city, "가", 126.977, 37.593, simulated: false, now.AddHours(-2), 30);
        await Observe(city, datastream, now.AddHours(-1), 40);
        await Observe(city, datastream, now.AddHours(-30), 10);
        await Observe(city, datastream, now, 50);

        await city.Restart();

        var snapshot = await Until(city, snapshot => snapshot.Find("pm25")?.Value == 50);
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
        var datastream = await Sensor(city, "가", 126.977, 37.593, simulated: false, now.AddMinutes(-2), 30);
        await Until(city, snapshot => snapshot.Find("pm25")?.Value == 30);
        using var response = await city.Client.GetAsync("/live/city?data=real", HttpCompletionOption.ResponseHeadersRead, Cancel);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));

        Assert.Equal("event: snapshot", await reader.ReadLineAsync(Cancel));
        await Observe(city, datastream, now, 77);

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

    private static async Task<CitySnapshot> Until(TestCity city, Func<CitySnapshot, bool> holds)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        var now = city.Services.GetRequiredService<CityNow>();
        while (true)
        {
            var next = now.Next();
            var snapshot = await now.Read(null, patience.Token);
            if (holds(snapshot))
            {
                return snapshot;
            }

            await next.WaitAsync(patience.Token);
        }
    }

    private static async Task<long> Sensor(TestCity city, string name, double longitude, double latitude, bool simulated, DateTimeOffset at, double value, string measure = "pm25")
    {
        var response = await city.Client.PostAsJsonAsync("/sta/v1.1/Things", (object)new
        {
            name, description = "", properties = new { simulated },
            Locations = new[] { new { name, description = "", encodingType = "application/geo+json", location = new { type = "Point", coordinates = new[] { longitude, latitude } } } },
            Datastreams = new[]
            {
                new
                {
                    name = "초미세먼지", description = "", observationType = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
                    unitOfMeasurement = new { name = "㎍/㎥", symbol = "㎍/㎥", definition = "" },
                    Sensor = new { name = "시험", description = "", encodingType = "text/plain", metadata = "" },
                    ObservedProperty = new { name = "초미세먼지", definition = "", description = "", properties = new { measure } },
                    Observations = new[] { new { phenomenonTime = IsoTime.Write(at), result = value } },
                },
            },
        }, JsonSerializerOptions.Default, Cancel);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancel));
        var thing = await city.Client.GetFromJsonAsync<JsonElement>(response.Headers.Location!.PathAndQuery + "?$expand=Datastreams", Cancel);
        return thing.GetProperty("Datastreams")[0].GetProperty("@iot.id").GetInt64();
    }

    private static async Task Observe(TestCity city, long datastream, DateTimeOffset at, double value)
    {
        var response = await city.Client.PostAsJsonAsync($"/sta/v1.1/Datastreams({datastream})/Observations", new { phenomenonTime = IsoTime.Write(at), result = value }, Cancel);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }
}
