using Npgsql;

namespace Madang.Storage.Engines;

/// <summary>
/// The end of a transaction on PostgreSQL: what was kept for it and COMMIT itself in one message. A statement that fails
/// takes all after it with it, COMMIT too.
/// </summary>
internal static class PostgresCommit
{
    private const string Commit = "COMMIT";

    /// <summary>Sends what was kept and commits; from here on it is nobody's to withdraw.</summary>
    public static async Task Send(WriteScope scope)
    {
        await using var batch = new NpgsqlBatch((NpgsqlConnection)scope.Connection, (NpgsqlTransaction)scope.Transaction);
        foreach (var statement in scope.Last)
        {
            batch.BatchCommands.Add((NpgsqlBatchCommand)statement);
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand(Commit));
        await batch.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <summary>True when the server said that a statement before COMMIT had failed, so that it certainly did not commit.</summary>
    public static bool WasBefore(NpgsqlException exception) => exception is PostgresException { BatchCommand: { } failed } && failed.CommandText != Commit;
}
