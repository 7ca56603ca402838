using System.Data;
using System.Data.Common;
using Dapper;
using Madang.Kernel;
using Npgsql;

namespace Madang.Storage.Backup;

/// <summary>PostgreSQL as one transaction sees it; pg_dump is given the same snapshot.</summary>
internal sealed class PostgresSnapshot : StoreSnapshot
{
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;
    private readonly PostgresTools tools;
    private readonly string snapshot;

    private PostgresSnapshot(NpgsqlConnection connection, NpgsqlTransaction transaction, PostgresTools tools, string snapshot) =>
        (this.connection, this.transaction, this.tools, this.snapshot) = (connection, transaction, tools, snapshot);

    public override Engine Engine => Engine.Postgres;

    public override DbConnection Connection => connection;

    public override DbTransaction Transaction => transaction;

    public override string? Tool => $"pg_dump {tools.Version}";

    public static async Task<PostgresSnapshot> Hold(string postgres, CancellationToken cancel)
    {
        var tools = PostgresTools.Find("pg_dump", postgres);
        var connection = (NpgsqlConnection)await ReadOnlyStore.Open(null, postgres, cancel);
        try
        {
            tools.RefuseOlderThan(connection.PostgreSqlVersion);
            var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
            await connection.ExecuteAsync("SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0", transaction: transaction);
            if (!await connection.ExecuteScalarAsync<bool>("SELECT to_regclass('schema_scripts') IS NOT NULL", transaction: transaction))
            {
                throw new InvalidInputException("--postgres", $"the database '{connection.Database}' holds no store of Madang");
            }

            return new PostgresSnapshot(connection, transaction, tools, (await connection.ExecuteScalarAsync<string>("SELECT pg_export_snapshot()", transaction: transaction))!);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public override Task<IReadOnlyList<TableDigest>> Take(CancellationToken cancel) => PostgresDigests.Of(connection, transaction, cancel);

    public override Task CopyTo(Stream target, CancellationToken cancel) => tools.Run(
        ["--format=custom", $"--snapshot={snapshot}", "--no-owner", "--no-privileges", "--no-comments"], (_, output) => output.CopyToAsync(target, cancel), cancel);

    public override async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
