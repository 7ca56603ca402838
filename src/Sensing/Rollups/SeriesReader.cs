using Dapper;
using Madang.Kernel;
using Madang.Storage;

namespace Madang.Sensing.Rollups;

/// <summary>
/// Reads a series in one snapshot: stored rollups where they are up to date, and Observations themselves for the hours that
/// are marked; so a series is exact at any moment, late data and deletes included.
/// </summary>
internal sealed class SeriesReader(Buckets buckets)
{
    /// <summary>The buckets that start in <c>[from, to)</c>, where <paramref name="from"/> is the start of one.</summary>
    public async Task<List<SeriesPoint>> Read(ReadScope read, long datastream, SeriesStep step, long from, long to)
    {
        var end = to > from ? buckets.EndOf(step, buckets.StartOf(step, to - 1)) : from;
        var marks = (await read.Connection.QueryAsync<long>(
            "SELECT hour FROM rollup_marks WHERE datastream_id = @datastream AND hour >= @first AND hour < @end ORDER BY hour",
            new { datastream, first = Buckets.HourOf(from), end },
            read.Transaction)).AsList();

        // A bucket with a marked hour is computed anew: a ten-minute one from its Observations, a day from ten-minute ones.
        var old = marks.SelectMany(hour => BucketsIn(step, hour)).ToHashSet();
        var rollups = await RollupRows.Stored(read, datastream, step, from, end);
        if (marks.Count > 0)
        {
            var fresh = step == SeriesStep.Day ? await Days(read, datastream, old, marks) : await Hours(read, datastream, step, marks);
            rollups.RemoveAll(rollup => old.Contains(rollup.Start));
            rollups.AddRange(fresh.Where(rollup => rollup.Start >= from && rollup.Start < end));
            rollups.Sort((one, other) => one.Start.CompareTo(other.Start));
        }

        return rollups.ConvertAll(rollup => Point(step, rollup));
    }

    private async Task<List<Rollup>> Hours(ReadScope read, long datastream, SeriesStep step, List<long> marks)
    {
        var rollups = new List<Rollup>();
        foreach (var (from, to) in RollupRows.Stretches(marks))
        {
            var results = await RollupRows.Results(read.Connection, read.Transaction, datastream, from, to);
            rollups.AddRange(Rollup.Merge(Rollup.SumUp(results, Buckets.TenMinutesOf), time => buckets.StartOf(step, time)));
        }

        return rollups;
    }

    private async Task<List<Rollup>> Days(ReadScope read, long datastream, HashSet<long> days, List<long> marks)
    {
        var tens = new List<Rollup>();
        var marked = marks.ToHashSet();
        foreach (var day in days.Order())
        {
            var stored = await RollupRows.Stored(read, datastream, SeriesStep.TenMinutes, day, buckets.NextDay(day));
            tens.AddRange(stored.Where(rollup => !marked.Contains(Buckets.HourOf(rollup.Start))));
        }

        tens.AddRange(await Hours(read, datastream, SeriesStep.TenMinutes, marks));
        return Rollup.Merge(tens.OrderBy(rollup => rollup.Start), buckets.DayOf);
    }

    private IEnumerable<long> BucketsIn(SeriesStep step, long hour)
    {
        for (var time = hour; time < hour + Buckets.Hour; time += Buckets.TenMinutes)
        {
            yield return buckets.StartOf(step, time);
        }
    }

    private SeriesPoint Point(SeriesStep step, Rollup rollup) => new(
        IsoTime.FromMicros(rollup.Start), IsoTime.FromMicros(buckets.EndOf(step, rollup.Start)), rollup.Count, rollup.Min, rollup.Max, rollup.Sum / rollup.Count, rollup.Last);
}
