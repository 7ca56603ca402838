using System.Diagnostics.CodeAnalysis;
using Dapper;
using Madang.Kernel;
using Madang.Sensing.Model;
using Madang.Sensing.Query;
using Madang.Sensing.Rollups;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Sensing;

/// <summary>What other modules may ask of the sensors. Every answer is of one snapshot and passes <see cref="Visibility"/>, but for <see cref="ListSpots"/>.</summary>
public sealed class SensingQueries
{
    /// <summary>The most points a series may have.</summary>
    public const int MaxPoints = 20_000;

    /// <summary>The most Datastreams that <see cref="FindThing"/> tells of.</summary>
    public const int MostDatastreams = 200;

    /// <summary>The most Locations that <see cref="FindThing"/> tells of.</summary>
    public const int MostLocations = 10;

    private readonly IDatabase database;
    private readonly Visibility visibility;
    private readonly Buckets buckets;
    private readonly SeriesReader series;
    private readonly ThingReader things;

    internal SensingQueries(IDatabase database, Visibility visibility, Buckets buckets, SeriesReader series)
    {
        this.database = database;
        this.visibility = visibility;
        this.buckets = buckets;
        this.series = series;
        things = new ThingReader(database.Engine, visibility);
    }

    /// <summary>Every Datastream with its latest reading, in order of id.</summary>
    public Task<IReadOnlyList<LatestReading>> ListLatest(CancellationToken cancel) => ListLatest(null, cancel);

    /// <summary>The given Datastreams, as far as they exist, with their latest readings.</summary>
    public async Task<IReadOnlyList<LatestReading>> ListLatest(IReadOnlyCollection<long>? datastreams, CancellationToken cancel)
    {
        var wanted = datastreams is null ? "1 = 1" : database.Engine.IsAmong("d.id", "@ids");
        var measure = database.Engine == Engine.Sqlite ? "json_extract(o.properties, '$.measure')" : "o.properties ->> 'measure'";
        var simulated = database.Engine == Engine.Sqlite ? "json_extract(t.properties, '$.simulated')" : "CASE WHEN t.properties ->> 'simulated' = 'true' THEN 1 ELSE 0 END";
        var source = database.Engine == Engine.Sqlite ? "json_extract(t.properties, '$.source')" : "t.properties ->> 'source'";
        var owner = database.Engine == Engine.Sqlite ? "json_extract(t.properties, '$.owner')" : "t.properties ->> 'owner'";
        var nameEn = database.Engine == Engine.Sqlite ? "json_extract(t.properties, '$.nameEn')" : "t.properties ->> 'nameEn'";
        var ownerEn = database.Engine == Engine.Sqlite ? "json_extract(t.properties, '$.ownerEn')" : "t.properties ->> 'ownerEn'";
        var unit = database.Engine == Engine.Sqlite ? "json_extract(d.unit, '$.symbol')" : "d.unit ->> 'symbol'";
        var cadence = database.Engine == Engine.Sqlite ? "json_extract(d.properties, '$.cadenceSeconds')" : "d.properties ->> 'cadenceSeconds'";
        var placed = things.HasPlace("t");
        await using var read = await database.Read(cancel);
        var rows = read.Connection.QueryUnbufferedAsync<Row>(
            $"""
            SELECT t.id AS Thing, t.name AS ThingName, d.id AS Datastream, {ThingReader.MeasureOf("o", measure)} AS Measure, coalesce(CAST({unit} AS TEXT), '') AS Unit,
                   (l.min_lon + l.max_lon) / 2 AS Longitude, (l.min_lat + l.max_lat) / 2 AS Latitude, CAST(coalesce({simulated}, 0) AS INTEGER) AS Simulated,
                   CAST({source} AS TEXT) AS Source, CAST({owner} AS TEXT) AS Owner, CAST({nameEn} AS TEXT) AS NameEn, CAST({ownerEn} AS TEXT) AS OwnerEn, d.last_time AS LastTime, d.last_number AS LastNumber, CAST({cadence} AS TEXT) AS Cadence,
                   CASE WHEN d.phenomenon_end > d.last_time THEN 1 ELSE 0 END AS IsSpan
            FROM datastream_rows d JOIN things t ON t.id = d.thing_id JOIN observed_properties o ON o.id = d.observed_property_id
            LEFT JOIN locations l ON {placed} AND l.id = (SELECT min(tl.location_id) FROM thing_locations tl WHERE tl.thing_id = t.id)
            WHERE {wanted} AND {visibility.Condition("datastreams", "d")} AND {visibility.Condition("things", "t")} ORDER BY d.id
            """,
            new { ids = database.Engine.Ids(datastreams ?? []) },
            read.Transaction);
        var latest = new List<LatestReading>();
        var words = new Dictionary<string, string>();
        await foreach (var row in rows.WithCancellation(cancel))
        {
            latest.Add(new LatestReading(
                row.Thing, Once(words, ThingReader.NameOf(row.Thing, row.ThingName)), row.Datastream, Once(words, row.Measure), Once(words, row.Unit), row.Longitude, row.Latitude, row.Simulated == 1, Once(words, row.Source), Once(words, row.Owner),
                row.LastTime is { } time ? IsoTime.FromMicros(time) : null, row.LastNumber, ThingReader.Cadence(row.Cadence)) { NameEn = Once(words, row.NameEn), OwnerEn = Once(words, row.OwnerEn), IsSpan = row.IsSpan == 1 });
        }

        return latest;
    }

    /// <summary>Where the given Datastreams stand, as far as they exist, whoever may read them: for what decides by it and tells it nobody.</summary>
    public async Task<IReadOnlyList<DatastreamSpot>> ListSpots(IReadOnlyCollection<long> datastreams, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return (await read.Connection.QueryAsync<DatastreamSpot>(
            $"""
            SELECT d.id AS Datastream, d.thing_id AS Thing, (l.min_lon + l.max_lon) / 2 AS Longitude, (l.min_lat + l.max_lat) / 2 AS Latitude FROM datastream_rows d JOIN things t ON t.id = d.thing_id
            LEFT JOIN locations l ON {things.HasPlace("t")} AND l.id = (SELECT min(tl.location_id) FROM thing_locations tl WHERE tl.thing_id = t.id) WHERE {database.Engine.IsAmong("d.id", "@ids")} ORDER BY d.id
            """,
            new { ids = database.Engine.Ids(datastreams) },
            read.Transaction)).AsList();
    }

    /// <summary>The Things that have no Datastream, in order of id: stations of which only the place is known.</summary>
    public async Task<IReadOnlyList<BareThing>> ListBareThings(CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return await things.ListBare(read);
    }

    /// <summary>A Thing with its places and Datastreams; null when there is none of this id.</summary>
    public async Task<ThingAbout?> FindThing(long id, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return await things.Find(read, id);
    }

    /// <summary>A Datastream with the Thing it belongs to; null when there is none of this id. The Thing tells of this Datastream even where it has more than <see cref="MostDatastreams"/>.</summary>
    public async Task<(ThingAbout Thing, DatastreamAbout Datastream)?> FindDatastream(long id, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return await things.FindWith(read, id);
    }

    /// <summary>
    /// The numeric Observations of one Datastream that start in <c>[from, to)</c>, in order of time, at most <paramref name="limit"/> (which is at most
    /// <see cref="MaxPoints"/>); null when there is no such Datastream.
    /// </summary>
    public async Task<Readings?> ListReadings(long datastream, DateTimeOffset from, DateTimeOffset to, int limit, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxPoints);
        if (to <= from)
        {
            throw new InvalidInputException("to", "must lie after 'from'");
        }

        await using var read = await database.Read(cancel);
        if (await FindUnit(read, datastream) is not { } unit)
        {
            return null;
        }

        var rows = (await read.Connection.QueryAsync<(long From, long? To, double Number)>(
            $"""
            SELECT o.phenomenon_start, o.phenomenon_end, o.result_number FROM observations o
            WHERE o.datastream_id = @datastream AND o.phenomenon_start >= @from AND o.phenomenon_start < @to AND o.result_kind = 1 AND {visibility.Condition("observations", "o")}
            ORDER BY o.phenomenon_start, o.id LIMIT @most
            """,
            new { datastream, from = from.ToMicros(), to = to.ToMicros(), most = limit + 1 },
            read.Transaction)).AsList();
        return new Readings(
            datastream, unit, [.. rows.Take(limit).Select(row => new ReadingPoint(IsoTime.FromMicros(row.From), row.To is { } end ? IsoTime.FromMicros(end) : null, row.Number))], rows.Count <= limit);
    }

    /// <summary>
    /// The series of one Datastream over the buckets that touch <c>[from, to)</c>; null when there is no such Datastream.
    /// More than <see cref="MaxPoints"/> buckets are refused with 400.
    /// </summary>
    public async Task<Series?> FindSeries(long datastream, DateTimeOffset from, DateTimeOffset to, SeriesStep step, CancellationToken cancel)
    {
        if (to <= from)
        {
            throw new InvalidInputException("to", "must lie after 'from'");
        }

        if ((to - from).TotalMinutes / (int)step > MaxPoints)
        {
            throw new InvalidInputException("step", $"would give more than {MaxPoints:N0} points; choose a wider step or a shorter time");
        }

        await using var read = await database.Read(cancel);
        return await FindUnit(read, datastream) is { } unit
            ? new Series(datastream, unit, step, await series.Read(read, datastream, step, buckets.StartOf(step, from.ToMicros()), to.ToMicros()))
            : null;
    }

    /// <summary>The last numeric reading of each ten minutes (aligned to UTC) of each of these Datastreams in <c>[from, to)</c>, in order of time.</summary>
    public async Task<IReadOnlyList<PastReading>> ListPast(IReadOnlyCollection<long> datastreams, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        const string step = "o.phenomenon_start / 600000000";
        var what = database.Engine == Engine.Sqlite
            ? "o.datastream_id AS Datastream, max(o.phenomenon_start) AS At, o.result_number AS Number"
            : $"DISTINCT ON (o.datastream_id, {step}) o.datastream_id AS Datastream, o.phenomenon_start AS At, o.result_number AS Number";
        var how = database.Engine == Engine.Sqlite ? $"GROUP BY o.datastream_id, {step}" : $"ORDER BY o.datastream_id, {step}, o.phenomenon_start DESC";
        await using var read = await database.Read(cancel);
        var rows = await read.Connection.QueryAsync<(long Datastream, long At, double Number)>(
            $"""
            SELECT {what} FROM observations o
            WHERE {database.Engine.IsAmong("o.datastream_id", "@ids")} AND o.phenomenon_start >= @from AND o.phenomenon_start < @to AND o.result_kind = 1 AND {visibility.Condition("observations", "o")}
            {how}
            """,
            new { ids = database.Engine.Ids(datastreams), from = from.ToMicros(), to = to.ToMicros() },
            read.Transaction);
        return [.. rows.Select(row => new PastReading(row.Datastream, IsoTime.FromMicros(row.At), row.Number)).OrderBy(reading => reading.At)];
    }

    /// <summary>The last reading of each of these Datastreams that is not after <paramref name="before"/>.</summary>
    public async Task<IReadOnlyList<PastReading>> ListLastBefore(IReadOnlyCollection<long> datastreams, DateTimeOffset before, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        var rows = await read.Connection.QueryAsync<(long Datastream, long At, double? Number)>(
            $"""
            SELECT o.datastream_id, o.phenomenon_start, CASE WHEN o.result_kind = 1 THEN o.result_number END
            FROM datastreams d JOIN observations o ON o.id =
                (SELECT p.id FROM observations p WHERE p.datastream_id = d.id AND p.phenomenon_start <= @before AND {visibility.Condition("observations", "p")} ORDER BY p.phenomenon_start DESC, p.id DESC LIMIT 1)
            WHERE {database.Engine.IsAmong("d.id", "@ids")} AND o.datastream_id = d.id
            """,
            new { ids = database.Engine.Ids(datastreams), before = before.ToMicros() },
            read.Transaction);
        return [.. rows.Select(row => new PastReading(row.Datastream, IsoTime.FromMicros(row.At), row.Number))];
    }

    /// <summary>The unit's symbol of a Datastream, empty when it has none; null when there is no such Datastream.</summary>
    private async Task<string?> FindUnit(ReadScope read, long datastream)
    {
        var symbol = database.Engine == Engine.Sqlite ? "json_extract(d.unit, '$.symbol')" : "d.unit ->> 'symbol'";
        return await read.Connection.QuerySingleOrDefaultAsync<string?>(
            $"SELECT coalesce(CAST({symbol} AS TEXT), '') FROM {SensorThingsModel.Datastreams.Table} d WHERE d.id = @datastream AND {SensorThingsModel.Datastreams.Only("d")} AND {visibility.Condition("datastreams", "d")}", new { datastream }, read.Transaction);
    }

    /// <summary>The same text as one object: many Datastreams say the same of their Thing.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    private static string? Once(Dictionary<string, string> words, string? text)
    {
        if (text is null)
        {
            return null;
        }

        return words.TryAdd(text, text) ? text : words[text];
    }

    private sealed record Row
    {
        public long Thing { get; init; }

        public string ThingName { get; init; } = "";

        public long Datastream { get; init; }

        public string Measure { get; init; } = "";

        public string Unit { get; init; } = "";

        public double? Longitude { get; init; }

        public double? Latitude { get; init; }

        public long Simulated { get; init; }

        public long IsSpan { get; init; }

        public string? Source { get; init; }

        public string? Owner { get; init; }

        public long? LastTime { get; init; }

        public double? LastNumber { get; init; }

        public string? NameEn { get; init; }

        public string? OwnerEn { get; init; }

        public string? Cadence { get; init; }
    }
}
