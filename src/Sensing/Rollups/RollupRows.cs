using System.Data.Common;
using Dapper;
using Madang.Storage;

namespace Madang.Sensing.Rollups;

/// <summary>The statements over Observations and rollups that the worker and the reader share.</summary>
internal static class RollupRows
{
    /// <summary>The numeric results of a Datastream in <c>[from, to)</c>, in order of time.</summary>
    public static async Task<IEnumerable<(long Time, double Number)>> Results(DbConnection connection, DbTransaction transaction, long datastream, long from, long to) =>
        await connection.QueryAsync<(long, double)>(
            "SELECT phenomenon_start, result_number FROM observations WHERE datastream_id = @datastream AND phenomenon_start >= @from AND phenomenon_start < @to AND result_kind = 1 ORDER BY phenomenon_start, id",
            new { datastream, from, to },
            transaction);

    /// <summary>The stored rollups of a Datastream in <c>[from, to)</c>, in order of time.</summary>
    public static async Task<List<Rollup>> Stored(ReadScope read, long datastream, SeriesStep step, long from, long to)
    {
        var rollups = new List<Rollup>();
        await read.EachRow(
            "SELECT start, count, sum, min, max, last FROM rollups WHERE datastream_id = @datastream AND step = @step AND start >= @from AND start < @to ORDER BY start",
            [("datastream", datastream), ("step", (long)step), ("from", from), ("to", to)],
            row => rollups.Add(new Rollup(row.Whole(0), row.Whole(1), row.Real(2), row.Real(3), row.Real(4), row.Real(5))));
        return rollups;
    }

    /// <summary>Joins neighbouring hours into stretches, so that each is read at once.</summary>
    public static IEnumerable<(long From, long To)> Stretches(IEnumerable<long> hours)
    {
        long? from = null;
        var to = 0L;
        foreach (var hour in hours)
        {
            if (from is { } start && hour != to)
            {
                yield return (start, to);
                from = null;
            }

            from ??= hour;
            to = hour + Buckets.Hour;
        }

        if (from is { } last)
        {
            yield return (last, to);
        }
    }
}
