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
    /// <summary>How often a change is tried that lost a race for rows.</summary>
    private const int MostAttempts = 5;

    private static readonly string[] OutageStates = ["53", "57P", "08", "40"];

    private readonly NpgsqlDataSource source;
    private readonly StorageOptions options;
    private readonly FactSignal signal;
    private readonly TimeProvider clock;

    public PostgresDatabase(StorageOptions options, FactSignal signal, TimeProvider clock)
    {
        this.options = options;
        this.signal = signal;
        this.clock = clock;
        source = new NpgsqlDataSourceBuilder(ConnectionString(options.Postgres)).Build();
    }

    public Engine Engine => Engine.Postgres;

    public async ValueTask<ReadScope> Read(CancellationToken cancel, TimeSpan? limit = null)
    {
        var connection = await Open(cancel);
        try
        {
            var atMost = limit ?? options.QueryLimit;
            var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);

            // The server itself ends a query that nobody cancels; BEGIN travels with this statement.
            await using var words = new NpgsqlCommand($"SET LOCAL statement_timeout = {(int)Math.Max(1, atMost.TotalMilliseconds)}", connection, transaction);
            await words.ExecuteNonQueryAsync(cancel);
            return new PostgresReadScope(connection, transaction, atMost, cancel);
        }
        catch (Exception exception)
        {
            await connection.DisposeAsync();
            if (exception is NpgsqlException lost && IsOutage(lost))
            {
                throw Unavailable(lost);
            }

            throw;
        }
    }

    public DbConnection Connect() => source.CreateConnection();

    public async Task<T> Write<T>(Func<WriteScope, Task<T>> change, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await WriteOnce(change, cancel);
            }
            catch (PostgresException exception) when (IsLostRace(exception) && attempt < MostAttempts)
            {
                // Rolled back whole by the server; the same change finds the other's result now.
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(5, 25 * attempt)), clock, cancel);
            }
            catch (PostgresException exception) when (IsLostRace(exception))
            {
                throw new UnavailableException("storage-busy", "Too many changes to the same rows at once. Nothing of this request was stored; send it again.", TimeSpan.FromSeconds(1), exception);
            }
        }
    }

    /// <summary>
    /// Deadlock or serialization failure (SQLSTATE class 40): this transaction was chosen to give way. Or a row went between
    /// the look at it and the write that refers to it (23503).
    /// </summary>
    private static bool IsLostRace(PostgresException exception) =>
        exception.SqlState.StartsWith("40", StringComparison.Ordinal) || exception.SqlState == PostgresErrorCodes.ForeignKeyViolation;

    private async Task<T> WriteOnce<T>(Func<WriteScope, Task<T>> change, CancellationToken cancel)
    {
        var committing = false;
        try
        {
            await using var connection = await Open(cancel);
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            var scope = new WriteScope(Engine, connection, transaction, cancel);
            var result = await change(scope);
            var partitions = FactTable.Append(scope, clock.GetUtcNow());
            cancel.ThrowIfCancellationRequested();
            committing = true;
            await PostgresCommit.Send(scope);
            signal.Ring(partitions);
            return result;
        }
        catch (NpgsqlException exception) when (IsOutage(exception) && !(exception is PostgresException raced && IsLostRace(raced)))
        {
            // Between the word "commit" and its answer nobody knows; whoever repeats needs an Idempotency-Key.
            throw committing && !PostgresCommit.WasBefore(exception)
                ? new UnavailableException("storage-answer-lost", "The database was lost while it committed: this request may be stored or not. Repeat it with its Idempotency-Key.", TimeSpan.FromSeconds(5), exception)
                : Unavailable(exception);
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    /// <summary>True for a query that the server ended at its time limit.</summary>
    internal static bool WasTimedOut(Exception exception) => exception is PostgresException { SqlState: PostgresErrorCodes.QueryCanceled };

    /// <summary>Whatever is set on a connection is set for its transaction alone (SET LOCAL, locks of transactions), so there is nothing to reset when the next takes it: six statements saved each time.</summary>
    private static string ConnectionString(string? text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text) { ApplicationName = "madang", MaxAutoPrepare = 200, AutoPrepareMinUsages = 3, NoResetOnClose = true, IncludeFailedBatchedCommand = true }.ToString();
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new InvalidInputException("Storage:Postgres", $"is not an Npgsql connection string such as 'Host=db;Database=madang;Username=madang': {exception.Message}");
        }
    }

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

    /// <summary>True when the server was lost, full or stopping: nothing is wrong with the request.</summary>
    internal static bool WasLost(Exception exception) => exception is NpgsqlException lost && IsOutage(lost);

    private static UnavailableException Unavailable(NpgsqlException cause) =>
        new("storage-unreachable", "The database cannot be reached or cannot write now. Nothing of this request was stored.", TimeSpan.FromSeconds(5), cause);

    /// <summary>
    /// Class 53 (insufficient resources, a full disk among them), 57P (operator intervention), 08 (connection), 40 (two
    /// transactions in each other's way), or no server at all.
    /// </summary>
    private static bool IsOutage(NpgsqlException exception) =>
        exception.InnerException is IOException or SocketException or TimeoutException
        || (exception.SqlState is { } state && OutageStates.Any(start => state.StartsWith(start, StringComparison.Ordinal)));

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
