using System.Globalization;
using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Sensing.Query;

/// <summary>Reads a Thing with its places and Datastreams in one snapshot.</summary>
internal sealed class ThingReader(Engine engine, Visibility visibility)
{
    /// <summary>The beginning of the definitions of Madang's own measures.</summary>
    private const string Definition = "urn:madang:measure:";

    public async Task<ThingAbout?> Find(ReadScope read, long id)
    {
        var thing = await read.Connection.QuerySingleOrDefaultAsync<(string Name, string Description, string? Properties)?>(
            $"SELECT t.name, t.description, CAST(t.properties AS TEXT) FROM things t WHERE t.id = @id AND {visibility.Condition("things", "t")}", new { id }, read.Transaction);
        return thing is { } found ? new ThingAbout(id, NameOf(id, found.Name), found.Description, Properties(found.Properties), await Locations(read, id), await Datastreams(read, id)) : null;
    }

    public async Task<(ThingAbout Thing, DatastreamAbout Datastream)?> FindWith(ReadScope read, long datastream)
    {
        var thing = await read.Connection.QuerySingleOrDefaultAsync<long?>($"SELECT d.thing_id FROM datastream_rows d WHERE d.id = @datastream AND {visibility.Condition("datastreams", "d")}", new { datastream }, read.Transaction);
        if (thing is not { } id || await Find(read, id) is not { } found)
        {
            return null;
        }

        if (found.Datastreams.FirstOrDefault(each => each.Id == datastream) is { } listed)
        {
            return (found, listed);
        }

        var own = (await Datastreams(read, id, datastream)).Single();
        return (found with { Datastreams = [.. found.Datastreams, own] }, own);
    }

    /// <summary>The code of what an ObservedProperty measures: its property <c>measure</c>, else its definition where that is one of Madang's own, else its name.</summary>
    public static string MeasureOf(string alias, string property) =>
        $"coalesce(CAST({property} AS TEXT), CASE WHEN {alias}.definition LIKE '{Definition}%' THEN substr({alias}.definition, {Definition.Length + 1}) END, {alias}.name)";

    /// <summary>The name a Thing is shown by: one without letters would be a link that nobody sees.</summary>
    public static string NameOf(long thing, string name) => string.IsNullOrWhiteSpace(name) ? string.Create(CultureInfo.InvariantCulture, $"Thing {thing}") : name;

    /// <summary>The Things without a Datastream.</summary>
    public async Task<IReadOnlyList<BareThing>> ListBare(ReadScope read)
    {
        var rows = await read.Connection.QueryAsync<(long Thing, string Name, double? Longitude, double? Latitude, string? Simulated, string? Source, string? Owner)>(
            $"""
            SELECT t.id, t.name, (l.min_lon + l.max_lon) / 2, (l.min_lat + l.max_lat) / 2, CAST({Field("t.properties", "simulated")} AS TEXT), CAST({Field("t.properties", "source")} AS TEXT), CAST({Field("t.properties", "owner")} AS TEXT)
            FROM things t LEFT JOIN locations l ON {HasPlace("t")} AND l.id = (SELECT min(tl.location_id) FROM thing_locations tl WHERE tl.thing_id = t.id)
            WHERE {visibility.Condition("things", "t")} AND NOT EXISTS (SELECT 1 FROM datastreams d WHERE d.thing_id = t.id) ORDER BY t.id
            """,
            null,
            read.Transaction);
        // SQLite's JSON says true as 1.
        return [.. rows.Select(row => new BareThing(row.Thing, NameOf(row.Thing, row.Name), row.Longitude, row.Latitude, row.Simulated is "1" or "true", row.Source, row.Owner))];
    }

    /// <summary>False for a Thing that says that its Location is only a stand-in (<c>properties.placeUnknown</c>): an Observation needs a place, also where nobody knows it.</summary>
    public string HasPlace(string thing) => $"coalesce(CAST({Field(thing + ".properties", "placeUnknown")} AS TEXT), '') NOT IN ('1', 'true')";

    /// <summary>Anybody may write anything there: what is no sensible number of seconds is not said.</summary>
    public static TimeSpan? Cadence(string? seconds) =>
        double.TryParse(seconds, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 86_400 ? TimeSpan.FromSeconds(number) : null;

    private async Task<IReadOnlyList<LocationAbout>> Locations(ReadScope read, long id) =>
        [.. (await read.Connection.QueryAsync<(string Name, string Description, double? Longitude, double? Latitude)>(
            $"""
            SELECT l.name, l.description, (l.min_lon + l.max_lon) / 2, (l.min_lat + l.max_lat) / 2
            FROM thing_locations tl JOIN locations l ON l.id = tl.location_id
            WHERE tl.thing_id = @id AND {visibility.Condition("locations", "l")} ORDER BY l.id LIMIT {SensingQueries.MostLocations}
            """,
            new { id },
            read.Transaction)).Select(row => new LocationAbout(row.Name, row.Description, row.Longitude, row.Latitude))];

    private async Task<IReadOnlyList<DatastreamAbout>> Datastreams(ReadScope read, long id, long? only = null)
    {
        var rows = await read.Connection.QueryAsync<Row>(
            $"""
            SELECT d.id AS Id, d.name AS Name, d.description AS Description, {MeasureOf("o", Field("o.properties", "measure"))} AS Measure,
                   coalesce(CAST({Field("d.unit", "symbol")} AS TEXT), '') AS Unit, o.name AS Property, CAST({Field("o.properties", "name_en")} AS TEXT) AS PropertyEnglish, o.definition AS Definition,
                   s.id AS SensorId, s.name AS SensorName, s.description AS SensorDescription, CAST(s.metadata AS TEXT) AS Metadata, CAST({Field("d.properties", "cadenceSeconds")} AS TEXT) AS Cadence,
                   d.phenomenon_start AS FirstTime, d.last_time AS LastTime, d.last_number AS LastNumber, p.result_kind AS LastKind, p.result_number AS Truth, substr(p.result_text, 1, 200) AS LastText
            FROM datastream_rows d JOIN observed_properties o ON o.id = d.observed_property_id JOIN sensors s ON s.id = d.sensor_id
            LEFT JOIN observations p ON p.datastream_id = d.id AND p.phenomenon_start = d.last_time AND p.id = d.last_id AND {visibility.Condition("observations", "p")}
            WHERE d.thing_id = @id{(only is null ? "" : " AND d.id = @only")} AND {visibility.Condition("datastreams", "d")} ORDER BY d.id LIMIT {SensingQueries.MostDatastreams}
            """,
            new { id, only },
            read.Transaction);
        return [.. rows.Select(row => new DatastreamAbout(
            row.Id, row.Name, row.Description, row.Measure, row.Unit, row.Property, row.PropertyEnglish, row.Definition, new SensorAbout(row.SensorId, row.SensorName, row.SensorDescription, Plain(row.Metadata)),
            Cadence(row.Cadence), Time(row.FirstTime), Time(row.LastTime), row.LastNumber, row.LastKind switch { 2 or 4 => row.LastText, 3 => row.Truth == 1 ? "true" : "false", _ => null }))];
    }

    private static DateTimeOffset? Time(long? micros) => micros is { } known ? IsoTime.FromMicros(known) : null;

    private static Dictionary<string, JsonElement> Properties(string? json)
    {
        using var document = JsonDocument.Parse(json ?? "{}");
        return document.RootElement.ValueKind != JsonValueKind.Object ? [] : document.RootElement.EnumerateObject().DistinctBy(property => property.Name).ToDictionary(property => property.Name, property => property.Value.Clone());
    }

    /// <summary>Metadata is kept as JSON; a text is shown without its quotes.</summary>
    private static string Plain(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.String ? document.RootElement.GetString()! : document.RootElement.GetRawText();
    }

    private string Field(string column, string name) => engine == Engine.Sqlite ? $"json_extract({column}, '$.{name}')" : $"{column} ->> '{name}'";

    private sealed record Row
    {
        public long Id { get; init; }

        public string Name { get; init; } = "";

        public string Description { get; init; } = "";

        public string Measure { get; init; } = "";

        public string Unit { get; init; } = "";

        public string Property { get; init; } = "";

        public string? PropertyEnglish { get; init; }

        public string Definition { get; init; } = "";

        public long SensorId { get; init; }

        public string SensorName { get; init; } = "";

        public string SensorDescription { get; init; } = "";

        public string Metadata { get; init; } = "";

        public string? Cadence { get; init; }

        public long? FirstTime { get; init; }

        public long? LastTime { get; init; }

        public double? LastNumber { get; init; }

        public long? LastKind { get; init; }

        public double? Truth { get; init; }

        public string? LastText { get; init; }
    }
}
