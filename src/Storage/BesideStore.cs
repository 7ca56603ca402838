using System.Data.Common;
using Dapper;
using Madang.Kernel;
using Madang.Storage.Engines;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Madang.Storage;

/// <summary>A change to a store from outside, beside a server that may run on it. It tells no facts.</summary>
public static class BesideStore
{
    /// <summary>Runs one change on the store of a folder or, when a connection string is given, of PostgreSQL; durable when it returns.</summary>
    public static async Task Write(string data, string? postgres, Func<WriteScope, Task> change, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(change);
        try
        {
            if (string.IsNullOrWhiteSpace(postgres))
            {
                await WriteSqlite(data, change, cancel);
            }
            else
            {
                await using var connection = (NpgsqlConnection)await ReadOnlyStore.Open(null, postgres, cancel);
                await using var transaction = await connection.BeginTransactionAsync(cancel);
                var scope = new WriteScope(Engine.Postgres, connection, transaction, cancel);
                await change(scope);
                await PostgresCommit.Send(scope);
            }
        }
        catch (DbException exception)
        {
            throw new InvalidInputException(string.IsNullOrWhiteSpace(postgres) ? "--data" : "--postgres", $"the store cannot be written: {exception.Message}");
        }
    }

    private static async Task WriteSqlite(string data, Func<WriteScope, Task> change, CancellationToken cancel)
    {
        var file = Path.Combine(Path.GetFullPath(data), "madang.db");
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        await connection.OpenAsync(cancel);
        await connection.ExecuteAsync("PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;");
        try
        {
            await using var transaction = connection.BeginTransaction(deferred: false);
            await change(new WriteScope(Engine.Sqlite, connection, transaction, cancel));
            transaction.Commit();
        }
        finally
        {
            SqliteStatement.Release(connection);
        }
    }
}
