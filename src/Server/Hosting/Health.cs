using System.Text.Json.Serialization;
using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Madang.Trust;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Server.Hosting;

/// <summary>For whoever watches the server: does it live, and can it answer?</summary>
internal static class Health
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static void MapHealth(this WebApplication app)
    {
        var health = app.MapGroup("/health").WithTags("Health").RequireAuthorization(Policies.PublicRead);
        health.MapGet("/live", () => TypedResults.Ok(new State("live"))).WithSummary("The process answers");
        health.MapGet("/ready", Ready).WithSummary("The store answers too, and takes data");
    }

    private static async Task<Results<Ok<State>, ProblemHttpResult>> Ready(IDatabase database, StoreHealth store, RecordHealth record, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            await using var read = await database.Read(patience.Token, Patience);
            await read.Connection.ExecuteScalarAsync<int>(new CommandDefinition("SELECT COUNT(*) FROM schema_scripts", transaction: read.Transaction, cancellationToken: read.Cancel));
            await store.Check(database, patience.Token);
            return TypedResults.Ok(new State("ready") { Record = record.Word });
        }
        catch (OperationCanceledException exception) when (!cancel.IsCancellationRequested)
        {
            throw new UnavailableException("storage-slow", $"The store did not answer within {Patience.TotalSeconds} seconds.", TimeSpan.FromSeconds(5), exception);
        }
    }

    /// <summary>What is answered.</summary>
    public sealed record State(string Status)
    {
        /// <summary>What is wrong with the record's log, which stops nobody: the city serves on, and somebody must look.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Record { get; init; }
    }
}
