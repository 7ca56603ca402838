using Madang.Storage;

namespace Madang.Tests.Hosts;

/// <summary>A place for one test's data: a fresh folder, and on PostgreSQL a fresh database. Outlives a restart, goes with the test.</summary>
public sealed class TestStore : IAsyncDisposable
{
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

    public async ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        if (Postgres is not null)
        {
            await (await PostgresCluster.Get()).DropDatabase(Postgres);
        }
    }
}
