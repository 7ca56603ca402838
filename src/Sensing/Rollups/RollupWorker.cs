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

    /// <summary>Where the search for rested marks goes on: a city has a mark for each of a million Datastreams, and most have not rested.</summary>
    private volatile Mark place = Mark.First;

    /// <summary>Computes the next rested hours and answers how many; 0 when none has rested.</summary>
    public async Task<int> ComputeNext(TimeSpan rest, CancellationToken cancel)
    {
        var before = (clock.GetUtcNow() - rest).ToMicros();
        var from = place;
        var rested = await FindRested(from, before, cancel);
        if (rested.Count == 0 && from != Mark.First)
        {
            rested = await FindRested(Mark.First, before, cancel);
        }

        if (rested.Count == 0)
        {
            place = Mark.First;
            return 0;
        }

        place = rested[^1];
        return await database.Write(
            async scope =>
            {
                var marks = await Take(scope, rested[0], rested[^1], before);
                foreach (var datastream in marks.GroupBy(mark => mark.Datastream))
                {
                    await Compute(scope, datastream.Key, [.. datastream.Select(mark => mark.Hour)]);
                }

                return rested.Count;
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

    private async Task<List<Mark>> FindRested(Mark after, long before, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return (await read.Connection.QueryAsync<Mark>(
            $"SELECT datastream_id AS Datastream, hour AS Hour FROM rollup_marks WHERE (datastream_id, hour) > (@Datastream, @Hour) AND touched_at <= @before ORDER BY datastream_id, hour LIMIT {HoursAtOnce}",
            new { after.Datastream, after.Hour, before },
            read.Transaction)).AsList();
    }

    /// <summary>Takes marks away before the hours are read: what is stored after this makes new ones. Those that others took, or that were touched since they were found, are left.</summary>
    private static async Task<List<Mark>> Take(WriteScope scope, Mark first, Mark last, long before)
    {
        var skip = scope.Engine == Engine.Postgres ? "FOR UPDATE SKIP LOCKED" : "";
        var marks = await scope.Connection.QueryAsync<Mark>(
            $"""
            DELETE FROM rollup_marks WHERE (datastream_id, hour) IN
                (SELECT datastream_id, hour FROM rollup_marks
                 WHERE (datastream_id, hour) >= (@FirstDatastream, @FirstHour) AND (datastream_id, hour) <= (@LastDatastream, @LastHour) AND touched_at <= @before
                 ORDER BY datastream_id, hour LIMIT {HoursAtOnce} {skip})
            RETURNING datastream_id AS Datastream, hour AS Hour
            """,
            new { FirstDatastream = first.Datastream, FirstHour = first.Hour, LastDatastream = last.Datastream, LastHour = last.Hour, before },
            scope.Transaction);
        return [.. marks.OrderBy(mark => mark.Datastream).ThenBy(mark => mark.Hour)];
    }

    private async Task Compute(WriteScope scope, long datastream, List<long> hours)
    {
        foreach (var (from, to) in RollupRows.Stretches(hours))
        {
            var results = await StoredRollups.Results(scope, datastream, from, to);
            var tens = Rollup.SumUp(results, Buckets.TenMinutesOf);
            await StoredRollups.Replace(scope, datastream, SeriesStep.TenMinutes, from, to, tens);
            await StoredRollups.Replace(scope, datastream, SeriesStep.Hour, from, to, Rollup.Merge(tens, Buckets.HourOf));
        }

        foreach (var day in hours.Select(buckets.DayOf).Distinct())
        {
            var end = buckets.NextDay(day);
            var tens = await StoredRollups.Read(scope, datastream, SeriesStep.TenMinutes, day, end);
            await StoredRollups.Replace(scope, datastream, SeriesStep.Day, day, end, Rollup.Merge(tens, buckets.DayOf));
        }
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

    /// <summary>An hour of a Datastream that has to be summed up.</summary>
    private sealed record Mark(long Datastream, long Hour)
    {
        public static readonly Mark First = new(long.MinValue, long.MinValue);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Rollups could not be computed; the next try is in {Seconds} s. Reads stay exact.")]
    private static partial void Failed(ILogger log, double seconds, Exception exception);
}
