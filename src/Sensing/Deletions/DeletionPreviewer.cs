using System.Data.Common;
using System.Globalization;
using Madang.Kernel;
using Madang.Sensing.Query;
using Madang.Storage;

namespace Madang.Sensing.Deletions;

/// <summary>Counts what a deletion would delete, and of which Datastreams: all of it where that is done soon, else from the first Observations, with the rest estimated.</summary>
internal sealed class DeletionPreviewer(IDatabase database, SensingOptions options)
{
    private const int MostDatastreams = 100_000, MostShown = 100, MostExamples = 5;

    /// <summary>How long counting everything may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<DeletionPreview> Preview(DeletionJob job, DeletionQuery query, CancellationToken cancel)
    {
        if (await CountAll(job, query, cancel) is { } all)
        {
            return await Show(job, all, all.Number, false, cancel);
        }

        await using var read = await database.Read(cancel);
        var sample = await Count(read, database.Engine, job, query, options.CountLimit);
        var sql = new SqlText(database.Engine);
        var total = await new Counting(database).Bounded(
            read, sql, new Countable(Model.SensorThingsModel.Observations, null, $"FROM observations t WHERE {job.Within(sql, query)}", job.Condition(sql, query)), options.CountLimit, patient: false);
        return await Show(job, sample, Math.Max(total.Number, sample.Number), true, cancel);
    }

    /// <summary>Null when it takes too long.</summary>
    private async Task<Found?> CountAll(DeletionJob job, DeletionQuery query, CancellationToken cancel)
    {
        try
        {
            await using var read = await database.Read(cancel, Patience);
            var found = await Count(read, database.Engine, job, query, null);
            return found.Shares.Count <= MostDatastreams ? found : null;
        }
        catch (Exception exception) when (exception is DbException or OperationCanceledException or UnavailableException && !cancel.IsCancellationRequested)
        {
            // Too much to be counted: the first rows and an estimate tell enough.
            return null;
        }
    }

    /// <summary>Looks at so many rows, or at all.</summary>
    private static async Task<Found> Count(ReadScope read, Engine engine, DeletionJob job, DeletionQuery query, int? most)
    {
        var sql = new SqlText(engine);
        var within = job.Within(sql, query);
        var condition = job.Condition(sql, query);
        var rows = most is { } limit ? $"(SELECT t.* FROM observations t WHERE {within} LIMIT {limit.ToString(CultureInfo.InvariantCulture)}) t WHERE {condition}" : $"observations t WHERE {within} AND {condition}";
        await using var command = await sql.Command(
            read, $"SELECT t.datastream_id, count(*), min(t.phenomenon_start), max(coalesce(t.phenomenon_end, t.phenomenon_start)), min(t.id) FROM {rows} GROUP BY t.datastream_id LIMIT {MostDatastreams + 1}");
        await using var reader = await Statements.Run(command, read.Cancel);
        var found = new Found();
        while (await Statements.Next(reader, read.Cancel))
        {
            found.Shares.Add((reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(4)));
            found.First = Math.Min(found.First ?? long.MaxValue, reader.GetInt64(2));
            found.Last = Math.Max(found.Last ?? long.MinValue, reader.GetInt64(3));
        }

        return found;
    }

    private async Task<DeletionPreview> Show(DeletionJob job, Found found, long number, bool isEstimate, CancellationToken cancel)
    {
        var most = found.Shares.OrderByDescending(share => share.Number).ThenBy(share => share.Datastream).Take(MostShown).ToList();
        var names = new Dictionary<long, string>();
        await using (var read = await database.Read(cancel))
        {
            var sql = new SqlText(database.Engine);
            await using var command = await sql.Command(read, $"SELECT id, name FROM datastreams WHERE {database.Engine.IsAmong("id", sql.Add(database.Engine.Ids(most.Select(share => share.Datastream))))}");
            await using var reader = await command.ExecuteReaderAsync(read.Cancel);
            while (await reader.ReadAsync(read.Cancel))
            {
                names[reader.GetInt64(0)] = reader.GetString(1);
            }
        }

        return new DeletionPreview(
            job.Deletion with { Expected = number, IsEstimate = isEstimate },
            [.. most.Select(share => new DeletionShare(share.Datastream, names.GetValueOrDefault(share.Datastream, ""), share.Number))],
            found.Shares.Count,
            found.First is { } first ? IsoTime.FromMicros(first) : null,
            found.Last is { } last ? IsoTime.FromMicros(last) : null,
            [.. most.Take(MostExamples).Select(share => share.Example)]);
    }

    private sealed class Found
    {
        public List<(long Datastream, long Number, long Example)> Shares { get; } = [];

        public long? First { get; set; }

        public long? Last { get; set; }

        public long Number => Shares.Sum(share => share.Number);
    }
}
