using System.Globalization;
using Madang.Kernel;
using Madang.Sensing.Model;
using Madang.Storage;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;

namespace Madang.Sensing.Query;

/// <summary>
/// A shape in a filter: a constant, or the shape of each row of a table. Neither engine knows geometry by itself, so the shapes
/// whose box could fit are read first, tested exactly in memory, and the statement gets the ids that passed. That stays right
/// within any expression, with pages and counts, because both happen in one snapshot.
/// </summary>
internal sealed record GeoTerm
{
    /// <summary>The most shapes that one function of a filter may test.</summary>
    private const int MostShapes = 250_000;

    /// <summary>The most lines and areas whose distance or length may stand in a statement as a number.</summary>
    private const int MostNumbers = 2_000;

    private static readonly GeometryFactory Factory = new(new PrecisionModel(), 4326);

    public Geometry? Constant { get; init; }

    /// <summary>The rows' table (<c>locations</c>, <c>features</c>), or null for the areas of Datastreams.</summary>
    public string? Table { get; init; }

    public string Alias { get; init; } = "";

    /// <summary>The tables that the filter joins to get here, and how; known when the whole comparison has been read.</summary>
    public Func<(string Tables, string Joins)>? Joined { get; init; }

    /// <summary>The condition that a row has no shape.</summary>
    public string IsUnknown => Table is null
        ? $"NOT EXISTS (SELECT 1 FROM datastream_features df JOIN features f ON f.id = df.feature_id WHERE df.datastream_id = {Alias}.id AND f.min_lon IS NOT NULL)"
        : $"{Alias}.min_lon IS NULL";

    /// <summary>The condition that a row is a single point.</summary>
    public string IsPoint => Table is null ? "1 = 0" : $"{Alias}.min_lon = {Alias}.max_lon AND {Alias}.min_lat = {Alias}.max_lat";

    public static GeoTerm Of(Property property, string alias) => property.Kind == PropertyKind.Area
        ? new GeoTerm { Alias = alias }
        : new GeoTerm { Table = property.Column == "location" ? "locations" : "features", Alias = alias };

    /// <summary>The condition that the row's shape touches <paramref name="box"/> and passes <paramref name="test"/>.</summary>
    public string Among(SqlText sql, Call about, Envelope? box, Predicate<Geometry> test) => sql.Engine.IsAmong($"{Alias}.id", sql.Later(about, async read =>
    {
        var found = new List<long>();
        await foreach (var (id, shape) in Near(read, sql.Engine, box, MostShapes, points: true))
        {
            if (test(shape))
            {
                found.Add(id);
            }
        }

        return sql.Engine.Ids(found);
    }));

    /// <summary>A number for each row whose shape is no single point, or for each row; only where these are few.</summary>
    public string NumberOf(SqlText sql, Call about, Func<Geometry, double> number, bool points = false)
    {
        var map = sql.Later(about, async read =>
        {
            var numbers = new List<string>();
            await foreach (var (id, shape) in Near(read, sql.Engine, null, MostNumbers, points))
            {
                numbers.Add(string.Create(CultureInfo.InvariantCulture, $"\"{id}\":{number(shape):R}"));
            }

            return $"{{{string.Join(',', numbers)}}}";
        });
        return sql.Engine == Engine.Sqlite
            ? $"json_extract({map}, '$.\"' || {Alias}.id || '\"')"
            : $"CAST(CAST({map} AS jsonb) ->> CAST({Alias}.id AS text) AS double precision)";
    }

    /// <summary>Reads shapes whose box touches another; a single point is made from its box, without its bytes.</summary>
    private async IAsyncEnumerable<(long Id, Geometry Shape)> Near(ReadScope read, Engine engine, Envelope? box, int most, bool points)
    {
        var sql = new SqlText(engine);
        var world = box ?? new Envelope(-180, 180, -90, 90);
        var (west, south, east, north) = (sql.Add(world.MinX), sql.Add(world.MinY), sql.Add(world.MaxX), sql.Add(world.MaxY));
        var text = Table is null
            ? $"""
              SELECT df.datastream_id, min(f.min_lon), min(f.min_lat), max(f.max_lon), max(f.max_lat), NULL FROM datastream_features df JOIN features f ON f.id = df.feature_id
              GROUP BY df.datastream_id HAVING min(f.min_lon) <= {east} AND max(f.max_lon) >= {west} AND min(f.min_lat) <= {north} AND max(f.max_lat) >= {south}
              """
            : $"""
              SELECT g.id, g.min_lon, g.min_lat, g.max_lon, g.max_lat, CASE WHEN g.min_lon = g.max_lon AND g.min_lat = g.max_lat THEN NULL ELSE g.shape END FROM {Table} g
              WHERE g.min_lon <= {east} AND g.max_lon >= {west} AND g.min_lat <= {north} AND g.max_lat >= {south}{(points ? "" : " AND NOT (g.min_lon = g.max_lon AND g.min_lat = g.max_lat)")}
              """;
        await using var command = await sql.Command(read, $"{text} LIMIT {most + 1}");
        await using var reader = await command.ExecuteReaderAsync(read.Cancel);
        var wkb = new WKBReader();
        for (var count = 0; await reader.ReadAsync(read.Cancel); count++)
        {
            if (count == most)
            {
                throw new InvalidInputException("$filter", most == MostShapes
                    ? "would test more than 250,000 shapes; ask for a smaller area"
                    : "needs the distance or length of more than 2,000 lines or areas; write geo.distance(…) lt metres, with a constant");
            }

            var around = new Envelope(reader.GetDouble(1), reader.GetDouble(3), reader.GetDouble(2), reader.GetDouble(4));
            yield return (reader.GetInt64(0), reader.IsDBNull(5) ? Factory.ToGeometry(around) : wkb.Read((byte[])reader.GetValue(5)));
        }
    }
}
