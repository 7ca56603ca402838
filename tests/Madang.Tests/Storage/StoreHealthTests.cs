using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Madang.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Storage;

public sealed class StoreHealthTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task A_write_that_failed_makes_the_store_ill_until_one_succeeds_be_it_the_check_s_own(Engine engine)
    {
        var clock = new TestClock();
        await using var store = await TestStore.Create(engine);
        await using var services = Bare.Services(store, more => more.AddSingleton<TimeProvider>(clock));
        await Bare.Prepare(services);
        var (database, health) = (services.GetRequiredService<IDatabase>(), services.GetRequiredService<StoreHealth>());
        Task Check() => health.Check(database, Cancel);
        Task Fail(Exception failure) => Assert.ThrowsAnyAsync<Exception>(() => database.Write(_ => throw failure, Cancel));
        var outage = new UnavailableException("storage-full-or-failing", "The store cannot write now.", TimeSpan.FromSeconds(30));
        await Check();

        await Fail(outage);
        Assert.Equal("storage-cannot-write", (await Assert.ThrowsAsync<UnavailableException>(Check)).Code);
        await database.Write(scope => scope.Connection.ExecuteAsync("CREATE TABLE notes (text TEXT)", transaction: scope.Transaction), Cancel);
        await Check();

        await Fail(outage);
        await Assert.ThrowsAsync<UnavailableException>(Check);
        clock.Advance(TimeSpan.FromSeconds(11));
        await Check();

        await Fail(new UnavailableException("storage-busy", "Lost a race.", TimeSpan.FromSeconds(1)));
        await Fail(new CityRuleException("no", "not today"));
        await Check();
    }
}
