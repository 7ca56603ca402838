using System.Collections.Concurrent;
using System.Diagnostics;
using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Madang.Storage.Facts;
using Madang.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Storage;

public sealed class FactTests
{
    [Theory, BothEngines]
    public async Task Facts_of_one_key_arrive_in_order_and_all_of_them(Engine engine)
    {
        var heard = new Heard();
        await using var city = await Listening(engine, heard);

        await Task.WhenAll(Enumerable.Range(0, 5).Select(async key =>
        {
            for (var number = 0; number < 20; number++)
            {
                await Ring(city, $"key {key}", number);
            }
        }));
        await heard.Until(() => heard.All.Count >= 100);

        foreach (var key in heard.All.GroupBy(bell => bell.Key))
        {
            Assert.Equal(Enumerable.Range(0, 20), key.Select(bell => bell.Number));
        }
    }

    [Theory, BothEngines]
    public async Task A_fact_comes_again_after_a_reaction_threw_and_nothing_overtakes_it(Engine engine)
    {
        var heard = new Heard { FailuresLeft = 2 };
        await using var city = await Listening(engine, heard);

        await Ring(city, "key", 1);
        await Ring(city, "key", 2);
        await heard.Until(() => heard.All.Count >= 2);

        Assert.Equal([1, 2], heard.All.Select(bell => bell.Number));
        Assert.Equal(0, heard.FailuresLeft);
    }

    [Theory, BothEngines]
    public async Task A_reaction_that_always_throws_does_not_hold_up_the_others(Engine engine)
    {
        var heard = new Heard();
        await using var city = await TestCity.Start(engine, services: services =>
            services.AddSingleton(heard).AddSingleton<Hopeless>().AddReaction<BellRang, Hopeless>("test-a-hopeless")
                .AddSingleton<Listener>().AddReaction<BellRang, Listener>("test-listener"));

        await Ring(city, "key", 1);
        await Ring(city, "key", 2);

        await heard.Until(() => heard.All.Count >= 2);
    }

    [Theory, BothEngines]
    public async Task Facts_told_while_nobody_listened_arrive_after_the_restart(Engine engine)
    {
        await using var store = await TestStore.Create(engine);
        await using (var deaf = Bare.Services(store))
        {
            await Bare.Prepare(deaf);
            for (var number = 0; number < 3; number++)
            {
                await Ring(deaf, "key", number);
            }
        }

        var heard = new Heard();
        await using var city = await TestCity.Start(store, services: services => Listen(services, heard));
        await heard.Until(() => heard.All.Count >= 3);

        Assert.Equal([0, 1, 2], heard.All.Select(bell => bell.Number));
    }

    [Theory, BothEngines]
    public async Task A_backlog_of_large_facts_is_read_in_portions(Engine engine)
    {
        await using var store = await TestStore.Create(engine);
        await using var deaf = Bare.Services(store);
        await Bare.Prepare(deaf);
        foreach (var letters in (int[])[400_000, 400_000, 400_000, 3_000_000, 1])
        {
            await deaf.GetRequiredService<IDatabase>().Write(
                scope =>
                {
                    scope.Tell(new BellRang(new string('k', letters), 1), "key");
                    return Task.CompletedTask;
                },
                TestContext.Current.CancellationToken);
        }

        // A transaction that is open elsewhere in the cluster, such as another test's, keeps the newest facts back for a while.
        var (portions, patience) = (new List<int>(), TimeProvider.System.GetTimestamp());
        while (portions.Sum() < 5 && TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(30))
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
            await using var read = await deaf.GetRequiredService<IDatabase>().Read(TestContext.Current.CancellationToken);
            portions.Clear();
            for (var place = (0L, 0L); await FactTable.After(read, engine, FactPartitions.Of("key"), place, 256) is { Count: > 0 } facts; place = (facts[^1].Tx, facts[^1].Id))
            {
                portions.Add(facts.Count);
            }
        }

        Assert.Equal([3, 1, 1], portions);
    }

    [Theory, BothEngines]
    public async Task What_was_delivered_before_a_clean_stop_does_not_come_again(Engine engine)
    {
        var heard = new Heard();
        await using var city = await Listening(engine, heard);
        await Ring(city, "key", 1);
        await heard.Until(() => heard.All.Count >= 1);

        await city.Restart();
        await Ring(city, "key", 2);
        await heard.Until(() => heard.All.Count >= 2);

        Assert.Equal([1, 2], heard.All.Select(bell => bell.Number));
    }

    [Theory, BothEngines]
    public async Task A_change_that_is_rolled_back_leaves_neither_rows_nor_facts(Engine engine)
    {
        var heard = new Heard();
        await using var city = await Listening(engine, heard);
        var database = city.Services.GetRequiredService<IDatabase>();

        await Assert.ThrowsAsync<CityRuleException>(() => database.Write(
            async scope =>
            {
                await scope.Connection.ExecuteAsync("CREATE TABLE half_done (id BIGINT)", transaction: scope.Transaction);
                scope.Tell(new BellRang("key", 1), "key");
                throw new CityRuleException("no", "not today");
            },
            TestContext.Current.CancellationToken));
        await Ring(city, "key", 2);
        await heard.Until(() => heard.All.Count >= 1);

        Assert.Equal([2], heard.All.Select(bell => bell.Number));
        await database.Write(scope => scope.Connection.ExecuteAsync("CREATE TABLE half_done (id BIGINT)", transaction: scope.Transaction), TestContext.Current.CancellationToken);
    }

    private static Task<TestCity> Listening(Engine engine, Heard heard) => TestCity.Start(engine, services: services => Listen(services, heard));

    private static void Listen(IServiceCollection services, Heard heard) =>
        services.AddSingleton(heard).AddSingleton<Listener>().AddReaction<BellRang, Listener>("test-listener");

    private static Task Ring(TestCity city, string key, int number) => Ring(city.Services, key, number);

    private static Task Ring(IServiceProvider services, string key, int number) => services.GetRequiredService<IDatabase>().Write(
        scope =>
        {
            scope.Tell(new BellRang(key, number), key);
            return Task.CompletedTask;
        },
        TestContext.Current.CancellationToken);

    internal sealed record BellRang(string Key, int Number) : IFact;

    internal sealed class Heard
    {
        public ConcurrentQueue<BellRang> All { get; } = new();

        public int FailuresLeft { get; set; }

        public async Task Until(Func<bool> done)
        {
            var waiting = Stopwatch.StartNew();
            while (!done())
            {
                Assert.True(waiting.Elapsed < TimeSpan.FromSeconds(20), $"only {All.Count} facts arrived in 20 seconds");
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }
        }
    }

    internal sealed class Listener(Heard heard) : IReaction<BellRang>
    {
        public Task React(BellRang fact, CancellationToken cancel)
        {
            if (heard.FailuresLeft > 0)
            {
                heard.FailuresLeft--;
                throw new InvalidOperationException("not yet");
            }

            heard.All.Enqueue(fact);
            return Task.CompletedTask;
        }
    }

    internal sealed class Hopeless : IReaction<BellRang>
    {
        public Task React(BellRang fact, CancellationToken cancel) => throw new InvalidOperationException("never");
    }
}
