using System.Text.Json;
using NetTopologySuite;
using NetTopologySuite.Geometries;

namespace Madang.Kernel;

/// <summary>
/// GeoJSON geometries (RFC 7946) in and out. Coordinates are WGS 84 longitude and latitude in degrees, an optional third
/// is height in metres. A Feature is read as its geometry.
/// </summary>
public static class GeoJson
{
    /// <summary>The most positions one geometry may have; Seoul's most detailed district has under 10,000.</summary>
    public const int MaxPositions = 200_000;

    private static readonly GeometryFactory Factory = NtsGeometryServices.Instance.CreateGeometryFactory(4326);

    /// <summary>Reads a geometry or throws <see cref="InvalidInputException"/> naming <paramref name="field"/> and the position within it.</summary>
    public static Geometry Read(JsonElement json, string field)
    {
        var budget = MaxPositions;
        return Read(json, field, ref budget, depth: 0);
    }

    private static Geometry Read(JsonElement json, string field, ref int budget, int depth)
    {
        if (depth > 4)
        {
            throw new InvalidInputException(field, "geometry collections are nested too deep");
        }

        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String)
        {
            throw new InvalidInputException(field, "a GeoJSON geometry is an object with a 'type'");
        }

        switch (type.GetString())
        {
            case "Feature":
                return Read(Member(json, "geometry", field), field + ".geometry", ref budget, depth + 1);
            case "GeometryCollection":
                var parts = new List<Geometry>();
                foreach (var part in Array(Member(json, "geometries", field), field + ".geometries"))
                {
                    parts.Add(Read(part, $"{field}.geometries[{parts.Count}]", ref budget, depth + 1));
                }

                return Factory.CreateGeometryCollection([.. parts]);
        }

        var at = field + ".coordinates";
        var coordinates = Member(json, "coordinates", field);
        return type.GetString() switch
        {
            "Point" => Factory.CreatePoint(Position(coordinates, at, ref budget)),
            "MultiPoint" => Factory.CreateMultiPointFromCoords(Positions(coordinates, at, 1, ref budget)),
            "LineString" => Factory.CreateLineString(Positions(coordinates, at, 2, ref budget)),
            "MultiLineString" => Factory.CreateMultiLineString([.. Lines(coordinates, at, ref budget)]),
            "Polygon" => Polygon(coordinates, at, ref budget),
            "MultiPolygon" => Factory.CreateMultiPolygon([.. Polygons(coordinates, at, ref budget)]),
            var other => throw new InvalidInputException(field + ".type", $"'{other}' is not a GeoJSON geometry type"),
        };
    }

    /// <summary>Writes a geometry with at most seven decimals (a centimetre).</summary>
    public static void Write(Utf8JsonWriter json, Geometry geometry)
    {
        json.WriteStartObject();
        json.WriteString("type", geometry.GeometryType);
        if (geometry is GeometryCollection many and not (MultiPoint or MultiLineString or MultiPolygon))
        {
            json.WriteStartArray("geometries");
            foreach (var part in many.Geometries)
            {
                Write(json, part);
            }

            json.WriteEndArray();
        }
        else
        {
            json.WritePropertyName("coordinates");
            WriteCoordinates(json, geometry);
        }

        json.WriteEndObject();
    }

    private static void WriteCoordinates(Utf8JsonWriter json, Geometry geometry)
    {
        switch (geometry)
        {
            case Point point:
                WritePosition(json, point.Coordinate);
                break;
            case LineString line:
                json.WriteStartArray();
                foreach (var position in line.Coordinates)
                {
                    WritePosition(json, position);
                }

                json.WriteEndArray();
                break;
            case Polygon polygon:
                json.WriteStartArray();
                WriteCoordinates(json, polygon.ExteriorRing);
                foreach (var hole in polygon.InteriorRings)
                {
                    WriteCoordinates(json, hole);
                }

                json.WriteEndArray();
                break;
            case GeometryCollection many:
                json.WriteStartArray();
                foreach (var part in many.Geometries)
                {
                    WriteCoordinates(json, part);
                }

                json.WriteEndArray();
                break;
        }
    }

    private static void WritePosition(Utf8JsonWriter json, Coordinate position)
    {
        json.WriteStartArray();
        json.WriteNumberValue(Math.Round(position.X, 7));
        json.WriteNumberValue(Math.Round(position.Y, 7));
        if (!double.IsNaN(position.Z))
        {
            json.WriteNumberValue(Math.Round(position.Z, 3));
        }

        json.WriteEndArray();
    }

    private static List<LineString> Lines(JsonElement json, string field, ref int budget)
    {
        var lines = new List<LineString>();
        foreach (var line in Array(json, field))
        {
            lines.Add(Factory.CreateLineString(Positions(line, $"{field}[{lines.Count}]", 2, ref budget)));
        }

        return lines;
    }

    private static List<Polygon> Polygons(JsonElement json, string field, ref int budget)
    {
        var polygons = new List<Polygon>();
        foreach (var polygon in Array(json, field))
        {
            polygons.Add(Polygon(polygon, $"{field}[{polygons.Count}]", ref budget));
        }

        return polygons;
    }

    private static Polygon Polygon(JsonElement json, string field, ref int budget)
    {
        var rings = new List<LinearRing>();
        foreach (var ring in Array(json, field))
        {
            var at = $"{field}[{rings.Count}]";
            var positions = Positions(ring, at, 4, ref budget);
            if (!positions[0].Equals2D(positions[^1]))
            {
                throw new InvalidInputException(at, "a ring must end where it starts");
            }

            rings.Add(Factory.CreateLinearRing(positions));
        }

        return rings.Count == 0
            ? throw new InvalidInputException(field, "a polygon has at least one ring")
            : Factory.CreatePolygon(rings[0], [.. rings.Skip(1)]);
    }

    private static Coordinate[] Positions(JsonElement json, string field, int atLeast, ref int budget)
    {
        var positions = new List<Coordinate>();
        foreach (var position in Array(json, field))
        {
            positions.Add(Position(position, $"{field}[{positions.Count}]", ref budget));
        }

        return positions.Count >= atLeast
            ? [.. positions]
            : throw new InvalidInputException(field, $"needs at least {atLeast} positions");
    }

    private static Coordinate Position(JsonElement json, string field, ref int budget)
    {
        if (--budget < 0)
        {
            throw new InvalidInputException(field, $"a geometry may have at most {MaxPositions} positions", 413);
        }

        Span<double> numbers = [0, 0, double.NaN];
        var count = 0;
        foreach (var number in Array(json, field))
        {
            if (number.ValueKind != JsonValueKind.Number || !number.TryGetDouble(out var value) || !double.IsFinite(value))
            {
                throw new InvalidInputException($"{field}[{count}]", "must be a number");
            }

            if (count < 3)
            {
                numbers[count] = value;
            }

            count++;
        }

        if (count is < 2 or > 4)
        {
            throw new InvalidInputException(field, "a position is [longitude, latitude] or [longitude, latitude, height]");
        }

        if (Math.Abs(numbers[0]) > 180 || Math.Abs(numbers[1]) > 90)
        {
            throw new InvalidInputException(field, "longitude must lie in -180..180 and latitude in -90..90 (longitude comes first)");
        }

        return double.IsNaN(numbers[2]) ? new Coordinate(numbers[0], numbers[1]) : new CoordinateZ(numbers[0], numbers[1], numbers[2]);
    }

    private static JsonElement Member(JsonElement json, string name, string field) =>
        json.TryGetProperty(name, out var member) ? member : throw new InvalidInputException(field, $"has no '{name}'");

    private static JsonElement.ArrayEnumerator Array(JsonElement json, string field) =>
        json.ValueKind == JsonValueKind.Array ? json.EnumerateArray() : throw new InvalidInputException(field, "must be an array");
}
