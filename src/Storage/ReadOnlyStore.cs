using System.Data.Common;
using Madang.Kernel;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Madang.Storage;

/// <summary>A look at a store from outside, beside a server that may run on it: nothing is locked, made or changed.</summary>
public static class ReadOnlyStore
{
    /// <summary>Opens the store of a data folder or, when a connection string is given, of PostgreSQL.</summary>
    public static async Task<DbConnection> Open(string? data, string? postgres, CancellationToken cancel)
    {
        var connection = string.IsNullOrWhiteSpace(postgres) ? OpenFolder(data) : (DbConnection)OpenPostgres(postgres);
        try
        {
            await connection.OpenAsync(cancel);
            return connection;
        }
        catch (DbException exception)
        {
            await connection.DisposeAsync();
            throw new InvalidInputException(string.IsNullOrWhiteSpace(postgres) ? "--data" : "--postgres", $"the store cannot be read: {exception.Message}");
        }
    }

    /// <summary>A transaction whose queries all see one state of the store.</summary>
    public static async Task<DbTransaction> Snapshot(DbConnection store, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store is SqliteConnection file ? file.BeginTransaction(deferred: true) : await store.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancel);
    }

    private static SqliteConnection OpenFolder(string? data)
    {
        var file = Path.Combine(Path.GetFullPath(data ?? "data"), "madang.db");
        return File.Exists(file)
            ? new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString())
            : throw new InvalidInputException("--data", $"there is no store in '{Path.GetFullPath(data ?? "data")}'");
    }

    private static NpgsqlConnection OpenPostgres(string postgres) =>
        new(new NpgsqlConnectionStringBuilder(Words(postgres).ConnectionString) { ApplicationName = "madang", Pooling = false }.ToString());

    /// <summary>The words of a connection string.</summary>
    internal static NpgsqlConnectionStringBuilder Words(string postgres)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(postgres);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new InvalidInputException("--postgres", $"is not an Npgsql connection string such as 'Host=db;Database=madang;Username=madang': {exception.Message}");
        }
    }
}
