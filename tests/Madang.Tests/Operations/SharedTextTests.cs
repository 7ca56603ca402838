using System.Text;
using Madang.Kernel;
using Madang.Operations;
using Madang.Operations.Door;
using Madang.Operations.Live;
using Madang.Sensing;

namespace Madang.Tests.Operations;

public sealed class SharedTextTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_storm_of_callers_shares_the_same_bytes_made_once()
    {
        var texts = new SharedTexts<TextKey>(4, 1_000);
        var (made, ready) = (0, new TaskCompletionSource());
        var asked = Enumerable.Range(0, 100).Select(_ => Task.Run(() => texts.Get(Key("a"), async () =>
        {
            Interlocked.Increment(ref made);
            await ready.Task;
            return new byte[10];
        }, Cancel))).ToList();
        ready.SetResult();

        var got = await Task.WhenAll(asked);

        Assert.Equal(1, made);
        Assert.All(got, text => Assert.Same(got[0], text));
        Assert.Equal((1, 10L), texts.Held);
    }

    [Fact]
    public async Task The_oldest_goes_first_and_the_newest_stays_however_large_it_is()
    {
        var texts = new SharedTexts<TextKey>(3, 100);
        var a = await Make(texts, "a", 40);
        var b = await Make(texts, "b", 40);
        await Make(texts, "c", 40);
        Assert.Equal((2, 80L), texts.Held);
        Assert.Same(b, await Make(texts, "b", 40));
        Assert.NotSame(a, await Make(texts, "a", 40));

        await Make(texts, "huge", 1_000);
        Assert.Equal((1, 1_000L), texts.Held);
        foreach (var name in "defg")
        {
            await Make(texts, name.ToString(), 1);
        }

        Assert.Equal((3, 3L), texts.Held);
    }

    [Fact]
    public async Task What_could_not_be_made_is_tried_again_and_a_caller_who_leaves_spoils_nothing()
    {
        var texts = new SharedTexts<TextKey>(3, 100);
        await Assert.ThrowsAsync<IOException>(() => texts.Get(Key("a"), () => throw new IOException("no store"), Cancel));
        Assert.Equal(5, (await Make(texts, "a", 5)).Length);

        var ready = new TaskCompletionSource();
        using var leaving = new CancellationTokenSource();
        var left = texts.Get(Key("b"), async () => { await ready.Task; return new byte[7]; }, leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        ready.SetResult();
        Assert.Equal(7, (await Make(texts, "b", 99)).Length);
    }

    [Fact]
    public void A_large_city_keeps_few_snapshots_and_fewer_readings()
    {
        var world = new World(CityData.Simulated);
        var things = Enumerable.Range(0, 10_000).Select(thing => Told([.. Enumerable.Range(9 * thing, 9).Select(id => Reading(id, thing))])).ToList();
        var few = things[..311];
        for (var number = 0; number < 100; number++)
        {
            Assert.True(world.Publish(Snapshot(number, stations: 10_000), things, SensorLines.Of([])));
        }

        Assert.Equal((16, 1), world.Remembered);
        var small = new World(CityData.Simulated);
        for (var number = 0; number < 100; number++)
        {
            small.Publish(Snapshot(number, stations: 325), few, SensorLines.Of([]));
        }

        Assert.Equal((60, 14), small.Remembered);
        Assert.False(small.Publish(Snapshot(99, stations: 325), few, SensorLines.Of([])));
    }

    [Fact]
    public void Words_that_nobody_measures_share_one_list_of_stations()
    {
        var edition = Edition(1, Reading(1, thing: 1));
        Assert.Same(edition.FindStations("x1"), edition.FindStations("x2"));
        Assert.NotSame(edition.FindStations("x1"), edition.FindStations("pm25"));
        Assert.Null(edition.Slim().FindStations("pm25"));
    }

    [Fact]
    public void A_change_tells_all_stations_when_it_is_not_known_what_they_said()
    {
        var (before, after) = (Edition(1).Slim(), Edition(2, Reading(1, thing: 1)));
        Assert.Equal(3, System.Text.Json.JsonDocument.Parse(CityJson.Change(before, after, "pm25")).RootElement.GetProperty("stations").GetArrayLength());
        Assert.DoesNotContain((byte)'\n', CityJson.Change(before, after, "pm25"));
        Assert.EndsWith("\n\n", Encoding.UTF8.GetString(EventText.Beat("x")), StringComparison.Ordinal);
    }

    internal static Reading Reading(long id, long thing, string measure = "pm25") =>
        new(new LatestReading(thing, "가", id, measure, "㎍/㎥", null, null, true, null, null, null, null, null), null, DateTimeOffset.UnixEpoch, 10);

    /// <summary>Three stations, and what one Thing told.</summary>
    internal static Edition Edition(int number, params Reading[] readings)
    {
        IReadOnlyList<ThingReadings> things = readings.Length == 0 ? [] : [Told(readings)];
        return new Edition(Snapshot(number, stations: 3), things, new Roster(CityData.Simulated).Update(1, things, [], DateTimeOffset.UnixEpoch).Lines);
    }

    private static ThingReadings Told(Reading[] readings) => new(readings);

    internal static CitySnapshot Snapshot(int number, int stations) =>
        new($"x-{number}", CityData.Simulated, DateTimeOffset.UnixEpoch.AddSeconds(number), null, 0, new SensorCount(0, 0, 0), 0, [], [],
            [.. Enumerable.Range(0, stations).Select(id => new StationNow(id, "가", null, null, null, SensorState.Reporting))], new Dictionary<string, IReadOnlyList<HistoryPoint>>());

    private static Task<byte[]> Make(SharedTexts<TextKey> texts, string name, int length) => texts.Get(Key(name), () => Task.FromResult(new byte[length]), Cancel);

    private static TextKey Key(string name) => new("change", "", name, "");
}
