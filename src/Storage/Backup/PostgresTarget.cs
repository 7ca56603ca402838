using Dapper;
using Madang.Kernel;
using Npgsql;

namespace Madang.Storage.Backup;

/// <summary>An empty database, filled by pg_restore in one transaction.</summary>
internal sealed class PostgresTarget : StoreTarget
{
    private readonly string postgres;
    private readonly PostgresTools tools;
    private bool isFilled;

    private PostgresTarget(string postgres, PostgresTools tools) => (this.postgres, this.tools) = (postgres, tools);

    public override Engine Engine => Engine.Postgres;

    public static async Task<PostgresTarget> Open(string postgres, CancellationToken cancel)
    {
        var tools = PostgresTools.Find("pg_restore", postgres);
        await using var connection = (NpgsqlConnection)await ReadOnlyStore.Open(null, postgres, cancel);
        return await PostgresDigests.FindRelation(connection) is { } relation
            ? throw new InvalidInputException("--postgres", $"the database '{connection.Database}' is not empty: it has {relation}. Restore into a new one (createdb NAME)")
            : new PostgresTarget(postgres, tools);
    }

    public override async Task Fill(Func<Stream, Task> read, CancellationToken cancel)
    {
        await using var connection = (NpgsqlConnection)await ReadOnlyStore.Open(null, postgres, cancel);
        await tools.Run(
            ["--no-owner", "--no-privileges", "--no-comments", "--exit-on-error", "--single-transaction", $"--dbname={connection.Database}"], (input, _) => read(input), cancel);
        isFilled = true;
    }

    public override async Task<IReadOnlyList<TableDigest>> Digest(CancellationToken cancel)
    {
        await using var connection = (NpgsqlConnection)await ReadOnlyStore.Open(null, postgres, cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await connection.ExecuteAsync("SET LOCAL statement_timeout = 0", transaction: transaction);
        return await PostgresDigests.Of(connection, transaction, cancel);
    }

    public override Task Write(Func<WriteScope, Task> change, CancellationToken cancel) => BesideStore.Write("", postgres, change, cancel);

    /// <summary>The database was empty: everything in it came from the backup.</summary>
    public override async Task Discard()
    {
        if (!isFilled)
        {
            return;
        }

        await using var connection = (NpgsqlConnection)await ReadOnlyStore.Open(null, postgres, CancellationToken.None);
        foreach (var drop in await PostgresDigests.Drops(connection))
        {
            await connection.ExecuteAsync(drop);
        }
    }
}
