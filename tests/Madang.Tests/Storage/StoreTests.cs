using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Madang.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Storage;

public sealed class StoreTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task What_was_written_is_there_after_a_restart(Engine engine)
    {
        await using var city = await TestCity.Start(engine);
        await Write(city, "CREATE TABLE notes (text TEXT NOT NULL)", "INSERT INTO notes (text) VALUES ('한강')");

        await city.Restart();

        await using var read = await city.Services.GetRequiredService<IDatabase>().Read(Cancel);
        Assert.Equal("한강", await read.Connection.ExecuteScalarAsync<string>("SELECT text FROM notes", transaction: read.Transaction));
    }

    [Theory, BothEngines]
    public async Task A_reader_sees_one_state_of_the_data_while_others_write(Engine engine)
    {
        await using var city = await TestCity.Start(engine);
        await Write(city, "CREATE TABLE notes (text TEXT NOT NULL)");
        await using var read = await city.Services.GetRequiredService<IDatabase>().Read(Cancel);
        Assert.Equal(0, await read.Connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM notes", transaction: read.Transaction));

        await Write(city, "INSERT INTO notes (text) VALUES ('late')");

        Assert.Equal(0, await read.Connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM notes", transaction: read.Transaction));
    }

    [Theory, BothEngines]
    public async Task A_query_that_runs_too_long_is_ended_even_when_nobody_passes_a_token(Engine engine)
    {
        await using var city = await TestCity.Start(engine);
        await using var read = await city.Services.GetRequiredService<IDatabase>().Read(Cancel, TimeSpan.FromMilliseconds(100));

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => read.Connection.ExecuteScalarAsync<long>(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT COUNT(*) FROM n", transaction: read.Transaction));

        Assert.True(StorageModule.IsQueryLimit(failure), failure.ToString());
    }

    [Fact]
    public async Task A_folder_that_another_city_uses_is_refused_with_its_name()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);

        var failure = await Assert.ThrowsAsync<InvalidInputException>(() => TestCity.Start(city.Store));

        Assert.Equal("Storage:Data", failure.Field);
        Assert.Contains(city.Store.Folder, failure.Reason, StringComparison.Ordinal);
        Assert.Contains("in use by another running Madang", failure.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_really_a_file_is_refused_with_its_name()
    {
        await using var store = await TestStore.Create(Engine.Sqlite);
        var file = Path.Combine(store.Folder, "file");
        await File.WriteAllTextAsync(file, "no folder", Cancel);

        var failure = await Assert.ThrowsAsync<InvalidInputException>(() => TestCity.Start(store, settings => settings["Storage:Data"] = file));

        Assert.Contains(file, failure.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_is_no_database_is_refused_and_its_folder_is_free_again()
    {
        await using var store = await TestStore.Create(Engine.Sqlite);
        var file = Path.Combine(store.Folder, "madang.db");
        await File.WriteAllTextAsync(file, new string('x', 5000), Cancel);
        Assert.Equal("Storage:Data", (await Assert.ThrowsAsync<InvalidInputException>(() => TestCity.Start(store))).Field);

        File.Delete(file);
        await using var city = await TestCity.Start(store);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("Host=db;Prot=5432")]
    [InlineData("Host=db;Port=many")]
    public async Task A_connection_string_with_a_mistake_names_its_option(string connection)
    {
        await using var store = await TestStore.Create(Engine.Sqlite);

        Assert.Equal("Storage:Postgres", (await Assert.ThrowsAsync<InvalidInputException>(() => TestCity.Start(store, settings => settings["Storage:Postgres"] = connection))).Field);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_an_outage_and_no_riddle()
    {
        await using var store = await TestStore.Create(Engine.Sqlite);

        var failure = await Assert.ThrowsAsync<UnavailableException>(() =>
            TestCity.Start(store, settings => settings["Storage:Postgres"] = "Host=127.0.0.1;Port=1;Username=nobody;Timeout=2"));

        Assert.Equal("storage-unreachable", failure.Code);
    }

    private static Task Write(TestCity city, params string[] statements) => city.Services.GetRequiredService<IDatabase>().Write(
        async scope =>
        {
            foreach (var statement in statements)
            {
                await scope.Connection.ExecuteAsync(statement, transaction: scope.Transaction);
            }
        },
        Cancel);
}
