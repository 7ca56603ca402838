using System.Data.Common;
using Madang.Kernel;

namespace Madang.Storage;

/// <summary>The engine behind an <see cref="IDatabase"/>.</summary>
public enum Engine
{
    /// <summary>One embedded file, one writer at a time; the default.</summary>
    Sqlite,

    /// <summary>A PostgreSQL server, version 15 or newer.</summary>
    Postgres,
}

/// <summary>The one way to the database. Two implementations: SQLite and PostgreSQL.</summary>
public interface IDatabase
{
    /// <summary>Which engine this is.</summary>
    Engine Engine { get; }

    /// <summary>
    /// A connection for reading, all of whose queries see one state of the data and end at <paramref name="limit"/>
    /// (default: <see cref="StorageOptions.QueryLimit"/>) with an <see cref="UnavailableException"/> <c>query-too-long</c>.
    /// </summary>
    ValueTask<ReadScope> Read(CancellationToken cancel, TimeSpan? limit = null);

    /// <summary>
    /// A closed connection to the same data for a library that opens and closes its own; on SQLite it can only read. Whoever
    /// asked for it disposes it, and writes through <see cref="Write{T}"/> all the same.
    /// </summary>
    DbConnection Connect();

    /// <summary>
    /// Runs <paramref name="change"/> in one transaction and commits it durably before returning; whatever it throws
    /// rolls everything back. A full disk or a lost server becomes an <see cref="UnavailableException"/>.
    /// </summary>
    Task<T> Write<T>(Func<WriteScope, Task<T>> change, CancellationToken cancel);
}

/// <summary>A connection for reading, in one snapshot. Dispose it soon: a long reader holds up the store's housekeeping.</summary>
public abstract class ReadScope : IAsyncDisposable
{
    /// <summary>The open connection.</summary>
    public abstract DbConnection Connection { get; }

    /// <summary>The transaction that holds the snapshot.</summary>
    public abstract DbTransaction Transaction { get; }

    /// <summary>Fires when the caller gives up or the time limit is reached; hand it to each query.</summary>
    public abstract CancellationToken Cancel { get; }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}

/// <summary>One transaction that changes something.</summary>
public sealed class WriteScope(Engine engine, DbConnection connection, DbTransaction transaction, CancellationToken cancel)
{
    private readonly List<(IFact Fact, string Key)> facts = [];
    private readonly List<DbBatchCommand> last = [];

    /// <summary>Which engine this is.</summary>
    public Engine Engine { get; } = engine;

    /// <summary>The open connection.</summary>
    public DbConnection Connection { get; } = connection;

    /// <summary>The transaction that is committed when the change returns.</summary>
    public DbTransaction Transaction { get; } = transaction;

    /// <summary>Fires when the caller gives up.</summary>
    public CancellationToken Cancel { get; } = cancel;

    /// <summary>Saves what happened with the change itself; facts with equal keys are delivered in order.</summary>
    public void Tell(IFact fact, string key) => facts.Add((fact, key));

    /// <summary>
    /// Keeps a statement until the commit, for PostgreSQL alone: all that are kept, in their order, travel with the commit in
    /// one message there and back. Nothing else in this transaction sees what it does, so nothing else may need it.
    /// </summary>
    public void WithCommit(DbBatchCommand statement)
    {
        if (Engine != Engine.Postgres)
        {
            throw new InvalidOperationException("Statements are kept for the commit on PostgreSQL alone.");
        }

        last.Add(statement);
    }

    /// <summary>Reads what this transaction has changed so far, for who was made to read and now works within one; to dispose it ends nothing.</summary>
    public ReadScope AsReader() => new Within(this);

    internal IReadOnlyList<(IFact Fact, string Key)> Facts => facts;

    internal IReadOnlyList<DbBatchCommand> Last => last;

    private sealed class Within(WriteScope scope) : ReadScope
    {
        public override DbConnection Connection => scope.Connection;

        public override DbTransaction Transaction => scope.Transaction;

        public override CancellationToken Cancel => scope.Cancel;

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>Short forms over <see cref="IDatabase"/>.</summary>
public static class DatabaseCalls
{
    /// <summary>Runs a change that returns nothing; see <see cref="IDatabase.Write{T}"/>.</summary>
    public static Task Write(this IDatabase database, Func<WriteScope, Task> change, CancellationToken cancel) =>
        database.Write(
            async scope =>
            {
                await change(scope);
                return true;
            },
            cancel);
}
