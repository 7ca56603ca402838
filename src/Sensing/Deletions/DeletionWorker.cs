using System.Diagnostics;
using System.Globalization;
using Dapper;
using Madang.Kernel;
using Madang.Sensing.Changes;
using Madang.Sensing.Entities;
using Madang.Sensing.Ingest;
using Madang.Sensing.Model;
using Madang.Sensing.Rollups;
using Madang.Storage;
using Madang.Trust;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Sensing.Deletions;

/// <summary>
/// Runs deletions one after the other, some rows at a time: rows are looked at outside of any change, those that met the
/// condition are asked again as they go, and as much time as that took is left to others. Where it is stands in the store with
/// what it did, so that it goes on after a restart.
/// </summary>
internal sealed partial class DeletionWorker(
    IDatabase database, IObservationRows writer, Recorder recorder, ChangeFeed feed, IOptions<SensingOptions> options, TimeProvider clock, ILogger<DeletionWorker> log) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(30), Again = TimeSpan.FromSeconds(5), LongestRest = TimeSpan.FromSeconds(1), KeepEnded = TimeSpan.FromDays(366);
    private static readonly string[] Extent = ["phenomenonTime", "resultTime", "observedArea"];

    private readonly SemaphoreSlim bell = new(0, 1);

    /// <summary>Something is to be done.</summary>
    public void Wake()
    {
        try
        {
            bell.Release();
        }
        catch (SemaphoreFullException)
        {
            // It rings already.
        }
    }

    /// <summary>Previews that nobody may start any more, and what was kept only for them and for deletions that have ended.</summary>
    public static async Task ForgetOld(WriteScope scope, DateTimeOffset now)
    {
        var times = new { previewed = (now - DeletionDesk.PreviewHolds).ToMicros(), ended = (now - KeepEnded).ToMicros() };
        await scope.Connection.ExecuteAsync("DELETE FROM deletions WHERE (state = 1 AND asked_at < @previewed) OR ended_at < @ended", times, scope.Transaction);
        await scope.Connection.ExecuteAsync("DELETE FROM deletion_spared WHERE NOT EXISTS (SELECT 1 FROM deletions WHERE state IN (1, 2, 3))", null, scope.Transaction);
    }

    /// <summary>One step of the deletion whose turn it is; false when there is none.</summary>
    public async Task<bool> Step(CancellationToken cancel)
    {
        if (await Next(cancel) is not { } job)
        {
            return false;
        }

        if (job.Stage == DeletionState.Stopping)
        {
            await End(job, DeletionState.Stopped, null, 0, cancel);
            return true;
        }

        try
        {
            await Run(job, cancel);
        }
        catch (Exception exception) when (exception is InvalidInputException or CityRuleException)
        {
            await End(job, DeletionState.Failed, exception.Message, 0, cancel);
        }

        return true;
    }

    public override void Dispose()
    {
        bell.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var began = Stopwatch.GetTimestamp();
                if (!await Step(stoppingToken))
                {
                    await bell.WaitAsync(Look, stoppingToken);
                }
                else if (Stopwatch.GetElapsedTime(began) is var took)
                {
                    await Task.Delay(took < LongestRest ? took : LongestRest, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Failed(log, Again.TotalSeconds, exception);
                await Task.Delay(Again, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<DeletionJob?> Next(CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return await read.Connection.QueryFirstOrDefaultAsync<DeletionJob>($"SELECT {DeletionJob.Columns} FROM deletions WHERE state IN (2, 3) ORDER BY state DESC, started_at, id LIMIT 1", null, read.Transaction);
    }

    private async Task Run(DeletionJob job, CancellationToken cancel)
    {
        var query = DeletionQuery.Read(job.Query, options.Value.MaxExpandDepth);
        Slice slice;
        await using (var read = await database.Read(cancel))
        {
            slice = await Slice.Find(read, database.Engine, job, query);
        }

        if (slice.Datastream is null && job.IsTouched == 0)
        {
            await End(job, DeletionState.Done, null, slice.Looked, cancel);
            return;
        }

        var isShrunk = false;
        if (await database.Write(
            async scope =>
            {
                if (!await IsUnmoved(scope, job))
                {
                    return false;
                }

                var gone = slice.Hits == 0 ? [] : await slice.Delete(scope, job, query);
                isShrunk = await Shrink(scope, job, slice, gone);
                await writer.Mark(scope, [.. gone.Select(row => (slice.Datastream!.Value, Buckets.HourOf(row.Time))).Distinct().Order()], clock.GetUtcNow().ToMicros());
                if (gone.Count > 0)
                {
                    var fact = new ObservationsChanged(slice.Datastream!.Value, IsoTime.FromMicros(gone.Min(row => row.Time)));
                    scope.Tell(fact, fact.Key);
                }

                await Note(scope, job, slice, gone.Count);
                return true;
            },
            cancel) && isShrunk)
        {
            // Whoever watches a Datastream hears what it spans now; it is of one of the two sets, and not read in the other.
            feed.Changed(SensorThingsModel.Datastreams, slice.Shrinks(job), Extent);
            feed.Changed(SensorThingsModel.MultiDatastreams, slice.Shrinks(job), Extent);
        }
    }

    /// <summary>False when somebody stopped it meanwhile, or another node went on with it. On PostgreSQL it is held until the commit.</summary>
    private static async Task<bool> IsUnmoved(WriteScope scope, DeletionJob job)
    {
        var held = scope.Engine == Engine.Postgres ? " FOR UPDATE" : "";
        var now = await scope.Connection.QuerySingleOrDefaultAsync<DeletionJob>($"SELECT {DeletionJob.Columns} FROM deletions WHERE id = @Id{held}", new { job.Id }, scope.Transaction);
        return now == job;
    }

    /// <summary>Counts anew what the Datastream spans: at once when its last Observation went, else when it has been gone through.</summary>
    private static async Task<bool> Shrink(WriteScope scope, DeletionJob job, Slice slice, List<(long Time, long Id)> gone)
    {
        var datastream = slice.Shrinks(job);
        var last = gone.Count == 0 ? null : await scope.Connection.ExecuteScalarAsync<long?>("SELECT last_id FROM datastream_extents WHERE datastream_id = @datastream", new { datastream }, scope.Transaction);
        var isDue = slice.Ends && (job.IsTouched == 1 || gone.Count > 0);
        if (!isDue && !(last is { } id && gone.Exists(row => row.Id == id)))
        {
            return false;
        }

        await Extents.Shrink(scope, datastream);
        return true;
    }

    private static Task<int> Note(WriteScope scope, DeletionJob job, Slice slice, int gone) => scope.Connection.ExecuteAsync(
        "UPDATE deletions SET at_datastream = @at, at_time = @time, at_id = @last, is_touched = @touched, looked = looked + @Looked, deleted = deleted + @gone WHERE id = @Id",
        new
        {
            at = slice.Datastream ?? job.AtDatastream, time = slice.Ends ? long.MaxValue : slice.End.Time, last = slice.Ends ? long.MaxValue : slice.End.Id,
            touched = slice.Ends || (job.IsTouched == 0 && gone == 0) ? 0 : 1, slice.Looked, gone, job.Id,
        },
        scope.Transaction);

    private Task End(DeletionJob job, DeletionState state, string? reason, long looked, CancellationToken cancel) => database.Write(
        async scope =>
        {
            if (!await IsUnmoved(scope, job))
            {
                return;
            }

            if (job.IsTouched == 1)
            {
                await Extents.Shrink(scope, job.AtDatastream);
            }

            var now = clock.GetUtcNow();
            await scope.Connection.ExecuteAsync("UPDATE deletions SET state = @state, reason = @reason, ended_at = @now, is_touched = 0, looked = looked + @looked WHERE id = @Id", new { state = (int)state, reason, looked, now = now.ToMicros(), job.Id }, scope.Transaction);
            await recorder.Record(scope, new RecordEntry("observations.deletion")
            {
                Who = RecordEntry.Local, Purpose = "deletion", Kind = "Observations", Thing = string.Create(CultureInfo.InvariantCulture, $"{job.Id} ({job.Deleted}): {job.Query}"),
                Result = state switch { DeletionState.Done => RecordEntry.Done, DeletionState.Stopped => "stopped", _ => "failed" },
            });
            await ForgetOld(scope, now);
        },
        cancel);

    [LoggerMessage(Level = LogLevel.Error, Message = "A deletion could not go on; the next try is in {Seconds} s.")]
    private static partial void Failed(ILogger log, double seconds, Exception exception);
}
