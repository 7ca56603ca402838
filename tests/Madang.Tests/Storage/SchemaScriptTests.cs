using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Madang.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Storage;

public sealed class SchemaScriptTests
{
    [Theory, BothEngines]
    public async Task Each_script_is_applied_once(Engine engine)
    {
        await using var city = await TestCity.Start(engine);
        var first = await Applied(city);

        await city.Restart();

        Assert.NotEmpty(first);
        Assert.Contains(first, script => script.Name == "0001_facts");
        Assert.Equal(first, await Applied(city));
    }

    [Theory, BothEngines]
    public async Task A_script_that_changed_after_it_was_applied_stops_the_start(Engine engine)
    {
        await using var city = await TestCity.Start(engine);
        await Change(city, "UPDATE schema_scripts SET checksum = 'of another text' WHERE module = 'storage'");

        var failure = await Assert.ThrowsAsync<CityRuleException>(city.Restart);

        Assert.Equal("schema-script-changed", failure.Code);
        Assert.Contains("storage/0001_facts", failure.Message, StringComparison.Ordinal);
    }

    [Theory, BothEngines]
    public async Task Data_of_a_newer_Madang_is_not_touched(Engine engine)
    {
        await using var city = await TestCity.Start(engine);
        await Change(city, "INSERT INTO schema_scripts (module, name, checksum, applied_at) VALUES ('storage', '9999_flying_cars', 'x', 0)");

        Assert.Equal("schema-script-unknown", (await Assert.ThrowsAsync<CityRuleException>(city.Restart)).Code);
    }

    [Theory, BothEngines]
    public async Task A_script_that_fails_leaves_nothing_behind(Engine engine)
    {
        await using var store = await TestStore.Create(engine);
        await using (var broken = Bare.Services(store, services => services.AddSchema("broken", typeof(SchemaScriptTests).Assembly)))
        {
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Bare.Prepare(broken));
        }

        await using var city = await TestCity.Start(store);
        Assert.DoesNotContain(await Applied(city), script => script.Module == "broken");
        await Change(city, "CREATE TABLE half_a_table (id BIGINT)");
    }

    [Fact]
    public async Task Two_nodes_that_start_at_once_wait_for_each_other()
    {
        await using var store = await TestStore.Create(Engine.Postgres);
        var nodes = Enumerable.Range(0, 4).Select(_ => Bare.Services(store)).ToList();

        await Task.WhenAll(nodes.Select(Bare.Prepare));

        await using var read = await nodes[0].GetRequiredService<IDatabase>().Read(TestContext.Current.CancellationToken);
        Assert.Equal(1, await read.Connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM schema_scripts WHERE name = '0001_facts'", transaction: read.Transaction));
        await read.DisposeAsync();
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }

    private static async Task<List<(string Module, string Name, string Checksum, long At)>> Applied(TestCity city)
    {
        await using var read = await city.Services.GetRequiredService<IDatabase>().Read(TestContext.Current.CancellationToken);
        return (await read.Connection.QueryAsync<(string, string, string, long)>(
            "SELECT module, name, checksum, applied_at FROM schema_scripts ORDER BY module, name", transaction: read.Transaction)).AsList();
    }

    private static Task Change(TestCity city, string sql) =>
        city.Services.GetRequiredService<IDatabase>().Write(scope => scope.Connection.ExecuteAsync(sql, transaction: scope.Transaction), TestContext.Current.CancellationToken);
}
