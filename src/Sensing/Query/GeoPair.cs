using System.Globalization;
using Madang.Kernel;
using Madang.Storage;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;

namespace Madang.Sensing.Query;

/// <summary>
/// The shapes of two properties in one function. The pairs that the relations of the filter join are read first, tested exactly
/// in memory, and the statement gets those that passed, as <see cref="GeoTerm"/> does with a constant.
/// </summary>
internal sealed record GeoPair(GeoTerm Left, GeoTerm Right)
{
    /// <summary>The most pairs that one function of a filter may test, and the most whose distance may stand in a statement as a number.</summary>
    private const int MostPairs = 250_000, MostNumbers = 2_000;

    private static readonly GeometryFactory Factory = new(new PrecisionModel(), 4326);

    /// <summary>The condition that one of the two has no shape.</summary>
    public string IsUnknown => $"({Left.IsUnknown} OR {Right.IsUnknown})";

    private string Key => $"({Left.Alias}.id || ':' || {Right.Alias}.id)";

    /// <summary>The condition that the two pass <paramref name="test"/>; <paramref name="meeting"/> when only those can that have a point in common.</summary>
    public string Among(SqlText sql, Call about, bool meeting, Func<Geometry, Geometry, bool> test) => sql.Engine.IsAmong(Key, sql.Later(about, async read =>
    {
        var found = new List<string>();
        await foreach (var (key, left, right) in Read(read, sql.Engine, meeting, MostPairs))
        {
            if (test(left, right))
            {
                found.Add(key);
            }
        }

        return sql.Engine == Engine.Sqlite ? $"[{string.Join(',', found.Select(key => $"\"{key}\""))}]" : found.ToArray();
    }));

    /// <summary>A number for each pair; only where these are few.</summary>
    public string NumberOf(SqlText sql, Call about, Func<Geometry, Geometry, double> number)
    {
        var map = sql.Later(about, async read =>
        {
            var numbers = new List<string>();
            await foreach (var (key, left, right) in Read(read, sql.Engine, false, MostNumbers))
            {
                numbers.Add(string.Create(CultureInfo.InvariantCulture, $"\"{key}\":{number(left, right):R}"));
            }

            return $"{{{string.Join(',', numbers)}}}";
        });
        return sql.Engine == Engine.Sqlite ? $"json_extract({map}, '$.\"' || {Key} || '\"')" : $"CAST(CAST({map} AS jsonb) ->> {Key} AS double precision)";
    }

    private async IAsyncEnumerable<(string Key, Geometry Left, Geometry Right)> Read(ReadScope read, Engine engine, bool meeting, int most)
    {
        var (from, one, other) = (Left.Joined!(), Side(Left, "g0"), Side(Right, "g1"));
        var met = meeting ? $" AND {one.Box}.min_lon <= {other.Box}.max_lon AND {one.Box}.max_lon >= {other.Box}.min_lon AND {one.Box}.min_lat <= {other.Box}.max_lat AND {one.Box}.max_lat >= {other.Box}.min_lat" : "";
        var sql = new SqlText(engine);
        await using var command = await sql.Command(
            read,
            $"""
            SELECT DISTINCT {Left.Alias}.id, {Right.Alias}.id, {Columns(one.Box)}, {one.Shape}, {Columns(other.Box)}, {other.Shape} FROM {one.Table}{other.Table}{from.Tables}
            WHERE {from.Joins}{one.Join}{other.Join} AND {one.Box}.min_lon IS NOT NULL AND {other.Box}.min_lon IS NOT NULL{met} LIMIT {most + 1}
            """);
        await using var reader = await command.ExecuteReaderAsync(read.Cancel);
        var wkb = new WKBReader();
        for (var count = 0; await reader.ReadAsync(read.Cancel); count++)
        {
            if (count == most)
            {
                throw new InvalidInputException("$filter", string.Create(CultureInfo.InvariantCulture, $"would compare more than {most:N0} pairs of shapes; ask of fewer entities, or write one side as geography'…'"));
            }

            Geometry Shape(int column) => reader.IsDBNull(column + 4)
                ? Factory.ToGeometry(new Envelope(reader.GetDouble(column), reader.GetDouble(column + 2), reader.GetDouble(column + 1), reader.GetDouble(column + 3)))
                : wkb.Read((byte[])reader.GetValue(column + 4));
            yield return (string.Create(CultureInfo.InvariantCulture, $"{reader.GetInt64(0)}:{reader.GetInt64(1)}"), Shape(2), Shape(7));
        }
    }

    private static string Columns(string box) => $"{box}.min_lon, {box}.min_lat, {box}.max_lon, {box}.max_lat";

    /// <summary>Where the box and the shape of a side stand; the area of a Datastream is the box around its features. A point is made from its box.</summary>
    private static (string Table, string Join, string Box, string Shape) Side(GeoTerm side, string name) => side.Table is null
        ? ($"(SELECT df.datastream_id AS id, min(f.min_lon) AS min_lon, min(f.min_lat) AS min_lat, max(f.max_lon) AS max_lon, max(f.max_lat) AS max_lat FROM datastream_features df JOIN features f ON f.id = df.feature_id GROUP BY df.datastream_id) {name}, ",
            $" AND {name}.id = {side.Alias}.id", name, "NULL")
        : ("", "", side.Alias, $"CASE WHEN {side.Alias}.min_lon = {side.Alias}.max_lon AND {side.Alias}.min_lat = {side.Alias}.max_lat THEN NULL ELSE {side.Alias}.shape END");
}
