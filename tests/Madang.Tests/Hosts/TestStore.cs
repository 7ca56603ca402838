using Madang.Server;
using Madang.Storage;
using Microsoft.Extensions.Logging;

namespace Madang.Tests.Hosts;

/// <summary>A place for one test's data: a fresh folder, and on PostgreSQL a fresh database. Outlives a restart, goes with the test.</summary>
public sealed class TestStore : IAsyncDisposable
{
    private static readonly Lazy<Task<byte[]>> ReadySqlite = new(async () =>
    {
        await using var store = await Create(Engine.Sqlite);
        await store.MakeReady();
        Assert.False(File.Exists(Path.Combine(store.Folder, "madang.db-wal")), "The store did not write its log back when it was closed.");
        return await File.ReadAllBytesAsync(Path.Combine(store.Folder, "madang.db"));
    });

    /// <summary>A database that goes with its server.</summary>
    private static readonly Lazy<Task<string>> ReadyPostgres = new(async () =>
    {
        var store = await Create(Engine.Postgres);
        await store.MakeReady();
        Directory.Delete(store.Folder, recursive: true);
        return store.Postgres!;
    });

    private TestStore(Engine engine, string folder, string? postgres) => (Engine, Folder, Postgres) = (engine, folder, postgres);

    public Engine Engine { get; }

    public string Folder { get; }

    public string? Postgres { get; }

    /// <summary>The settings that make a city keep its data here.</summary>
    public Dictionary<string, string?> Settings => new() { ["Storage:Data"] = Folder, ["Storage:Postgres"] = Postgres, ["Trust:RecordFolder"] = RecordFolder };

    /// <summary>Where the record's log lies, with PostgreSQL too.</summary>
    public string RecordFolder => Path.Combine(Folder, "audit");

    public static async Task<TestStore> Create(Engine engine)
    {
        if (engine == Engine.Postgres && PostgresCluster.Skipped)
        {
            Assert.Skip("MADANG_SKIP_POSTGRES=1: not run on PostgreSQL.");
        }

        var postgres = engine == Engine.Postgres ? await (await PostgresCluster.Get()).CreateDatabase() : null;
        return new TestStore(engine, Directory.CreateTempSubdirectory("madang-test-").FullName, postgres);
    }

    /// <summary>The same with this Madang's tables in it already, as copies: to make them anew for every test takes longer than most tests.</summary>
    public static async Task<TestStore> CreateReady(Engine engine)
    {
        if (engine == Engine.Postgres)
        {
            return PostgresCluster.Skipped ? await Create(engine) : new TestStore(engine, Directory.CreateTempSubdirectory("madang-test-").FullName, await (await PostgresCluster.Get()).CopyOf(await ReadyPostgres.Value));
        }

        var store = await Create(engine);
        await using var copy = OwnersFiles.Write(Path.Combine(store.Folder, "madang.db"), FileMode.CreateNew);
        await copy.WriteAsync(await ReadySqlite.Value);
        return store;
    }

    private async Task MakeReady()
    {
        await using var city = CityHost.Build(Settings, builder => builder.Logging.ClearProviders());
        await city.PrepareCity(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        if (Postgres is not null)
        {
            await (await PostgresCluster.Get()).DropDatabase(Postgres);
        }
    }
}
