using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Sensing.Rollups;

/// <summary>
/// Computes rollups of hours whose marks have rested: an hour that still receives readings is left to the reader, which
/// computes it when asked, so that each hour is written once and not with every reading.
/// </summary>
internal sealed partial class RollupWorker(IDatabase database, Buckets buckets, IOptions<SensingOptions> options, TimeProvider clock, ILogger<RollupWorker> log) : BackgroundService
{
    private const int HoursAtOnce = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    /// <summary>Computes the next rested hours and answers how many.</summary>
    public async Task<int> ComputeNext(TimeSpan rest, CancellationToken cancel)
    {
        var before = (clock.GetUtcNow() - rest).ToMicros();
        if (!await AnyRested(before, cancel))
        {
            return 0;
        }

        return await database.Write(
            async scope =>
            {
                var marks = await Take(scope, before);
                foreach (var datastream in marks.GroupBy(mark => mark.Datastream))
                {
                    await Compute(scope, datastream.Key, [.. datastream.Select(mark => mark.Hour)]);
                }

                return marks.Count;
            },
            cancel);
    }

    /// <summary>Computes marked hours of one Datastream before a moment, rested or not, and answers how many: what they are computed from is about to go.</summary>
    public async Task<int> Settle(WriteScope scope, long datastream, long before)
    {
        var hours = (await scope.Connection.QueryAsync<long>(
            $"DELETE FROM rollup_marks WHERE datastream_id = @datastream AND hour IN (SELECT hour FROM rollup_marks WHERE datastream_id = @datastream AND hour < @before ORDER BY hour LIMIT {HoursAtOnce}) RETURNING hour",
            new { datastream, before },
            scope.Transaction)).Order().ToList();
        if (hours.Count > 0)
        {
            await Compute(scope, datastream, hours);
        }

        return hours.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await ComputeNext(TimeSpan.FromSeconds(options.Value.RollupRestSeconds), stoppingToken) > 0)
                {
                    // Others write between two rounds: the gate is given back each time.
                }

                await ForgetOldKeys(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Failed(log, Pause.TotalSeconds, exception);
            }

            await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> AnyRested(long before, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return await read.Connection.ExecuteScalarAsync<long?>("SELECT 1 FROM rollup_marks WHERE touched_at <= @before LIMIT 1", new { before }, read.Transaction) is not null;
    }

    /// <summary>Takes marks away before the hours are read: what is stored after this makes new ones.</summary>
    private static async Task<List<(long Datastream, long Hour)>> Take(WriteScope scope, long before)
    {
        var skip = scope.Engine == Engine.Postgres ? "FOR UPDATE SKIP LOCKED" : "";
        var marks = await scope.Connection.QueryAsync<(long, long)>(
            $"""
            DELETE FROM rollup_marks WHERE (datastream_id, hour) IN
                (SELECT datastream_id, hour FROM rollup_marks WHERE touched_at <= @before ORDER BY datastream_id, hour LIMIT {HoursAtOnce} {skip})
            RETURNING datastream_id, hour
            """,
            new { before },
            scope.Transaction);
        return [.. marks.Order()];
    }

    private async Task Compute(WriteScope scope, long datastream, List<long> hours)
    {
        foreach (var (from, to) in RollupRows.Stretches(hours))
        {
            var results = await RollupRows.Results(scope.Connection, scope.Transaction, datastream, from, to);
            var tens = Rollup.SumUp(results, Buckets.TenMinutesOf);
            await Replace(scope, datastream, SeriesStep.TenMinutes, from, to, tens);
            await Replace(scope, datastream, SeriesStep.Hour, from, to, Rollup.Merge(tens, Buckets.HourOf));
        }

        foreach (var day in hours.Select(buckets.DayOf).Distinct())
        {
            var end = buckets.NextDay(day);
            var tens = await RollupRows.Stored(scope.Connection, scope.Transaction, datastream, SeriesStep.TenMinutes, day, end);
            await Replace(scope, datastream, SeriesStep.Day, day, end, Rollup.Merge(tens, buckets.DayOf));
        }
    }

    private static async Task Replace(WriteScope scope, long datastream, SeriesStep step, long from, long to, List<Rollup> rollups)
    {
        await scope.Connection.ExecuteAsync(
            "DELETE FROM rollups WHERE datastream_id = @datastream AND step = @step AND start >= @from AND start < @to", new { datastream, step = (int)step, from, to }, scope.Transaction);
        await scope.Connection.ExecuteAsync(
            $"INSERT INTO rollups (datastream_id, step, start, count, sum, min, max, last) VALUES (@datastream, @step, @Start, @Count, @Sum, @Min, @Max, @Last)",
            rollups.Select(rollup => new { datastream, step = (int)step, rollup.Start, rollup.Count, rollup.Sum, rollup.Min, rollup.Max, rollup.Last }),
            scope.Transaction);
    }

    private async Task ForgetOldKeys(CancellationToken cancel)
    {
        var before = clock.GetUtcNow().AddHours(-options.Value.IdempotencyHours).ToMicros();
        await using (var read = await database.Read(cancel))
        {
            if (await read.Connection.ExecuteScalarAsync<long?>("SELECT 1 FROM idempotency_keys WHERE at < @before LIMIT 1", new { before }, read.Transaction) is null)
            {
                return;
            }
        }

        await database.Write(scope => scope.Connection.ExecuteAsync("DELETE FROM idempotency_keys WHERE at < @before", new { before }, scope.Transaction), cancel);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Rollups could not be computed; the next try is in {Seconds} s. Reads stay exact.")]
    private static partial void Failed(ILogger log, double seconds, Exception exception);
}
