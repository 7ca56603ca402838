using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Madang.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

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
    public async Task What_is_kept_for_the_commit_is_stored_with_the_change_in_its_order()
    {
        await using var city = await TestCity.Start(Engine.Postgres);
        await Write(city, "CREATE TABLE notes (text TEXT NOT NULL)");

        await city.Services.GetRequiredService<IDatabase>().Write(
            async scope =>
            {
                scope.WithCommit(new NpgsqlBatchCommand("UPDATE notes SET text = text || $1") { Parameters = { new() { Value = " 2" } } });
                scope.WithCommit(new NpgsqlBatchCommand("UPDATE notes SET text = text || $1") { Parameters = { new() { Value = " 3" } } });
                await scope.Connection.ExecuteAsync("INSERT INTO notes (text) VALUES ('1')", transaction: scope.Transaction);
            },
            Cancel);

        Assert.Equal(["1 2 3"], await Notes(city));
    }

    [Fact]
    public async Task What_is_kept_for_the_commit_and_fails_takes_the_change_with_it_and_is_known_not_to_be_stored()
    {
        await using var city = await TestCity.Start(Engine.Postgres);
        await Write(city, "CREATE TABLE notes (text TEXT NOT NULL)");
        var database = city.Services.GetRequiredService<IDatabase>();

        // 53100 is what a full disk says: an outage, and no riddle, since the server said it before it came to COMMIT.
        var failure = await Assert.ThrowsAsync<UnavailableException>(() => database.Write(
            async scope =>
            {
                await scope.Connection.ExecuteAsync("INSERT INTO notes (text) VALUES ('gone')", transaction: scope.Transaction);
                scope.WithCommit(new NpgsqlBatchCommand("INSERT INTO notes (text) VALUES ('gone too')"));
                scope.WithCommit(new NpgsqlBatchCommand("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100'; END $$"));
            },
            Cancel));

        Assert.Equal("storage-unreachable", failure.Code);
        Assert.Empty(await Notes(city));
    }

    [Fact]
    public async Task A_lost_race_in_what_is_kept_for_the_commit_is_tried_again_whole()
    {
        await using var city = await TestCity.Start(Engine.Postgres);
        await Write(city, "CREATE TABLE notes (text TEXT NOT NULL)");
        var attempts = 0;

        await city.Services.GetRequiredService<IDatabase>().Write(
            scope =>
            {
                scope.WithCommit(new NpgsqlBatchCommand("INSERT INTO notes (text) VALUES ('once')"));
                if (++attempts == 1)
                {
                    scope.WithCommit(new NpgsqlBatchCommand("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$"));
                }

                return Task.CompletedTask;
            },
            Cancel);

        Assert.Equal((2, 1), (attempts, (await Notes(city)).Count));
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

    private static async Task<List<string>> Notes(TestCity city)
    {
        await using var read = await city.Services.GetRequiredService<IDatabase>().Read(Cancel);
        return (await read.Connection.QueryAsync<string>("SELECT text FROM notes", transaction: read.Transaction)).AsList();
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
