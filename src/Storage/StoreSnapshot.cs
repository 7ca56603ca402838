using System.Data.Common;
using Dapper;
using Madang.Storage.Backup;

namespace Madang.Storage;

/// <summary>One state of a store, held while a server goes on writing beside it, to be asked and copied whole.</summary>
public abstract class StoreSnapshot : IAsyncDisposable
{
    /// <summary>Which engine the store has.</summary>
    public abstract Engine Engine { get; }

    /// <summary>The connection that sees this state and no other.</summary>
    public abstract DbConnection Connection { get; }

    /// <summary>The transaction that holds it.</summary>
    public abstract DbTransaction Transaction { get; }

    /// <summary>The program that makes the copy and its version, where another must read it again; null on SQLite.</summary>
    public virtual string? Tool => null;

    /// <summary>Holds the state of now: of the store in a folder or, when a connection string is given, of PostgreSQL.</summary>
    public static async Task<StoreSnapshot> Open(string data, string? postgres, CancellationToken cancel) =>
        string.IsNullOrWhiteSpace(postgres) ? await SqliteSnapshot.Hold(data, cancel) : await PostgresSnapshot.Hold(postgres, cancel);

    /// <summary>Takes what <see cref="CopyTo"/> will give, and says what is in each table. On SQLite the state is let go then, and lies beside the store until this is disposed.</summary>
    public abstract Task<IReadOnlyList<TableDigest>> Take(CancellationToken cancel);

    /// <summary>Writes what was taken.</summary>
    public abstract Task CopyTo(Stream target, CancellationToken cancel);

    /// <summary>The schema scripts that made the store, such as <c>storage/0001_facts</c>.</summary>
    public async Task<IReadOnlyList<string>> Scripts() =>
        (await Connection.QueryAsync<string>("SELECT module || '/' || name FROM schema_scripts ORDER BY module, name", transaction: Transaction)).AsList();

    /// <summary>True when the store has a table of this name.</summary>
    public async Task<bool> HasTable(string name) => await Connection.ExecuteScalarAsync<bool>(
        Engine == Engine.Sqlite ? "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = @name)" : "SELECT to_regclass(@name) IS NOT NULL", new { name }, Transaction);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
