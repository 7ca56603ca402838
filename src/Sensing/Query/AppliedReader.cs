using System.Globalization;
using Dapper;
using Madang.Kernel;
using Madang.Places;
using Madang.Sensing.Model;
using Madang.Sensing.Rollups;
using Madang.Storage;
using Madang.Trust;
using Microsoft.Extensions.Options;

namespace Madang.Sensing.Query;

/// <summary>Computes <c>$apply</c>: from the rollups where these tell exactly the same, else from the Observations within the read's time limit.</summary>
internal sealed class AppliedReader(SeriesReader series, Buckets buckets, PlaceBook places, IOptions<SensingOptions> options, Visibility visibility, TimeProvider clock)
{
    /// <summary>The most rollups that are read for one answer.</summary>
    private const long MostRollups = 200_000;

    /// <summary>The most rows, one a feature and other group, that are summed up into districts.</summary>
    private const int MostFeatures = 200_000;

    private static readonly TimeSpan OneDay = TimeSpan.FromDays(1);

    private readonly SensingOptions limits = options.Value;
    private readonly CityDays days = new(buckets);

    public async Task<AppliedRows> Read(ReadScope read, Engine engine, EntitySet set, Parent? parent, Apply apply)
    {
        if (set != SensorThingsModel.Observations)
        {
            throw new InvalidInputException("$apply", "is offered on Observations only", 501);
        }

        if (DistrictGroups.Asked(apply))
        {
            var parts = await FromObservations(read, engine, set, parent, DistrictGroups.PartsOf(apply), MostFeatures);
            var merged = await DistrictGroups.Merge(read, engine, places, apply, parts);
            return merged with { Rows = Bounded(merged.Rows) };
        }

        return await FromRollups(read, parent, apply) ?? await FromObservations(read, engine, set, parent, apply, limits.MaxTop);
    }

    /// <summary>Null where rollups do not tell it: other groups than time, text results, a filter that is no stretch of whole buckets.</summary>
    private async Task<AppliedRows?> FromRollups(ReadScope read, Parent? parent, Apply apply)
    {
        if (parent is not { Navigation.From.Set: "Datastreams" } || apply.Groups is not [{ Bucket: { } width } group]
            || apply.Aggregates.Any(aggregate => aggregate.Method is "$count" or "countdistinct") || TimeRange.Of(apply.Filter) is not { } range || StepFor(width, range) is not { } step)
        {
            return null;
        }

        var extent = await read.Connection.QuerySingleOrDefaultAsync<(long First, long Final, long Last)?>(
            "SELECT phenomenon_start, phenomenon_end, last_time FROM datastream_extents WHERE datastream_id = @Id", new { parent.Id }, read.Transaction);
        if (extent is not { } known)
        {
            return new AppliedRows([group.Name, .. apply.Aggregates.Select(aggregate => aggregate.Alias)], [], true);
        }

        var from = buckets.StartOf(step, Math.Max(range.From ?? known.First, known.First));
        var to = Math.Min(range.To ?? long.MaxValue, known.Last + 1);
        if ((to - from) / ((int)step * 60_000_000L) > MostRollups || (range.To is { } end && end < known.Final && await CrossesEnd(read, parent.Id, from, end)))
        {
            return null;
        }

        var points = to <= from ? [] : await series.Read(read, parent.Id, step, from, to);
        var merged = Rollup.Merge(points.Select(point => new Rollup(point.From.ToMicros(), point.Count, point.Mean * point.Count, point.Min, point.Max, point.Last)), time => StartOf(width, time));
        return new AppliedRows(
            [group.Name, .. apply.Aggregates.Select(aggregate => aggregate.Alias)],
            Bounded(merged.Select(row => (IReadOnlyList<object?>)[Interval(width, row.Start), .. apply.Aggregates.Select(aggregate => ValueOf(row, aggregate.Method))])),
            true);
    }

    private async Task<AppliedRows> FromObservations(ReadScope read, Engine engine, EntitySet set, Parent? parent, Apply apply, int most)
    {
        var sql = new SqlText(engine);
        var translator = new FilterTranslator(sql, set, "t", visibility, clock);
        var where = new List<string> { visibility.Condition(set.Table, "t") };
        if (parent is not null)
        {
            where.Add(await PageReader.JoinTo(read, engine, parent, sql, "t"));
        }

        var pinned = parent is null ? await Pinned.Find(read, engine, set, apply.Filter, visibility, clock) : null;
        if (pinned is not null)
        {
            where.Add(pinned.Among(sql));
        }

        if ((pinned is null ? apply.Filter : pinned.Rest) is { } filter)
        {
            where.Add(translator.Condition(filter));
        }

        var groups = new List<List<string>>();
        foreach (var group in apply.Groups)
        {
            groups.Add(group.Bucket == OneDay ? [await DayInSql(read)] : KeysOf(translator, set, group, where));
        }

        var keys = groups.SelectMany(group => group).ToList();
        var selected = keys.Concat(apply.Aggregates.Select(InSql)).ToList();
        var grouped = keys.Count == 0 ? "" : $" GROUP BY {string.Join(", ", Enumerable.Range(1, keys.Count))} ORDER BY {string.Join(", ", Enumerable.Range(1, keys.Count))}";
        await using var command = await sql.Command(
            read, $"SELECT {(selected.Count == 0 ? "1" : string.Join(", ", selected))} FROM {set.Source} t WHERE {string.Join(" AND ", where)}{grouped} LIMIT {most + 1}");
        await using var reader = await Statements.Run(command, read.Cancel);
        var rows = new List<IReadOnlyList<object?>>();
        while (await Statements.Next(reader, read.Cancel))
        {
            var values = Enumerable.Range(0, selected.Count).Select(index => reader.IsDBNull(index) ? null : reader.GetValue(index)).ToList();
            rows.Add(Row(apply, groups, values));
        }

        return new AppliedRows([.. apply.Groups.Select(group => group.Name), .. apply.Aggregates.Select(aggregate => aggregate.Alias)], Bounded(rows, most), false);
    }

    /// <summary>A value of several kinds has a key for each, all but one of them NULL.</summary>
    private List<object?> Row(Apply apply, List<List<string>> groups, List<object?> values)
    {
        var row = new List<object?>();
        var at = 0;
        foreach (var (group, keys) in apply.Groups.Zip(groups))
        {
            var value = values.Skip(at).Take(keys.Count).FirstOrDefault(one => one is not null);
            var number = group.Bucket is null ? 0 : Convert.ToInt64(value, CultureInfo.InvariantCulture);
            row.Add(group.Bucket is { } width ? Interval(width, width == OneDay ? days.Of(number).Start : number) : value);
            at += keys.Count;
        }

        return [.. row, .. values.Skip(at)];
    }

    private static List<string> KeysOf(FilterTranslator translator, EntitySet set, GroupKey group, List<string> where)
    {
        if (group.Bucket is { } width)
        {
            return [BucketInSql(width)];
        }

        if (group.By!.Segments is ["Datastream", "id" or "@iot.id"])
        {
            // The key lies in the row; but MultiDatastreams share it.
            where.Add($"t.result_kind <> {(int)ResultKind.Parts}");
            return ["t.datastream_id"];
        }

        if (group.By.Segments is ["FeatureOfInterest", "id" or "@iot.id"])
        {
            return ["t.feature_id"];
        }

        if (set.FindProperty(group.By.Segments[0]) is { Kind: PropertyKind.Instant or PropertyKind.Interval or PropertyKind.Result } property)
        {
            throw new InvalidInputException("$apply", $"'{property.Name}' is no group of its own; for time write bucket(phenomenonTime,PT1H)", 501);
        }

        try
        {
            return [.. translator.SortKeys(new OrderKey(group.By, false))];
        }
        catch (InvalidInputException wrong)
        {
            throw new InvalidInputException("$apply", wrong.Reason, wrong.Status);
        }
    }

    private async Task<string> DayInSql(ReadScope read)
    {
        var (first, last) = await read.Connection.QuerySingleAsync<(long? First, long? Last)>("SELECT min(phenomenon_start), max(last_time) FROM datastream_extents", null, read.Transaction);
        return days.InSql("t.phenomenon_start", first ?? 0, last ?? 0);
    }

    private static string BucketInSql(TimeSpan width)
    {
        var micros = width.Ticks / TimeSpan.TicksPerMicrosecond;
        return $"(t.phenomenon_start - ((t.phenomenon_start % {micros}) + {micros}) % {micros})";
    }

    private static string InSql(Aggregate aggregate)
    {
        const string number = "CASE WHEN t.result_kind = 1 THEN t.result_number END";
        return aggregate.Method switch
        {
            "average" => $"avg({number})",
            "min" or "max" or "sum" or "count" => $"{aggregate.Method}({number})",
            "countdistinct" => $"count(DISTINCT CASE t.result_kind WHEN 0 THEN NULL WHEN 1 THEN '1' || CAST(t.result_number AS TEXT) WHEN 3 THEN '3' || CAST(t.result_number AS TEXT) ELSE '2' || t.result_text END)",
            _ => "count(*)",
        };
    }

    private static object ValueOf(Rollup row, string method) => method switch
    {
        "average" => row.Sum / row.Count,
        "min" => row.Min,
        "max" => row.Max,
        "sum" => row.Sum,
        _ => (object)row.Count,
    };

    /// <summary>An interval that begins before the end of what was asked and ends after it is no part of it, but is in the rollups.</summary>
    private static async Task<bool> CrossesEnd(ReadScope read, long datastream, long from, long end) => await read.Connection.ExecuteScalarAsync<long?>(
        "SELECT 1 FROM observations WHERE datastream_id = @datastream AND phenomenon_start >= @from AND phenomenon_start < @end AND phenomenon_end > @end LIMIT 1", new { datastream, from, end }, read.Transaction) is not null;

    /// <summary>The widest rollups whose edges are those of the buckets and of the range; null when none are.</summary>
    private SeriesStep? StepFor(TimeSpan width, TimeRange range)
    {
        SeriesStep[] steps = width == OneDay ? [SeriesStep.Day, SeriesStep.TenMinutes]
            : width.Ticks % TimeSpan.TicksPerHour == 0 ? [SeriesStep.Hour, SeriesStep.TenMinutes]
            : width.TotalMinutes % 10 == 0 ? [SeriesStep.TenMinutes] : [];
        return steps.Select(step => (SeriesStep?)step).FirstOrDefault(step => IsEdge(step!.Value, range.From) && IsEdge(step.Value, range.To));
    }

    private bool IsEdge(SeriesStep step, long? time) => time is not { } edge || buckets.StartOf(step, edge) == edge;

    private long StartOf(TimeSpan width, long time)
    {
        var micros = width.Ticks / TimeSpan.TicksPerMicrosecond;
        return width == OneDay ? buckets.DayOf(time) : time - (((time % micros) + micros) % micros);
    }

    private string Interval(TimeSpan width, long start)
    {
        var end = width == OneDay ? buckets.NextDay(start) : start + (width.Ticks / TimeSpan.TicksPerMicrosecond);
        return $"{IsoTime.Write(IsoTime.FromMicros(start))}/{IsoTime.Write(IsoTime.FromMicros(end))}";
    }

    private List<IReadOnlyList<object?>> Bounded(IEnumerable<IReadOnlyList<object?>> rows, int? atMost = null)
    {
        var most = atMost ?? limits.MaxTop;
        var taken = rows.Take(most + 1).ToList();
        return taken.Count <= most ? taken : throw new InvalidInputException("$apply", $"would give more than {most:N0} rows; choose wider buckets, or filter");
    }
}
