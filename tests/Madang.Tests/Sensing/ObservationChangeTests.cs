using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Dapper;
using Madang.Sensing;
using Madang.Storage;
using Madang.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Sensing;

/// <summary>What hangs on an Observation follows its changes, and no more is done and told than that.</summary>
public sealed class ObservationChangeTests
{
    [Theory, BothEngines]
    public async Task Extents_follow_every_change(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var (one, other) = (await sta.CreateDatastream("하나"), await sta.CreateDatastream("둘"));
        await sta.Observe(one, (0, 1), (10, 2), (20, 3), (30, 4));
        var ids = await sta.Names($"Datastreams({one})/Observations?$orderby=phenomenonTime", "@iot.id");

        await Move(sta, ids[1], 15);
        Assert.Equal((0, 30), await Extent(sta, one));
        await Move(sta, ids[0], 12);
        Assert.Equal((12, 30), await Extent(sta, one));
        await Move(sta, ids[1], 5);
        Assert.Equal((5, 30), await Extent(sta, one));
        await Move(sta, ids[2], 40);
        Assert.Equal((5, 40), await Extent(sta, one));
        await Move(sta, ids[2], 6);
        Assert.Equal((5, 30), await Extent(sta, one));

        await sta.Patch($"Observations({ids[3]})", $$"""{ "Datastream": { "@iot.id": {{other}} } }""");
        Assert.Equal(((5, 12), (30, 30)), (await Extent(sta, one), await Extent(sta, other)));
        await sta.Patch($"Observations({ids[0]})", $$"""{ "resultTime": "{{Sta.At(50)}}" }""");
        Assert.StartsWith(Sta.At(50).TrimEnd('Z'), (string)(await sta.Get($"Datastreams({one})"))["resultTime"]!, StringComparison.Ordinal);
    }

    [Theory, BothEngines]
    public async Task A_Thing_deleted_while_it_is_heard_leaves_nothing_behind(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var cancel = TestContext.Current.CancellationToken;
        foreach (var round in Enumerable.Range(0, 5))
        {
            var datastream = await sta.CreateDatastream($"하나 {round}");
            var thing = (long)(await sta.Get($"Datastreams({datastream})/Thing"))["@iot.id"]!;
            var senders = Enumerable.Range(0, 4).Select(_ => Task.Run(
                async () =>
                {
                    HttpStatusCode answer;
                    do
                    {
                        using var body = new StringContent("""{"result": 1}""", Encoding.UTF8, "application/json");
                        using var response = await sta.City.Client.PostAsync($"/sta/v1.1/Datastreams({datastream})/Observations", body, cancel);
                        answer = response.StatusCode;
                    }
                    while (answer == HttpStatusCode.Created);
                    return answer;
                },
                cancel)).ToList();
            await Task.Delay(100, cancel);
            await sta.Delete($"Things({thing})");
            Assert.All(await Task.WhenAll(senders), answer => Assert.Equal(HttpStatusCode.NotFound, answer));
        }

        Assert.Equal(0, (int)(await sta.Get("Observations?$count=true&$top=0"))["@iot.count"]!);
    }

    [Theory, BothEngines]
    public async Task A_change_in_the_middle_counts_nothing_anew_and_tells_nobody(Engine engine)
    {
        var told = new Told();
        await using var city = await TestCity.Start(engine, services: services =>
            services.AddSingleton(told).AddSingleton<Listener>().AddReaction<StationsChanged, Listener>("test-stations"));
        var sta = new Sta(city);
        var datastream = await sta.CreateDatastream();
        await sta.Observe(datastream, (0, 1), (10, 2), (20, 3), (30, 4));
        var ids = await sta.Names($"Datastreams({datastream})/Observations?$orderby=phenomenonTime", "@iot.id");

        // An extent that is wider than the Observations shows whether somebody counted.
        await city.Services.GetRequiredService<IDatabase>().Write(
            scope => scope.Connection.ExecuteAsync("UPDATE datastream_extents SET phenomenon_start = phenomenon_start - 600000000", transaction: scope.Transaction), TestContext.Current.CancellationToken);
        await sta.Patch($"Observations({ids[1]})", """{ "result": 7 }""");
        await sta.Put($"Observations({ids[1]})", $$"""{ "phenomenonTime": "{{Sta.At(12)}}", "result": 8 }""");
        await sta.Delete($"Observations({ids[2]})");
        Assert.Equal((-10, 30), await Extent(sta, datastream));

        await sta.Patch($"Observations({ids[3]})", """{ "result": 9 }""");
        Assert.Equal((0, 30), await Extent(sta, datastream));
        await told.Until(changed => changed.EntitySet == "Observations");
        Assert.Equal(long.Parse(ids[3], null), Assert.Single(told.All, changed => changed.EntitySet == "Observations").Id);
        Assert.Equal(9, Assert.Single(await city.Services.GetRequiredService<SensingQueries>().ListLatest(TestContext.Current.CancellationToken)).Number);
    }

    private static Task Move(Sta sta, string id, int minute) => sta.Patch($"Observations({id})", $$"""{ "phenomenonTime": "{{Sta.At(minute)}}" }""");

    private static async Task<(int From, int To)> Extent(Sta sta, long datastream)
    {
        var times = ((string)(await sta.Get($"Datastreams({datastream})"))["phenomenonTime"]!).Split('/');
        return (Minute(times[0]), Minute(times[^1]));

        static int Minute(string time) => (int)(DateTimeOffset.Parse(time, null) - DateTimeOffset.Parse(Sta.At(0), null)).TotalMinutes;
    }

    internal sealed class Told
    {
        public ConcurrentQueue<StationsChanged> All { get; } = new();

        public async Task Until(Func<StationsChanged, bool> heard)
        {
            var patience = TimeProvider.System.GetTimestamp();
            while (!All.Any(heard))
            {
                Assert.True(TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(20), "the fact does not arrive");
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }
        }
    }

    internal sealed class Listener(Told told) : IReaction<StationsChanged>
    {
        public Task React(StationsChanged fact, CancellationToken cancel)
        {
            told.All.Enqueue(fact);
            return Task.CompletedTask;
        }
    }
}
