using System.Data.Common;
using Dapper;
using Madang.Kernel;
using Madang.Storage.Facts;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Madang.Storage.Engines;

/// <summary>
/// The embedded store: one file in WAL mode, every commit flushed (<c>synchronous=FULL</c>), one writer at a time behind a
/// gate, readers beside it on pooled connections. A lock file keeps a second process out of the same folder.
/// </summary>
internal sealed class SqliteDatabase : IDatabase, IAsyncDisposable
{
    private const int Interrupted = 9, Full = 13, InputOutput = 10, CannotOpen = 14, ReadOnly = 8;

    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly FileStream folderLock;
    private readonly SqliteConnection writer;
    private readonly string readerConnection;
    private readonly string strangerConnection;
    private readonly StorageOptions options;
    private readonly FactSignal signal;
    private readonly TimeProvider clock;

    public SqliteDatabase(StorageOptions options, FactSignal signal, TimeProvider clock)
    {
        this.options = options;
        this.signal = signal;
        this.clock = clock;
        folderLock = DataFolder.Take(options.Data);
        var file = Path.Combine(options.Data, "madang.db");
        readerConnection = new SqliteConnectionStringBuilder { DataSource = file, Pooling = true, Mode = SqliteOpenMode.ReadWrite }.ToString();
        strangerConnection = new SqliteConnectionStringBuilder { DataSource = file, Pooling = true, Mode = SqliteOpenMode.ReadOnly }.ToString();
        writer = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        try
        {
            DataFolder.MakeOwnersFile(file);
            writer.Open();
            writer.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON;");
        }
        catch (SqliteException exception)
        {
            writer.Dispose();
            folderLock.Dispose();
            throw new InvalidInputException("Storage:Data", $"'{Path.GetFullPath(file)}' cannot be opened as a store: {exception.Message}");
        }
    }

    public Engine Engine => Engine.Sqlite;

    public async ValueTask<ReadScope> Read(CancellationToken cancel, TimeSpan? limit = null)
    {
        cancel.ThrowIfCancellationRequested();
        var connection = new SqliteConnection(readerConnection);
        try
        {
            await connection.OpenAsync(cancel);
            connection.Execute("PRAGMA query_only=1; PRAGMA cache_size=-4096; PRAGMA temp_store=MEMORY;");
            return new SqliteReadScope(connection, connection.BeginTransaction(deferred: true), limit ?? options.QueryLimit, cancel);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public DbConnection Connect() => new SqliteConnection(strangerConnection);

    public async Task<T> Write<T>(Func<WriteScope, Task<T>> change, CancellationToken cancel)
    {
        await gate.WaitAsync(cancel);
        try
        {
            await using var transaction = writer.BeginTransaction(deferred: false);
            var scope = new WriteScope(Engine, writer, transaction, cancel);
            var result = await change(scope);
            var partitions = FactTable.Append(scope, clock.GetUtcNow());
            transaction.Commit();
            signal.Ring(partitions);
            return result;
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is Full or InputOutput or CannotOpen or ReadOnly)
        {
            throw new UnavailableException("storage-full-or-failing", "The store cannot write now (full or failing disk). Nothing of this request was stored.", TimeSpan.FromSeconds(30), exception);
        }
        finally
        {
            gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await gate.WaitAsync();
        SqliteStatement.Release(writer);
        await writer.DisposeAsync();
        foreach (var kind in (string[])[readerConnection, strangerConnection])
        {
            using var pooled = new SqliteConnection(kind);
            SqliteConnection.ClearPool(pooled);
        }

        await folderLock.DisposeAsync();
        gate.Dispose();
    }

    /// <summary>Interrupts the running statement when the caller gives up or the limit is reached: SQLite itself does not look at tokens.</summary>
    private sealed class SqliteReadScope : ReadScope
    {
        private readonly SqliteConnection connection;
        private readonly SqliteTransaction transaction;
        private readonly CancellationTokenSource ending;
        private readonly CancellationTokenRegistration interrupt;

        public SqliteReadScope(SqliteConnection connection, SqliteTransaction transaction, TimeSpan limit, CancellationToken cancel)
        {
            this.connection = connection;
            this.transaction = transaction;
            ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            ending.CancelAfter(limit);
            interrupt = ending.Token.Register(static state => raw.sqlite3_interrupt((sqlite3)state!), connection.Handle);
        }

        public override DbConnection Connection => connection;

        public override DbTransaction Transaction => transaction;

        public override CancellationToken Cancel => ending.Token;

        public override async ValueTask DisposeAsync()
        {
            await interrupt.DisposeAsync();
            ending.Dispose();
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }

    /// <summary>True for the error that <c>sqlite3_interrupt</c> leaves behind.</summary>
    internal static bool WasInterrupted(Exception exception) => exception is SqliteException { SqliteErrorCode: Interrupted };
}
