using System.Globalization;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Distance;

namespace Madang.Sensing.Query;

/// <summary>
/// Distances in metres on the ellipsoid of WGS 84, by the great circle with Andoyer's first-order correction for the
/// flattening (J. Meeus, Astronomical Algorithms, chapter 11): within 0.01 % of the geodesic, but for nearly opposite points.
/// The same formula stands in C# and in SQL, so that a filter and an order agree.
/// </summary>
internal static class Geodesy
{
    /// <summary>WGS 84 (NIMA TR8350.2): the equator's radius in metres and the flattening.</summary>
    private const double Radius = 6_378_137.0, Flattening = 1 / 298.257223563;

    /// <summary>A degree of latitude is at least this many metres long; one of longitude at most <see cref="LongestDegree"/> at the equator.</summary>
    private const double ShortestDegree = 110_574, LongestDegree = 111_320;

    /// <summary>Below this the points are one place, or opposite: less than 0.1 mm.</summary>
    private const double Tiny = 1e-23;

    public static double Distance(Coordinate one, Coordinate other)
    {
        var (ff, gg, ll) = (Square(one.Y + other.Y), Square(one.Y - other.Y), Square(one.X - other.X));
        var s = (gg * (1 - ll)) + ((1 - ff) * ll);
        var c = ((1 - gg) * (1 - ll)) + (ff * ll);
        if (s < Tiny || c < Tiny)
        {
            return s < Tiny ? 0 : Math.PI * Radius;
        }

        var w = Math.Atan2(Math.Sqrt(s), Math.Sqrt(c));
        var r = Math.Sqrt(s * c) / w;
        return 2 * Radius * w * (1 + (Flattening * ((((3 * r) - 1) / (2 * c) * ff * (1 - gg)) - (((3 * r) + 1) / (2 * s) * (1 - ff) * gg))));

        static double Square(double degrees) => Math.Pow(Math.Sin(double.DegreesToRadians(degrees) / 2), 2);
    }

    /// <summary>
    /// The distance between the nearest points of two shapes. Which points these are is found on a plane whose longitudes are
    /// shortened for the latitude between the two: right within a country, an approximation across continents.
    /// </summary>
    public static double Distance(Geometry one, Geometry other)
    {
        if (one is Point && other is Point)
        {
            return Distance(one.Coordinate, other.Coordinate);
        }

        var (a, b) = (one.EnvelopeInternal, other.EnvelopeInternal);
        var shorter = Math.Max(0.01, Math.Cos(double.DegreesToRadians((Math.Max(a.MinY, b.MinY) + Math.Min(a.MaxY, b.MaxY)) / 2)));
        var nearest = DistanceOp.NearestPoints(Narrowed(one, shorter), Narrowed(other, shorter));
        return nearest[0].Equals2D(nearest[1]) ? 0 : Distance(new Coordinate(nearest[0].X / shorter, nearest[0].Y), new Coordinate(nearest[1].X / shorter, nearest[1].Y));
    }

    /// <summary>The length of all lines of a shape; points and areas have none.</summary>
    public static double Length(Geometry shape) => shape switch
    {
        LineString line => line.Coordinates.Zip(line.Coordinates.Skip(1), Distance).Sum(),
        GeometryCollection many => many.Geometries.Sum(Length),
        _ => 0,
    };

    /// <summary>A box that holds everything within <paramref name="metres"/> of another box.</summary>
    public static Envelope Around(Envelope box, double metres)
    {
        var up = metres / ShortestDegree;
        var (south, north) = (Math.Max(-90, box.MinY - up), Math.Min(90, box.MaxY + up));
        var shrink = Math.Cos(double.DegreesToRadians(Math.Max(Math.Abs(south), Math.Abs(north))));
        var aside = shrink < 0.001 ? 360 : metres / (LongestDegree * shrink) * 1.01;

        // What reaches over the 180th meridian is looked for all around the world.
        return box.MinX - aside < -180 || box.MaxX + aside > 180 ? new Envelope(-180, 180, south, north) : new Envelope(box.MinX - aside, box.MaxX + aside, south, north);
    }

    /// <summary><see cref="Distance(Coordinate, Coordinate)"/> in SQL, from a constant point to columns of longitude and latitude.</summary>
    public static string InSql(Coordinate from, string longitude, string latitude)
    {
        static string Real(double number) => $"CAST({number.ToString("R", CultureInfo.InvariantCulture)} AS DOUBLE PRECISION)";
        string Square(string degrees) => $"power(sin(radians({degrees}) / 2), 2)";
        var (a, f, tiny) = (Real(Radius), Real(Flattening), Real(Tiny));
        return $"""
            (SELECT CASE WHEN q.s < {tiny} THEN 0.0 WHEN q.c < {tiny} THEN {Real(Math.PI * Radius)} ELSE 2 * {a} * q.w * (1 + {f} * ((3 * q.r - 1) / (2 * q.c) * q.ff * (1 - q.gg) - (3 * q.r + 1) / (2 * q.s) * (1 - q.ff) * q.gg)) END
            FROM (SELECT p.ff, p.gg, p.s, p.c, p.w, sqrt(p.s * p.c) / nullif(p.w, 0) AS r FROM (SELECT z.ff, z.gg, z.s, z.c, atan2(sqrt(z.s), sqrt(z.c)) AS w
            FROM (SELECT y.ff, y.gg, y.gg * (1 - y.ll) + (1 - y.ff) * y.ll AS s, (1 - y.gg) * (1 - y.ll) + y.ff * y.ll AS c
            FROM (SELECT {Square($"{latitude} + {Real(from.Y)}")} AS ff, {Square($"{latitude} - {Real(from.Y)}")} AS gg, {Square($"{longitude} - {Real(from.X)}")} AS ll) y) z) p) q)
            """;
    }

    private static Geometry Narrowed(Geometry shape, double factor)
    {
        var copy = shape.Copy();
        copy.Apply(new NetTopologySuite.Geometries.Utilities.AffineTransformation().Scale(factor, 1));
        return copy;
    }
}
