using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Sensing.Query;
using Madang.Sensing.Rollups;
using Madang.Storage;

namespace Madang.Sensing.Health;

/// <summary>A finding as it lies in the store.</summary>
internal readonly record struct FindingRow(long Datastream, SensorFinding Finding, double Value);

/// <summary>The statements of a check: Datastreams in slices of their ids, so that a large city is never held at once, and what was found before.</summary>
internal sealed class HealthRows(Engine engine)
{
    /// <summary>How many Datastreams are judged at a time.</summary>
    public const int Slice = 5_000;

    /// <summary>The next Datastreams after an id that have Observations, with their last full hours when <paramref name="deep"/>.</summary>
    public async Task<List<Row>> Next(ReadScope read, long after, long now, bool deep)
    {
        var until = Buckets.HourOf(now);
        var hours = deep
            ? $"""
              SELECT r.datastream_id, CAST(sum(r.count) AS BIGINT) AS count, count(*) AS hours,
                     CAST(sum(CASE WHEN r.start >= @six THEN r.count ELSE 0 END) AS BIGINT) AS late_count, CAST(sum(CASE WHEN r.start >= @six THEN 1 ELSE 0 END) AS BIGINT) AS late_hours,
                     min(CASE WHEN r.start >= @six THEN r.min END) AS late_min, max(CASE WHEN r.start >= @six THEN r.max END) AS late_max
              FROM slice s JOIN rollups r ON r.datastream_id = s.id AND r.step = {(int)SeriesStep.Hour} AND r.start >= @day AND r.start < @until GROUP BY r.datastream_id
              """
            : "SELECT id AS datastream_id, id AS count, id AS hours, id AS late_count, id AS late_hours, last_number AS late_min, last_number AS late_max FROM slice WHERE 1 = 0";
        return
        [
            .. await read.Connection.QueryAsync<Row>(
                $"""
                WITH slice AS (SELECT e.datastream_id AS id, e.last_time, e.last_number FROM datastream_extents e WHERE e.datastream_id > @after ORDER BY e.datastream_id LIMIT {Slice}),
                hours AS ({hours})
                SELECT s.id AS Id, s.last_time AS LastTime, s.last_number AS LastNumber, CAST({Field("d.properties", "cadenceSeconds")} AS TEXT) AS Cadence, CAST({Field("d.properties", "steady")} AS TEXT) AS Steady,
                       CAST(coalesce({Json("d.properties", "range")}, {Json("o.properties", "range")}) AS TEXT) AS Range, {ThingReader.MeasureOf("o", Field("o.properties", "measure"))} AS Measure, {Field("d.unit", "symbol")} AS Unit,
                       (l.min_lon + l.max_lon) / 2 AS Longitude, (l.min_lat + l.max_lat) / 2 AS Latitude,
                       h.count AS Count, h.hours AS Hours, h.late_count AS LateCount, h.late_hours AS LateHours, h.late_min AS LateMin, h.late_max AS LateMax
                FROM slice s JOIN datastreams d ON d.id = s.id JOIN observed_properties o ON o.id = d.observed_property_id LEFT JOIN hours h ON h.datastream_id = s.id
                LEFT JOIN locations l ON l.id = (SELECT min(tl.location_id) FROM thing_locations tl WHERE tl.thing_id = d.thing_id)
                ORDER BY s.id
                """,
                new { after, day = until - (24 * Buckets.Hour), six = until - (HealthRules.StuckHours * Buckets.Hour), until },
                read.Transaction),
        ];
    }

    /// <summary>The means of each of the full hours by which these Datastreams are compared with their neighbours, in order of time.</summary>
    public async Task<ILookup<long, HourMean>> Hours(ReadScope read, IEnumerable<long> datastreams, long now)
    {
        var until = Buckets.HourOf(now);
        return (await read.Connection.QueryAsync<(long Datastream, long Start, double Mean)>(
            $"""
            SELECT r.datastream_id, r.start, r.sum / r.count FROM rollups r
            WHERE {engine.IsAmong("r.datastream_id", "@ids")} AND r.step = {(int)SeriesStep.Hour} AND r.start >= @from AND r.start < @until ORDER BY r.datastream_id, r.start
            """,
            new { ids = engine.Ids(datastreams), from = until - (Shift.Hours * Buckets.Hour), until },
            read.Transaction)).ToLookup(row => row.Datastream, row => new HourMean(row.Start, row.Mean));
    }

    /// <summary>What was found before of these kinds, for the Datastreams in <c>(after, last]</c>.</summary>
    public static async Task<List<FindingRow>> Known(ReadScope read, long after, long last, IEnumerable<SensorFinding> kinds) =>
    [
        .. (await read.Connection.QueryAsync<(long Datastream, long Finding, double Value)>(
            $"SELECT datastream_id, CAST(finding AS BIGINT), value FROM sensor_findings WHERE datastream_id > @after AND datastream_id <= @last AND finding IN ({string.Join(',', kinds.Select(kind => (int)kind))})",
            new { after, last },
            read.Transaction)).Select(row => new FindingRow(row.Datastream, (SensorFinding)row.Finding, row.Value)),
    ];

    public static Task<int> Begin(WriteScope scope, IEnumerable<FindingRow> findings, long now) => scope.Connection.ExecuteAsync(
        """
        INSERT INTO sensor_findings (datastream_id, finding, since, value) SELECT id, @finding, @now, @value FROM datastreams WHERE id = @id
        ON CONFLICT (datastream_id, finding) DO UPDATE SET value = excluded.value
        """,
        findings.Select(each => new { id = each.Datastream, finding = (int)each.Finding, now, value = each.Value }),
        scope.Transaction);

    public static Task<int> End(WriteScope scope, IEnumerable<FindingRow> findings) => scope.Connection.ExecuteAsync(
        "DELETE FROM sensor_findings WHERE datastream_id = @id AND finding = @finding", findings.Select(each => new { id = each.Datastream, finding = (int)each.Finding }), scope.Transaction);

    private string Field(string column, string name) => engine == Engine.Sqlite ? $"json_extract({column}, '$.{name}')" : $"{column} ->> '{name}'";

    private string Json(string column, string name) => engine == Engine.Sqlite ? $"json_extract({column}, '$.{name}')" : $"{column} -> '{name}' #>> '{{}}'";

    /// <summary>A Datastream of a slice, as read.</summary>
    internal sealed record Row
    {
        public long Id { get; init; }

        public long LastTime { get; init; }

        public double? LastNumber { get; init; }

        public string? Cadence { get; init; }

        public string? Steady { get; init; }

        public string? Range { get; init; }

        public string Measure { get; init; } = "";

        public string? Unit { get; init; }

        public double? Longitude { get; init; }

        public double? Latitude { get; init; }

        public long? Count { get; init; }

        public long? Hours { get; init; }

        public long? LateCount { get; init; }

        public long? LateHours { get; init; }

        public double? LateMin { get; init; }

        public double? LateMax { get; init; }

        public RecentHours? Recent => Count is { } count ? new RecentHours(count, Hours!.Value, LateCount ?? 0, LateHours ?? 0, LateMin, LateMax) : null;

        /// <summary>What is known of it; <paramref name="learned"/> is how often it was found to speak.</summary>
        public StreamFacts Facts(TimeSpan? learned) => new()
        {
            Id = Id, Last = IsoTime.FromMicros(LastTime), LastNumber = LastNumber, Cadence = ThingReader.Cadence(Cadence) ?? learned,
            Range = RangeOf(Range), IsSteady = Steady is "1" or "true", Recent = Recent,
        };

        /// <summary>Anybody may write anything there: what is no pair of numbers says nothing.</summary>
        private static (double, double)? RangeOf(string? json)
        {
            if (json is null || !json.StartsWith('['))
            {
                return null;
            }

            using var document = JsonDocument.Parse(json);
            return document.RootElement is { ValueKind: JsonValueKind.Array } pair && pair.GetArrayLength() == 2 && pair[0].ValueKind == JsonValueKind.Number && pair[1].ValueKind == JsonValueKind.Number
                ? (pair[0].GetDouble(), pair[1].GetDouble())
                : null;
        }
    }
}
