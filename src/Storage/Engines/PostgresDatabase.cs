using System.Data;
using System.Data.Common;
using System.Net.Sockets;
using Madang.Kernel;
using Madang.Storage.Facts;
using Npgsql;

namespace Madang.Storage.Engines;

/// <summary>The scale store: a PostgreSQL server behind Npgsql's own pool. Reads are repeatable-read snapshots.</summary>
internal sealed class PostgresDatabase : IDatabase, IAsyncDisposable
{
    private readonly NpgsqlDataSource source;
    private readonly StorageOptions options;
    private readonly FactSignal signal;
    private readonly TimeProvider clock;

    public PostgresDatabase(StorageOptions options, FactSignal signal, TimeProvider clock)
    {
        this.options = options;
        this.signal = signal;
        this.clock = clock;
        var connection = new NpgsqlConnectionStringBuilder(options.Postgres) { ApplicationName = "madang", MaxAutoPrepare = 200, AutoPrepareMinUsages = 3 };
        source = new NpgsqlDataSourceBuilder(connection.ToString()).Build();
    }

    public Engine Engine => Engine.Postgres;

    public async ValueTask<ReadScope> Read(CancellationToken cancel, TimeSpan? limit = null)
    {
        var connection = await Open(cancel);
        try
        {
            var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
            return new PostgresReadScope(connection, transaction, limit ?? options.QueryLimit, cancel);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async Task<T> Write<T>(Func<WriteScope, Task<T>> change, CancellationToken cancel)
    {
        try
        {
            await using var connection = await Open(cancel);
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            var scope = new WriteScope(Engine, connection, transaction, cancel);
            var result = await change(scope);
            var partitions = await FactTable.Append(scope, clock.GetUtcNow());
            await transaction.CommitAsync(CancellationToken.None);
            signal.Ring(partitions);
            return result;
        }
        catch (NpgsqlException exception) when (IsOutage(exception))
        {
            throw Unavailable(exception);
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private async Task<NpgsqlConnection> Open(CancellationToken cancel)
    {
        try
        {
            return await source.OpenConnectionAsync(cancel);
        }
        catch (NpgsqlException exception)
        {
            throw Unavailable(exception);
        }
    }

    private static UnavailableException Unavailable(NpgsqlException cause) =>
        new("storage-unreachable", "The database cannot be reached or cannot write now. Nothing of this request was stored.", TimeSpan.FromSeconds(5), cause);

    /// <summary>Class 53 (insufficient resources, a full disk among them), 57P (operator intervention), 08 (connection), or no server at all.</summary>
    private static bool IsOutage(NpgsqlException exception) =>
        exception.InnerException is IOException or SocketException
        || (exception.SqlState is { } state && (state.StartsWith("53", StringComparison.Ordinal) || state.StartsWith("57P", StringComparison.Ordinal) || state.StartsWith("08", StringComparison.Ordinal)));

    private sealed class PostgresReadScope : ReadScope
    {
        private readonly NpgsqlConnection connection;
        private readonly NpgsqlTransaction transaction;
        private readonly CancellationTokenSource ending;

        public PostgresReadScope(NpgsqlConnection connection, NpgsqlTransaction transaction, TimeSpan limit, CancellationToken cancel)
        {
            this.connection = connection;
            this.transaction = transaction;
            ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            ending.CancelAfter(limit);
        }

        public override DbConnection Connection => connection;

        public override DbTransaction Transaction => transaction;

        public override CancellationToken Cancel => ending.Token;

        public override async ValueTask DisposeAsync()
        {
            ending.Dispose();
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
