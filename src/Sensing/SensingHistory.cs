using System.Runtime.CompilerServices;
using Dapper;
using Madang.Kernel;
using Madang.Sensing.Model;
using Madang.Sensing.Rollups;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Sensing;

/// <summary>What many Datastreams told over a long time, read from beginning to end. Every answer is of one snapshot and passes <see cref="Visibility"/>.</summary>
public sealed class SensingHistory
{
    /// <summary>So much time a history may take, longer than a question on a screen.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly IDatabase database;
    private readonly Visibility visibility;
    private readonly Buckets buckets;
    private readonly SeriesReader series;

    internal SensingHistory(IDatabase database, Visibility visibility, Buckets buckets, SeriesReader series) =>
        (this.database, this.visibility, this.buckets, this.series) = (database, visibility, buckets, series);

    /// <summary>The numeric Observations of one Datastream that start in <c>[from, to)</c>, or those of every kind, one by one in order of time.</summary>
    /// <param name="datastream">Its <c>@iot.id</c>.</param>
    /// <param name="from">The first moment.</param>
    /// <param name="to">The first moment after it.</param>
    /// <param name="everyKind">Also those whose result is no number.</param>
    /// <param name="take">Is given each: its <c>@iot.id</c>, its time, and its number (null for what is none).</param>
    /// <param name="cancel">Ends the reading.</param>
    public async Task ReadReadings(long datastream, DateTimeOffset from, DateTimeOffset to, bool everyKind, Action<long, DateTimeOffset, double?> take, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel, Limit);
        await read.EachRow(
            $"""
            SELECT o.id, o.phenomenon_start, o.result_number, CAST(o.result_kind AS BIGINT) FROM observations o
            WHERE o.datastream_id = @datastream AND o.phenomenon_start >= @from AND o.phenomenon_start < @to{(everyKind ? "" : " AND o.result_kind = 1")} AND {visibility.Condition("observations", "o")}
            ORDER BY o.phenomenon_start, o.id
            """,
            [("datastream", datastream), ("from", from.ToMicros()), ("to", to.ToMicros())],
            row => take(row.Whole(0), IsoTime.FromMicros(row.Whole(1)), !everyKind || row.Whole(3) == 1 ? row.Real(2) : null));
    }

    /// <summary>The last numeric Observations of one Datastream that start in <c>[from, to)</c>, at most so many, in order of time.</summary>
    public async Task<IReadOnlyList<ToldReading>> ListNewest(long datastream, DateTimeOffset from, DateTimeOffset to, int most, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        var rows = await read.Connection.QueryAsync<(long At, double Number)>(
            $"""
            SELECT o.phenomenon_start, o.result_number FROM observations o
            WHERE o.datastream_id = @datastream AND o.phenomenon_start >= @from AND o.phenomenon_start < @to AND o.result_kind = 1 AND {visibility.Condition("observations", "o")}
            ORDER BY o.phenomenon_start DESC, o.id DESC LIMIT @most
            """,
            new { datastream, from = from.ToMicros(), to = to.ToMicros(), most },
            read.Transaction);
        return [.. rows.Reverse().Select(row => new ToldReading(IsoTime.FromMicros(row.At), row.Number))];
    }

    /// <summary>The series of each of these Datastreams over the buckets that touch <c>[from, to)</c>, one after the other in the order given; those that are not there are left out.</summary>
    public async IAsyncEnumerable<(long Datastream, IReadOnlyList<SeriesPoint> Points)> ReadSeries(
        IReadOnlyCollection<long> datastreams, SeriesStep step, DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var read = await database.Read(cancel, Limit);
        var seen = (await read.Connection.QueryAsync<long>(
            $"SELECT d.id FROM {SensorThingsModel.Datastreams.Table} d WHERE {database.Engine.IsAmong("d.id", "@ids")} AND {SensorThingsModel.Datastreams.Only("d")} AND {visibility.Condition("datastreams", "d")}",
            new { ids = database.Engine.Ids(datastreams) },
            read.Transaction)).ToHashSet();
        foreach (var datastream in datastreams.Where(seen.Contains))
        {
            yield return (datastream, await series.Read(read, datastream, step, buckets.StartOf(step, from.ToMicros()), to.ToMicros()));
        }
    }

    /// <summary>The Things that carry a word among their tags (<c>properties.tags</c>, an array of texts) and are of a kind (<c>properties.kind</c>), by <c>@iot.id</c>; null asks for neither, and for all.</summary>
    public async Task<IReadOnlySet<long>> ListThings(string? tag, string? kind, IReadOnlyCollection<long>? among, CancellationToken cancel)
    {
        var isOfKind = kind is null ? "1 = 1" : database.Engine == Engine.Sqlite ? "json_extract(t.properties, '$.kind') = @kind" : "t.properties ->> 'kind' = @kind";
        var carries = tag is null ? "1 = 1" : database.Engine == Engine.Sqlite
            ? "json_type(t.properties, '$.tags') = 'array' AND EXISTS (SELECT 1 FROM json_each(t.properties, '$.tags') j WHERE j.value = @tag)"
            : "json_typeof(t.properties -> 'tags') = 'array' AND CAST(t.properties -> 'tags' AS JSONB) @> to_jsonb(CAST(@tag AS TEXT))";
        await using var read = await database.Read(cancel);
        return (await read.Connection.QueryAsync<long>($"SELECT t.id FROM things t WHERE {(among is null ? "1 = 1" : database.Engine.IsAmong("t.id", "@ids"))} AND {carries} AND {isOfKind} AND {visibility.Condition("things", "t")}", new { tag, kind, ids = database.Engine.Ids(among ?? []) }, read.Transaction)).ToHashSet();
    }
}
