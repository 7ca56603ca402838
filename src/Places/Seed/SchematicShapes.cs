using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Union;

namespace Madang.Places.Seed;

/// <summary>
/// Draws a city of hexagons (each about 0.7 km²) from nothing but centres, areas and the course of the Han: each hexagon
/// goes to the district whose circle of equal area it lies deepest in, never across the river. Honest at first sight: nobody
/// takes it for a survey, and everybody finds their district.
/// </summary>
internal static class SchematicShapes
{
    /// <summary>Centre to corner, in km.</summary>
    private const double Size = 0.52;

    /// <summary>Half the width of the gap left for the river, in km.</summary>
    private const double HalfRiver = 0.45;

    /// <summary>How far from its centre a district may reach, in radii of the circle of its area.</summary>
    private const double Reach = 1.25;

    private const double Longitude0 = 126.99, Latitude0 = 37.555, KmPerLatitude = 110.99;
    private static readonly double KmPerLongitude = 111.32 * Math.Cos(37.55 * Math.PI / 180);

    /// <summary>The course of the Han through Seoul, from west to east, laid by hand along its bends; longitude only grows.</summary>
    private static readonly Coordinate[] Han =
    [
        .. new (double Longitude, double Latitude)[]
        {
            (126.740, 37.618), (126.790, 37.602), (126.825, 37.589), (126.862, 37.571), (126.890, 37.553), (126.905, 37.545), (126.922, 37.540),
            (126.935, 37.531), (126.957, 37.517), (126.980, 37.508), (126.995, 37.514), (127.012, 37.527), (127.035, 37.537), (127.060, 37.527),
            (127.085, 37.522), (127.105, 37.540), (127.125, 37.557), (127.150, 37.570), (127.190, 37.580), (127.240, 37.590),
        }.Select(point => ToKm(point.Longitude, point.Latitude)),
    ];

    private static readonly (int Q, int R)[] Neighbours = [(1, 0), (-1, 0), (0, 1), (0, -1), (1, -1), (-1, 1)];

    /// <summary>One shape for each district, in WGS 84, in the order given.</summary>
    public static Geometry[] Draw((double Longitude, double Latitude, double AreaKm2)[] districts)
    {
        var circles = districts
            .Select(district => (Centre: ToKm(district.Longitude, district.Latitude), Radius: Math.Sqrt(district.AreaKm2 / Math.PI)))
            .ToArray();
        var owners = new Dictionary<(int Q, int R), int>();
        var grid = from q in Enumerable.Range(-50, 101) from r in Enumerable.Range(-30, 61) select (Q: q, R: r);
        foreach (var cell in grid)
        {
            if (FindOwner(CentreOf(cell), circles) is { } owner)
            {
                owners[cell] = owner;
            }
        }

        FillHoles(owners);
        return [.. Enumerable.Range(0, districts.Length).Select(i => Join(owners.Where(cell => cell.Value == i).Select(cell => cell.Key)))];
    }

    private static int? FindOwner(Coordinate at, (Coordinate Centre, double Radius)[] circles)
    {
        if (Math.Abs(at.X) > 25 || Math.Abs(at.Y) > 20 || DistanceToRiver(at) < HalfRiver)
        {
            return null;
        }

        var north = at.Y > RiverAt(at.X);
        var owner = Enumerable.Range(0, circles.Length)
            .Where(i => circles[i].Centre.Y > RiverAt(circles[i].Centre.X) == north)
            .MinBy(i => Math.Pow(at.Distance(circles[i].Centre), 2) - Math.Pow(circles[i].Radius, 2));
        return at.Distance(circles[owner].Centre) < Reach * circles[owner].Radius ? owner : null;
    }

    /// <summary>A gap inside the city that at least four cells look into belongs to the one most of them belong to.</summary>
    private static void FillHoles(Dictionary<(int Q, int R), int> owners)
    {
        var edge = owners.Keys.SelectMany(Around).Distinct().Where(cell => !owners.ContainsKey(cell)).Order().ToList();
        foreach (var cell in edge.Where(cell => DistanceToRiver(CentreOf(cell)) >= HalfRiver))
        {
            var around = Around(cell).Where(owners.ContainsKey).Select(neighbour => owners[neighbour]).ToList();
            if (around.Count >= 4)
            {
                owners[cell] = around.CountBy(owner => owner).OrderByDescending(count => count.Value).ThenBy(count => count.Key).First().Key;
            }
        }
    }

    /// <summary>Corners are whole numbers until the hexagons are joined, so that neighbours share them exactly.</summary>
    private static Geometry Join(IEnumerable<(int Q, int R)> cells)
    {
        var factory = new GeometryFactory(new PrecisionModel(), 4326);
        var joined = UnaryUnionOp.Union(cells.Select(cell =>
        {
            var (x, y) = ((2 * cell.Q) + cell.R, -3 * cell.R);
            return (Geometry)factory.CreatePolygon([new(x, y + 2), new(x + 1, y + 1), new(x + 1, y - 1), new(x, y - 2), new(x - 1, y - 1), new(x - 1, y + 1), new(x, y + 2)]);
        }).ToList());
        foreach (var corner in joined.Coordinates.Distinct(ReferenceEqualityComparer.Instance).Cast<Coordinate>())
        {
            corner.X = Math.Round(Longitude0 + (corner.X * Size * Math.Sqrt(3) / 2 / KmPerLongitude), 5);
            corner.Y = Math.Round(Latitude0 + (corner.Y * Size / 2 / KmPerLatitude), 5);
        }

        joined.GeometryChanged();
        return joined;
    }

    private static IEnumerable<(int Q, int R)> Around((int Q, int R) cell) => Neighbours.Select(step => (cell.Q + step.Q, cell.R + step.R));

    private static Coordinate CentreOf((int Q, int R) cell) => new(Size * Math.Sqrt(3) * (cell.Q + (cell.R / 2.0)), -Size * 1.5 * cell.R);

    private static Coordinate ToKm(double longitude, double latitude) => new((longitude - Longitude0) * KmPerLongitude, (latitude - Latitude0) * KmPerLatitude);

    private static double DistanceToRiver(Coordinate at) =>
        Enumerable.Range(1, Han.Length - 1).Min(i => NetTopologySuite.Algorithm.DistanceComputer.PointToSegment(at, Han[i - 1], Han[i]));

    private static double RiverAt(double x)
    {
        var i = Math.Clamp(Array.FindIndex(Han, bend => bend.X >= x), 1, Han.Length - 1);
        var (a, b) = (Han[i - 1], Han[i]);
        return a.Y + ((b.Y - a.Y) * (x - a.X) / (b.X - a.X));
    }
}
