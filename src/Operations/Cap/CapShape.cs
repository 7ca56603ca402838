using NetTopologySuite.Geometries;
using NetTopologySuite.Simplify;

namespace Madang.Operations.Cap;

/// <summary>Draws a shape with few enough corners for a message that goes to telephones.</summary>
internal static class CapShape
{
    /// <summary>The most outlines of a shape, the largest first, and the most corners of one.</summary>
    public const int MostRings = 8, MostCorners = 100;

    /// <summary>About 11 m; each further try is twice as coarse.</summary>
    private const double Finest = 0.0001;

    /// <summary>About 1 m.</summary>
    private const int Decimals = 5;

    /// <summary>The outer outlines, closed: CAP has no holes.</summary>
    public static IReadOnlyList<Coordinate[]> Rings(Geometry shape) =>
    [
        .. Enumerable.Range(0, shape.NumGeometries).Select(shape.GetGeometryN).OfType<Polygon>().Where(polygon => !polygon.IsEmpty).OrderByDescending(polygon => polygon.Area).Take(MostRings)
            .Select(polygon => Ring(polygon.Factory.CreatePolygon(polygon.Shell.Copy() as LinearRing))).Where(ring => ring.Length >= 4),
    ];

    private static Coordinate[] Ring(Polygon polygon)
    {
        for (var tolerance = Finest; polygon.Shell.NumPoints > MostCorners && tolerance < 1; tolerance *= 2)
        {
            polygon = (Polygon)TopologyPreservingSimplifier.Simplify(polygon, tolerance);
        }

        var corners = new List<Coordinate>();
        foreach (var corner in polygon.Shell.Coordinates)
        {
            var rounded = new Coordinate(Math.Round(corner.X, Decimals), Math.Round(corner.Y, Decimals));
            if (corners.Count == 0 || !corners[^1].Equals2D(rounded))
            {
                corners.Add(rounded);
            }
        }

        if (corners.Count > 0 && !corners[^1].Equals2D(corners[0]))
        {
            corners.Add(corners[0]);
        }

        return [.. corners];
    }
}
