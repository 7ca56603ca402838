using Dapper;
using Madang.Storage;

namespace Madang.Sensing.Entities;

/// <summary>A Datastream's phenomenonTime, resultTime, last reading and area, counted anew after Observations changed or went.</summary>
internal static class Extents
{
    /// <summary>The last readings of one or two Datastreams: what a change of Observations may leave as it was.</summary>
    public static async Task<List<(long Datastream, long Time, double? Number)>> LastOf(WriteScope scope, long one, long other) =>
        (await scope.Connection.QueryAsync<(long, long, double?)>(
            "SELECT datastream_id, last_time, last_number FROM datastream_extents WHERE datastream_id = @one OR datastream_id = @other ORDER BY datastream_id", new { one, other }, scope.Transaction)).AsList();

    /// <summary>Counts anew when an Observation went from, or came to, an edge or a place outside, and says so; what goes and comes within changes nothing.</summary>
    public static async Task<bool> RecountIfEdge(WriteScope scope, long datastream, long id, long start, long end, long? resultTime)
    {
        var inside = await scope.Connection.ExecuteScalarAsync<long?>(
            """
            SELECT 1 FROM datastream_extents WHERE datastream_id = @datastream AND phenomenon_start < @start AND phenomenon_end > @end AND last_id <> @id
            AND (CAST(@resultTime AS BIGINT) IS NULL OR (result_start < @resultTime AND result_end > @resultTime))
            """,
            new { datastream, id, start, end, resultTime },
            scope.Transaction);
        if (inside is not null)
        {
            return false;
        }

        await Recount(scope, datastream);
        return true;
    }

    public static async Task Recount(WriteScope scope, long datastream)
    {
        await scope.Connection.ExecuteAsync("DELETE FROM datastream_extents WHERE datastream_id = @datastream", new { datastream }, scope.Transaction);
        await scope.Connection.ExecuteAsync(
            """
            INSERT INTO datastream_extents (datastream_id, phenomenon_start, phenomenon_end, result_start, result_end, last_time, last_id, last_number)
            SELECT s.d, s.first, s.final, s.result_first, s.result_final, l.phenomenon_start, l.id, CASE WHEN l.result_kind = 1 THEN l.result_number END
            FROM (SELECT @datastream AS d, min(phenomenon_start) AS first, max(coalesce(phenomenon_end, phenomenon_start)) AS final, min(result_time) AS result_first, max(result_time) AS result_final
                  FROM observations WHERE datastream_id = @datastream) s
            JOIN (SELECT phenomenon_start, id, result_kind, result_number FROM observations WHERE datastream_id = @datastream ORDER BY phenomenon_start DESC, id DESC LIMIT 1) l ON 1 = 1
            """,
            new { datastream },
            scope.Transaction);
    }

    /// <summary>Counts anew what a Datastream spans and where, after its oldest Observations went; whoever remembers its last reading is told when even that one did.</summary>
    public static async Task Shrink(WriteScope scope, long datastream)
    {
        var before = await LastOf(scope, datastream, datastream);
        await Recount(scope, datastream);
        foreach (var feature in (await scope.Connection.QueryAsync<long>("SELECT feature_id FROM datastream_features WHERE datastream_id = @datastream ORDER BY feature_id", new { datastream }, scope.Transaction)).AsList())
        {
            await Unlink(scope, datastream, feature);
        }

        if (!before.SequenceEqual(await LastOf(scope, datastream, datastream)))
        {
            scope.Tell(new StationsChanged("Datastreams", datastream), "stations");
        }
    }

    /// <summary>Forgets that a Datastream observed a feature when no Observation says so any more.</summary>
    public static Task Unlink(WriteScope scope, long datastream, long feature) => scope.Connection.ExecuteAsync(
        """
        DELETE FROM datastream_features WHERE datastream_id = @datastream AND feature_id = @feature
        AND NOT EXISTS (SELECT 1 FROM observations WHERE datastream_id = @datastream AND feature_id = @feature)
        """,
        new { datastream, feature },
        scope.Transaction);
}
