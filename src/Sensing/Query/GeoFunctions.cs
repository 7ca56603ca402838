using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Prepared;
using NetTopologySuite.Geometries.Utilities;

namespace Madang.Sensing.Query;

/// <summary>
/// <c>geo.distance geo.length geo.intersects</c> and the <c>st_</c> relations (OGC 18-088, table 22), between the shapes of rows
/// and a constant, or between two shapes that rows are joined to. Distances and lengths are metres; the relations are those of the plane of longitude and latitude.
/// </summary>
internal static class GeoFunctions
{
    private static readonly string[] Relations =
        ["geo.intersects", "st_equals", "st_disjoint", "st_touches", "st_within", "st_overlaps", "st_crosses", "st_intersects", "st_contains", "st_relate"];

    public static Term? Find(SqlText sql, Arguments arguments) => arguments.Call.Function switch
    {
        "geo.distance" => Distance(sql, arguments),
        "geo.length" => Length(sql, arguments),
        var name when Relations.Contains(name) => new Term { Condition = Relation(sql, arguments, name == "st_relate" ? Pattern(arguments) : null) },
        _ => null,
    };

    /// <summary><c>geo.distance(a, b) lt 500</c>: only what lies near enough is read, and measured exactly. Null when it is another kind of comparison.</summary>
    public static string? WithinDistance(SqlText sql, string comparison, Arguments arguments, double metres)
    {
        var (rows, constant) = Pair(arguments) is null ? Sides(arguments) : default;
        if (rows is null || metres < 0 || comparison is "eq" or "ne")
        {
            return null;
        }

        var near = rows.Among(sql, arguments.Call, Geodesy.Around(constant.EnvelopeInternal, metres), shape =>
        {
            var distance = Geodesy.Distance(shape, constant);
            return comparison is "lt" or "ge" ? distance < metres : distance <= metres;
        });
        return comparison is "lt" or "le" ? near : $"(NOT ({rows.IsUnknown}) AND NOT ({near}))";
    }

    private static Term Distance(SqlText sql, Arguments arguments)
    {
        if (Pair(arguments) is { } pair)
        {
            return new Term { Number = pair.NumberOf(sql, arguments.Call, Geodesy.Distance) };
        }

        var (rows, constant) = Sides(arguments);
        if (rows is null)
        {
            return Columns.Constant(sql, Geodesy.Distance(arguments.Geo(0).Constant!, constant));
        }

        double Metres(Geometry shape) => Geodesy.Distance(shape, constant);
        return new Term
        {
            Number = constant is Point && rows.Table is not null
                ? $"CASE WHEN {rows.IsPoint} THEN {Geodesy.InSql(constant.Coordinate, rows.Alias + ".min_lon", rows.Alias + ".min_lat")} ELSE {rows.NumberOf(sql, arguments.Call, Metres)} END"
                : rows.NumberOf(sql, arguments.Call, Metres, points: true),
        };
    }

    private static Term Length(SqlText sql, Arguments arguments) => arguments.Geo(0) is var shape && shape.Constant is { } constant
        ? Columns.Constant(sql, Geodesy.Length(constant))
        : new Term { Number = $"CASE WHEN {shape.IsPoint} THEN 0.0 ELSE {shape.NumberOf(sql, arguments.Call, Geodesy.Length)} END" };

    private static string Relation(SqlText sql, Arguments arguments, string? pattern)
    {
        var name = arguments.Call.Function;
        if (Pair(arguments) is { } pair)
        {
            return name == "st_disjoint"
                ? $"(NOT {pair.IsUnknown} AND NOT ({pair.Among(sql, arguments.Call, true, PairTest("st_intersects", null))}))"
                : pair.Among(sql, arguments.Call, NeedsMeeting(pattern), PairTest(name, pattern));
        }

        var (rows, constant) = Sides(arguments);
        var rowsFirst = arguments.Geo(0).Constant is null;
        if (rows is null)
        {
            return Test(name, pattern, constant, rowsFirst: true)(arguments.Geo(0).Constant!) ? "1 = 1" : "1 = 0";
        }

        if (name == "st_disjoint")
        {
            return $"(NOT ({rows.IsUnknown}) AND NOT ({rows.Among(sql, arguments.Call, constant.EnvelopeInternal, Test("st_intersects", null, constant, rowsFirst))}))";
        }

        return rows.Among(sql, arguments.Call, NeedsMeeting(pattern) ? constant.EnvelopeInternal : null, Test(name, pattern, constant, rowsFirst));
    }

    /// <summary>Only a relation that needs a common point may leave out what lies outside the other's box.</summary>
    private static bool NeedsMeeting(string? pattern) => pattern is null || $"{pattern[..2]}{pattern[3..5]}".IndexOfAny(['T', '0', '1', '2']) >= 0;

    /// <summary>Two properties of rows; null when one side is a constant.</summary>
    private static GeoPair? Pair(Arguments arguments) => arguments.Geo(0) is { Constant: null } left && arguments.Geo(1) is { Constant: null } right ? new GeoPair(left, right) : null;

    private static Func<Geometry, Geometry, bool> PairTest(string name, string? pattern)
    {
        Func<Geometry, Geometry, bool> test = name switch
        {
            "st_equals" => (left, right) => left.EqualsTopologically(right),
            "st_touches" => (left, right) => left.Touches(right),
            "st_overlaps" => (left, right) => left.Overlaps(right),
            "st_crosses" => (left, right) => left.Crosses(right),
            "st_within" => (left, right) => left.Within(right),
            "st_contains" => (left, right) => left.Contains(right),
            "st_relate" => (left, right) => left.Relate(right, pattern),
            _ => (left, right) => left.Intersects(right),
        };
        var takesMixed = name is "geo.intersects" or "st_intersects";
        return (left, right) => (takesMixed || (!IsMixed(left) && !IsMixed(right))) && Sound(shape => Sound(other => test(shape, other), right), left);
    }

    private static Predicate<Geometry> Test(string name, string? pattern, Geometry constant, bool rowsFirst)
    {
        var prepared = PreparedGeometryFactory.Prepare(constant);
        Predicate<Geometry> test = name switch
        {
            "st_equals" => shape => shape.EqualsTopologically(constant),
            "st_touches" => prepared.Touches,
            "st_overlaps" => prepared.Overlaps,
            "st_crosses" => prepared.Crosses,
            "st_disjoint" => prepared.Disjoint,
            "st_within" => rowsFirst ? prepared.Contains : prepared.Within,
            "st_contains" => rowsFirst ? prepared.Within : prepared.Contains,
            "st_relate" => shape => rowsFirst ? shape.Relate(constant, pattern) : constant.Relate(shape, pattern),
            _ => prepared.Intersects,
        };
        return shape => IsMixed(shape) && name is not ("geo.intersects" or "st_intersects" or "st_disjoint") ? false : Sound(test, shape);
    }

    /// <summary>A stored shape may cross itself; it is tested as the sound shape nearest to it.</summary>
    private static bool Sound(Predicate<Geometry> test, Geometry shape)
    {
        try
        {
            return test(shape);
        }
        catch (TopologyException)
        {
            return test(GeometryFixer.Fix(shape));
        }
    }

    /// <summary>A collection of several kinds has no inside of one dimension, so only "intersects" and "disjoint" are said of it.</summary>
    private static bool IsMixed(Geometry shape) => shape.OgcGeometryType == OgcGeometryType.GeometryCollection;

    private static (GeoTerm? Rows, Geometry Constant) Sides(Arguments arguments)
    {
        var (left, right) = (arguments.Geo(0), arguments.Geo(1));
        foreach (var (index, constant) in new[] { (0, left.Constant), (1, right.Constant) })
        {
            if (constant is not null && IsMixed(constant))
            {
                throw arguments.Wrong(index, "a POINT, LINESTRING, POLYGON or one of their MULTI forms, not a GEOMETRYCOLLECTION");
            }
        }

        return (left.Constant, right.Constant) switch
        {
            ({ }, { } constant) => (null, constant),
            (null, { } constant) => (left, constant),
            ({ } constant, null) => (right, constant),
            _ => throw new InvalidOperationException("Two properties are a pair."),
        };
    }

    private static string Pattern(Arguments arguments)
    {
        var pattern = arguments.Said(2, "a pattern").ToUpperInvariant();
        return pattern.Length == 9 && pattern.All("TF*012".Contains) ? pattern : throw arguments.Wrong(2, "a DE-9IM pattern of nine signs T F * 0 1 2, such as 'T*F**F***'");
    }
}
