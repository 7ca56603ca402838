using Dapper;
using Madang.Sensing.Ingest;
using Madang.Sensing.Model;
using Madang.Sensing.Rollups;
using Madang.Server;
using Madang.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Madang.Bench;

/// <summary>Many Observations, put into a store by the module's own writer without HTTP, with their rollups.</summary>
internal static class LargeStore
{
    private const int RowsPerCommit = 20_000;

    /// <summary>Fills Datastreams that are there; each workload has the id of its first.</summary>
    public static async Task Fill(string[] storage, params (Workload Work, long First)[] parts)
    {
        var settings = new Dictionary<string, string?> { [storage[0] == "--data" ? "Storage:Data" : "Storage:Postgres"] = storage[1] };
        await using var filler = CityHost.Build(settings, builder => builder.Logging.ClearProviders());
        await filler.PrepareCity(CancellationToken.None);
        var database = filler.Services.GetRequiredService<IDatabase>();
        var inserter = filler.Services.GetRequiredService<ObservationInserter>();
        foreach (var (work, first) in parts)
        {
            for (var from = 0; from < work.Rows; from += RowsPerCommit)
            {
                var batch = Enumerable.Range(from, Math.Min(RowsPerCommit, work.Rows - from)).Select(work.Row)
                    .Select(row => new NewObservation { Datastream = first + row.Datastream, Start = row.Time, Result = new Result(ResultKind.Number, row.Number, null), By = BenchCity.Everybody }).ToList();
                await database.Write(scope => inserter.Insert(scope, batch), CancellationToken.None);
            }
        }

        var worker = filler.Services.GetRequiredService<RollupWorker>();
        while (await worker.ComputeNext(TimeSpan.FromSeconds(-1), CancellationToken.None) > 0)
        {
            // Until every hour is summed up.
        }

        // A server that had stored all this itself would have delivered its facts long ago.
        await database.Write(scope => scope.Connection.ExecuteAsync("DELETE FROM facts", transaction: scope.Transaction), CancellationToken.None);
    }
}
