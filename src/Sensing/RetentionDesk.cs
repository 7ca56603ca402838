using Dapper;
using Madang.Kernel;
using Madang.Sensing.Entities;
using Madang.Sensing.Model;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Sensing;

/// <summary>The rules by which Datastreams keep their Observations, and what they removed. Every answer passes <see cref="Visibility"/>.</summary>
public sealed class RetentionDesk
{
    /// <summary>The most rules or runs of one answer.</summary>
    public const int MostListed = 1_000;

    private const string Image = "SELECT datastream_id, raw_days, rollup_days FROM retention_rules WHERE datastream_id = @datastream";

    private readonly IDatabase database;
    private readonly Visibility visibility;
    private readonly Rows rows;
    private readonly Recorder recorder;

    internal RetentionDesk(IDatabase database, Visibility visibility, Rows rows, Recorder recorder) =>
        (this.database, this.visibility, this.rows, this.recorder) = (database, visibility, rows, recorder);

    /// <summary>The rules in order of Datastream, at most <see cref="MostListed"/> after the Datastream <paramref name="after"/>.</summary>
    public async Task<IReadOnlyList<RetentionRule>> List(long after, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        var found = await read.Connection.QueryAsync<(long Datastream, string Name, long RawDays, long? RollupDays, long? RawFrom)>(
            $"""
            SELECT d.id, d.name, CAST(r.raw_days AS BIGINT), CAST(r.rollup_days AS BIGINT), d.raw_from FROM retention_rules r JOIN datastreams d ON d.id = r.datastream_id
            WHERE d.id > @after AND {visibility.Condition("datastreams", "d")} ORDER BY d.id LIMIT {MostListed}
            """,
            new { after },
            read.Transaction);
        return [.. found.Select(row => new RetentionRule(row.Datastream, row.Name, (int)row.RawDays, (int?)row.RollupDays, row.RawFrom is { } from ? IsoTime.FromMicros(from) : null))];
    }

    /// <summary>What was removed, the last first, at most <see cref="MostListed"/>; of one Datastream, or of all when it is null.</summary>
    public async Task<IReadOnlyList<RetentionRun>> ListRuns(long? datastream, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        var found = await read.Connection.QueryAsync<(long Datastream, long Before, long Observations, long Rollups, long EndedAt)>(
            $"""
            SELECT r.datastream_id, r.before, r.observations, r.rollups, r.ended_at FROM retention_runs r JOIN datastreams d ON d.id = r.datastream_id
            WHERE {visibility.Condition("datastreams", "d")}{(datastream is null ? "" : " AND r.datastream_id = @datastream")} ORDER BY r.id DESC LIMIT {MostListed}
            """,
            new { datastream },
            read.Transaction);
        return [.. found.Select(row => new RetentionRun(row.Datastream, IsoTime.FromMicros(row.Before), row.Observations, row.Rollups, IsoTime.FromMicros(row.EndedAt)))];
    }

    /// <summary>Sets the rule of a Datastream; what it removes goes at the next run, within the hour.</summary>
    /// <exception cref="InvalidInputException">A number of days is out of range.</exception>
    /// <exception cref="CityRuleException">There is no such Datastream (404), or it is somebody else's (403).</exception>
    public Task Set(long datastream, int rawDays, int? rollupDays, CancellationToken cancel)
    {
        const int longest = 36_525;
        if (rawDays is < 1 or > longest)
        {
            throw new InvalidInputException("rawDays", $"is a number of days from 1 to {longest}");
        }

        if (rollupDays is { } days && (days < rawDays || days > longest))
        {
            throw new InvalidInputException("rollupDays", $"is a number of days from rawDays to {longest}, or null for ever");
        }

        return Change("retention.set", datastream, scope => scope.Connection.ExecuteAsync(
            "INSERT INTO retention_rules (datastream_id, raw_days, rollup_days) VALUES (@datastream, @rawDays, @rollupDays) ON CONFLICT (datastream_id) DO UPDATE SET raw_days = excluded.raw_days, rollup_days = excluded.rollup_days",
            new { datastream, rawDays, rollupDays },
            scope.Transaction), cancel);
    }

    /// <summary>Takes the rule of a Datastream away; from then on everything is kept. What was removed stays so.</summary>
    /// <exception cref="CityRuleException">There is no such Datastream (404), or it is somebody else's (403).</exception>
    public Task Remove(long datastream, CancellationToken cancel) => Change("retention.remove", datastream, scope => scope.Connection.ExecuteAsync(
        "DELETE FROM retention_rules WHERE datastream_id = @datastream", new { datastream }, scope.Transaction), cancel);

    private Task Change(string action, long datastream, Func<WriteScope, Task> change, CancellationToken cancel) => database.Write(
        async scope =>
        {
            if (!await rows.IsTheirs(scope, SensorThingsModel.Datastreams, datastream) && !await rows.IsTheirs(scope, SensorThingsModel.MultiDatastreams, datastream))
            {
                throw new CityRuleException("not-found", $"Datastream {datastream} is not here.", 404);
            }

            var before = await RowImage.Read(scope, Image, new { datastream });
            await change(scope);
            await recorder.Record(scope, Caller.Current.Entry(action, Act.Write, Kinds.Thing, Caller.Current.Provider) with
            {
                Kind = "Datastreams", Thing = datastream.ToString(System.Globalization.CultureInfo.InvariantCulture), Before = before, After = await RowImage.Read(scope, Image, new { datastream }),
            });
        },
        cancel);
}
