using System.Net;
using System.Text.Json;
using Madang.Kernel;
using Madang.Operations.Live;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Operations;

public sealed class StationTests
{
    private static readonly DateTimeOffset Start = new(2026, 7, 19, 5, 8, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task The_stations_of_a_time_have_the_values_of_then(Engine engine)
    {
        await using var city = await TestCity.Start(engine, clock: new TestClock(Start));
        var datastream = await city.Sensor("가", Start.AddHours(-3), 12, simulated: true);
        await city.Observe(datastream, Start.AddHours(-3).AddMinutes(1), 80);
        await city.Observe(datastream, Start.AddHours(-2).AddMinutes(-20), 40);
        await city.Observe(datastream, Start, 50);
        await city.Sensor("나", Start.AddMinutes(-170), 0.05, "o3", simulated: true, cadence: 3600);
        await city.Sensor("다", Start, 7, "pm25", simulated: true);
        await city.Until(snapshot => snapshot.Stations.Count == 3 && snapshot.Find("pm25")?.Sensors == 2);

        var then = await city.Get($"/api/city/at?measure=pm25&time={Time(-180)}&data=simulated");
        Assert.Equal(("pm25", "simulated"), (then.GetProperty("measure").GetString(), then.GetProperty("data").GetString()));
        Assert.Equal([("가", 80.0, "reporting", "very-bad"), ("다", null, "silent", null)], Stations(then));
        Assert.Equal(IsoTime.Write(Start.AddMinutes(-179)), IsoTime.Write(then.GetProperty("stations")[0].GetProperty("at").GetDateTimeOffset()));
        Assert.Equal(("가", null, "late", null), Stations(await city.Get($"/api/city/at?measure=pm25&time={Time(-120)}&data=simulated"))[0]);
        Assert.Equal([("나", 0.05, "reporting", "moderate")], Stations(await city.Get($"/api/city/at?measure=o3&time={Time(-110)}")));
        Assert.Equal([("나", null, "late", null)], Stations(await city.Get($"/api/city/at?measure=o3&time={Time(-90)}")));
        Assert.Equal([("가", 50.0, "reporting", "bad"), ("다", 7.0, "reporting", "good")], Stations(await city.Get($"/api/city/at?measure=pm25&time={Time(0)}")));
        Assert.Empty(Stations(await city.Get($"/api/city/at?measure=nobody_measures_this&time={Time(0)}")));

        await city.Observe(datastream, Start.AddHours(-3).AddMinutes(1.5), 14);
        await Poll(async () => Stations(await city.Get($"/api/city/at?measure=pm25&time={Time(-180)}"))[0].Value == 14);
    }

    [Fact]
    public async Task The_same_question_has_the_same_tag()
    {
        await using var city = await TestCity.Start(Engine.Sqlite, clock: new TestClock(Start));
        var datastream = await city.Sensor("가", Start.AddHours(-3), 12, simulated: true);
        await city.Observe(datastream, Start, 50);
        await city.Until(snapshot => snapshot.Find("pm25")?.Value == 50);
        foreach (var address in new[] { "/api/city/stations?measure=pm25", $"/api/city/at?measure=pm25&time={Time(-180)}", "/api/city/now?measure=pm25", "/api/city/now", "/api/city/now.csv", "/api/city/day.csv" })
        {
            var first = await city.Client.GetAsync(address, Cancel);
            Assert.Equal((HttpStatusCode.OK, "no-cache"), (first.StatusCode, first.Headers.CacheControl?.ToString()));
            using var again = new HttpRequestMessage(HttpMethod.Get, address);
            again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            Assert.Equal((address, HttpStatusCode.NotModified), (address, (await city.Client.SendAsync(again, Cancel)).StatusCode));
            using var other = new HttpRequestMessage(HttpMethod.Get, address.Replace("pm25", "pm10", StringComparison.Ordinal));
            other.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            Assert.Equal(address.Contains("pm25", StringComparison.Ordinal) ? HttpStatusCode.OK : HttpStatusCode.NotModified, (await city.Client.SendAsync(other, Cancel)).StatusCode);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("&time=yesterday")]
    [InlineData("&time=2026-07-18T05:09:59Z")]
    [InlineData("&time=2026-07-19T05:10:00Z")]
    public async Task A_time_that_is_not_of_the_last_day_is_refused_by_name(string time)
    {
        await using var city = await TestCity.Start(Engine.Sqlite, clock: new TestClock(Start));
        await city.Sensor("가", Start, 12, simulated: true);
        await city.Until(snapshot => snapshot.Find("pm25") is not null);

        var response = await city.Client.GetAsync("/api/city/at?measure=pm25" + time, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("time", JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel)).RootElement.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await city.Client.GetAsync("/api/city/at?measure=pm25&time=2026-07-18T05:10:00Z", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await city.Client.GetAsync("/api/city/at?measure=pm25&time=2026-07-19T14:09:59%2B09:00", Cancel)).StatusCode);
    }

    [Fact]
    public async Task The_past_of_too_many_datastreams_is_refused_before_the_store_is_asked()
    {
        var edition = SharedTextTests.Edition(1, [.. Enumerable.Range(0, PastStations.MostDatastreams + 1).Select(id => SharedTextTests.Reading(id, thing: 1))]);
        var refused = await Assert.ThrowsAsync<CityRuleException>(() => new PastStations(null!).Read(edition, "pm25", DateTimeOffset.UnixEpoch, Cancel));
        Assert.Equal(("too-many-datastreams", 422), (refused.Code, refused.Status));
    }

    [Theory, BothEngines]
    public async Task A_figure_tells_who_is_responsible_for_each_of_its_parts(Engine engine)
    {
        await using var city = await TestCity.Start(engine, clock: new TestClock(Start));
        await city.Sensor("가", Start, 12, simulated: true, owner: "종로구청 (모의)");
        await city.Sensor("나", Start, 13, simulated: true);
        var snapshot = await city.Until(snapshot => snapshot.Find("pm25")?.Sensors == 2);

        var parts = (await city.Get(snapshot.Find("pm25")!.Source)).GetProperty("parts").EnumerateArray();

        Assert.Equal(["종로구청 (모의)", null], parts.Select(part => part.GetProperty("owner").GetString()));
    }

    private static string Time(int minutes) => Uri.EscapeDataString(IsoTime.Write(Start.AddMinutes(minutes)));

    private static List<(string Name, double? Value, string State, string? Grade)> Stations(JsonElement answer) =>
        [.. answer.GetProperty("stations").EnumerateArray().Select(station => (
            station.GetProperty("name").GetString()!, station.GetProperty("value").ValueKind == JsonValueKind.Null ? (double?)null : station.GetProperty("value").GetDouble(),
            station.GetProperty("state").GetString()!, station.GetProperty("grade").GetString()))];

    private static async Task Poll(Func<Task<bool>> holds)
    {
        var patience = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(20), "it never came to hold");
            await Task.Delay(20, Cancel);
        }
    }
}
