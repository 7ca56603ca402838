using System.Net;
using System.Text.Json;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Operations;

public sealed class StreamTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_parser_that_is_not_ours_reads_snapshot_change_and_ids()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        var now = TimeProvider.System.GetUtcNow();
        var datastream = await city.Sensor("가\n나 \"다\"", now.AddMinutes(-2), 30);
        await city.Until(snapshot => snapshot.Find("pm25")?.Value == 30);

        await using var line = await city.Watch("/live/city?data=real");
        var first = await line.Next();
        await city.Observe(datastream, now, 31);
        var second = await line.Next();

        Assert.Equal(("snapshot", "change"), (first.EventType, second.EventType));
        Assert.Equal(TimeSpan.FromSeconds(3), first.ReconnectionInterval);
        Assert.Equal((first.Json().GetProperty("id").GetString(), second.Json().GetProperty("id").GetString()), (first.EventId, second.EventId));
        Assert.NotEqual(first.EventId, second.EventId);
        Assert.Equal("가\n나 \"다\"", first.Json().GetProperty("stations")[0].GetProperty("name").GetString());
        Assert.Equal(31, second.Json().GetProperty("figures")[0].GetProperty("value").GetDouble());
    }

    [Fact]
    public async Task A_viewer_that_has_a_snapshot_gets_only_what_changed_since()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        var now = TimeProvider.System.GetUtcNow();
        var datastream = await city.Sensor("가", now.AddMinutes(-2), 30);
        var had = await city.Until(snapshot => snapshot.Find("pm25")?.Value == 30);
        await using var idle = await city.Watch($"/live/city?data=real&since={had.Id}");
        Assert.Equal(("beat", had.Id), (await idle.Next() is var beat ? beat.EventType : "", idle.Current.EventId));

        await city.Observe(datastream, now, 40);
        await city.Until(snapshot => snapshot.Find("pm25")?.Value == 40);
        await using var behind = await city.Watch("/live/city?data=real&since=nonsense", lastEventId: had.Id);
        await using var stranger = await city.Watch("/live/city?data=real&since=nonsense");

        Assert.Equal("change", (await behind.Next()).EventType);
        Assert.Equal("snapshot", (await stranger.Next()).EventType);
    }

    [Fact]
    public async Task With_a_measure_stations_carry_its_value_and_a_change_only_those_that_say_something_new()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        var now = TimeProvider.System.GetUtcNow();
        await city.Sensor("가", now.AddMinutes(-2), 30);
        var second = await city.Sensor("나", now.AddMinutes(-2), 80);
        await city.Sensor("다", now.AddMinutes(-2), 0.04, "o3");
        await city.Sensor("라", now.AddMinutes(-50), 99);
        var had = await city.Until(snapshot => snapshot is { Stations.Count: 4 } && snapshot.Find("pm25")?.Sensors == 2 && snapshot.Find("o3") is not null);

        await using var line = await city.Watch("/live/city?data=real&measure=pm25");
        await using var plain = await city.Watch("/live/city?data=real");
        var stations = (await line.Next()).Json().GetProperty("stations").EnumerateArray().ToDictionary(station => station.GetProperty("name").GetString()!);

        Assert.Equal((30, "㎍/㎥", "moderate"), (stations["가"].GetProperty("value").GetDouble(), stations["가"].GetProperty("unit").GetString(), stations["가"].GetProperty("grade").GetString()));
        Assert.Equal("very-bad", stations["나"].GetProperty("grade").GetString());
        Assert.All(new[] { "value", "unit", "grade", "at" }, member => Assert.Equal(JsonValueKind.Null, stations["다"].GetProperty(member).ValueKind));
        Assert.Equal((JsonValueKind.Null, JsonValueKind.String, "late"), (stations["라"].GetProperty("value").ValueKind, stations["라"].GetProperty("at").ValueKind, stations["라"].GetProperty("state").GetString()));
        Assert.False((await plain.Next()).Json().GetProperty("stations")[0].TryGetProperty("value", out _));

        await city.Observe(second, now, 81);
        var change = await line.Next();
        Assert.DoesNotContain("\\u002B", change.Data, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(("change", 81.0), (change.EventType, Assert.Single(change.Json().GetProperty("stations").EnumerateArray()).GetProperty("value").GetDouble()));
        Assert.Empty((await plain.Next()).Json().GetProperty("stations").EnumerateArray());
        await using var behind = await city.Watch($"/live/city?data=real&measure=pm25&since={had.Id}");
        Assert.Single((await behind.Next()).Json().GetProperty("stations").EnumerateArray());
    }

    [Theory]
    [InlineData("/live/city?measure=pm2.5")]
    [InlineData("/live/city?measure=%20")]
    [InlineData("/api/city/now?measure=%EC%98%A8%EB%8F%84")]
    [InlineData("/api/city/stations?measure=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("/api/city/stations")]
    [InlineData("/api/city/at?time=2026-07-19T00:00:00Z")]
    public async Task A_measure_that_cannot_be_one_is_refused_by_name(string address)
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        var response = await city.Client.GetAsync(address, Cancel);
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Contains("measure", await response.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_measure_that_nobody_measures_has_no_values()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        await city.Sensor("가", TimeProvider.System.GetUtcNow(), 30);
        await city.Until(snapshot => snapshot.Stations.Count == 1);
        foreach (var address in new[] { "/api/city/now?measure=nobody_measures_this", "/api/city/stations?measure=nobody_measures_this" })
        {
            Assert.Equal(JsonValueKind.Null, Assert.Single((await city.Get(address)).GetProperty("stations").EnumerateArray()).GetProperty("value").ValueKind);
        }
    }

    [Fact]
    public async Task A_viewer_that_takes_nothing_holds_up_nobody_and_the_line_ends_with_the_server()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        var now = TimeProvider.System.GetUtcNow();
        var datastream = await city.Sensor("가", now.AddMinutes(-2), 30);
        await city.Until(snapshot => snapshot.Find("pm25")?.Value == 30);
        using var stuck = await city.Client.GetAsync("/live/city?data=real", HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal(("no-store", "no", "text/event-stream"), (stuck.Headers.CacheControl?.ToString(), stuck.Headers.GetValues("X-Accel-Buffering").Single(), stuck.Content.Headers.ContentType?.ToString()));

        await using var line = await city.Watch("/live/city?data=real");
        await line.Next();
        for (var value = 31; value < 34; value++)
        {
            await city.Observe(datastream, now.AddSeconds(value - 40), value);
            Assert.Equal(value, (await line.Next()).Json().GetProperty("figures")[0].GetProperty("value").GetDouble());
        }

        var stopping = city.Stop();
        Assert.False(await line.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancel));
        await stopping;
    }
}
