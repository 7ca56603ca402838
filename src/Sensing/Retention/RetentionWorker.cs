using System.Globalization;
using Dapper;
using Madang.Kernel;
using Madang.Sensing.Rollups;
using Madang.Storage;
using Madang.Trust;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Madang.Sensing.Retention;

/// <summary>
/// Removes what the rules no longer keep, each hour, some rows at a time, and says what it did. Before Observations go, their
/// hours are summed up; from then on none that old comes in, so that the rollups which outlive them stay exact.
/// </summary>
internal sealed partial class RetentionWorker(IDatabase database, RollupWorker rollups, KeptDays kept, Recorder recorder, TimeProvider clock, ILogger<RetentionWorker> log) : BackgroundService
{
    private const int RowsAtOnce = 5_000;
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1), KeepRuns = TimeSpan.FromDays(366);

    /// <summary>Runs every rule that has something to do; answers how many did.</summary>
    public async Task<int> RunAll(CancellationToken cancel)
    {
        var ran = 0;
        foreach (var rule in await Rules(cancel))
        {
            ran += await Run(rule, cancel) ? 1 : 0;
        }

        var old = (clock.GetUtcNow() - KeepRuns).ToMicros();
        await database.Write(scope => scope.Connection.ExecuteAsync("DELETE FROM retention_runs WHERE ended_at < @old", new { old }, scope.Transaction), cancel);
        return ran;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAll(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Failed(log, Pause.TotalMinutes, exception);
            }

            await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<List<Rule>> Rules(CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return [.. await read.Connection.QueryAsync<Rule>(
            "SELECT r.datastream_id AS Datastream, r.raw_days AS RawDays, r.rollup_days AS RollupDays FROM retention_rules r ORDER BY r.datastream_id", null, read.Transaction)];
    }

    private async Task<bool> Run(Rule rule, CancellationToken cancel)
    {
        var before = kept.From(rule.RawDays);
        var observations = await HasOlder(rule.Datastream, before, cancel) ? await RemoveObservations(rule.Datastream, before, cancel) : 0;
        var summed = rule.RollupDays is { } days ? await RemoveRollups(rule.Datastream, kept.DaysAgo(days), cancel) : 0;
        if (observations + summed == 0)
        {
            return false;
        }

        await database.Write(
            async scope =>
            {
                await scope.Connection.ExecuteAsync(
                    "INSERT INTO retention_runs (datastream_id, before, observations, rollups, ended_at) SELECT id, @before, @observations, @summed, @now FROM datastreams WHERE id = @Datastream",
                    new { rule.Datastream, before, observations, summed, now = clock.GetUtcNow().ToMicros() },
                    scope.Transaction);
                await recorder.Record(scope, new RecordEntry("observations.retention")
                {
                    Who = RecordEntry.Local, Purpose = "retention", Kind = "Observations",
                    Thing = string.Create(CultureInfo.InvariantCulture, $"Datastreams({rule.Datastream}) < {IsoTime.Write(IsoTime.FromMicros(before))} ({observations})"),
                });
            },
            cancel);
        return true;
    }

    private async Task<bool> HasOlder(long datastream, long before, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return await read.Connection.ExecuteScalarAsync<long?>("SELECT 1 FROM observations WHERE datastream_id = @datastream AND phenomenon_start < @before LIMIT 1", new { datastream, before }, read.Transaction) is not null;
    }

    private async Task<long> RemoveObservations(long datastream, long before, CancellationToken cancel)
    {
        // On PostgreSQL whoever is storing Observations holds this row; from here on nobody brings older ones.
        await database.Write(scope => scope.Connection.ExecuteAsync(
            "UPDATE datastreams SET raw_from = @before WHERE id = @datastream AND (raw_from IS NULL OR raw_from < @before)", new { datastream, before }, scope.Transaction), cancel);
        while (await database.Write(scope => rollups.Settle(scope, datastream, before), cancel) > 0)
        {
            // Some hours at a time.
        }

        long removed = 0;
        int some;
        do
        {
            some = await database.Write(scope => scope.Connection.ExecuteAsync(
                $"""
                DELETE FROM observations WHERE datastream_id = @datastream AND (phenomenon_start, id) IN
                    (SELECT phenomenon_start, id FROM observations WHERE datastream_id = @datastream AND phenomenon_start < @before ORDER BY phenomenon_start, id LIMIT {RowsAtOnce})
                """,
                new { datastream, before },
                scope.Transaction), cancel);
            removed += some;
        }
        while (some > 0);

        await database.Write(scope => Entities.Extents.Shrink(scope, datastream), cancel);
        return removed;
    }

    private async Task<long> RemoveRollups(long datastream, long before, CancellationToken cancel)
    {
        long removed = 0;
        int some;
        do
        {
            some = await database.Write(scope => scope.Connection.ExecuteAsync(
                $"""
                DELETE FROM rollups WHERE datastream_id = @datastream AND (step, start) IN
                    (SELECT step, start FROM rollups WHERE datastream_id = @datastream AND start < @before LIMIT {RowsAtOnce})
                """,
                new { datastream, before },
                scope.Transaction), cancel);
            removed += some;
        }
        while (some > 0);
        return removed;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The rules of retention could not be run; the next try is in {Minutes} minutes.")]
    private static partial void Failed(ILogger log, double minutes, Exception exception);

    private sealed record Rule
    {
        public long Datastream { get; init; }

        public int RawDays { get; init; }

        public int? RollupDays { get; init; }
    }
}
