using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Madang.Places;
using NetTopologySuite.Geometries;

namespace Madang.Web.Draw;

/// <summary>Fits the districts into a drawing 1,000 units wide; plane enough for one city.</summary>
internal sealed class MapFrame
{
    public const double Width = 1000;
    private const double Margin = 12;

    /// <summary>The districts are the same for every page, until they change.</summary>
    private static readonly ConditionalWeakTable<IReadOnlyList<Place>, MapFrame> Known = [];

    private readonly double west, north, acrossLongitude, acrossLatitude;
    private readonly ConcurrentDictionary<Geometry, string> paths = new(ReferenceEqualityComparer.Instance);

    private MapFrame(IReadOnlyList<Place> places)
    {
        var box = new Envelope();
        foreach (var place in places)
        {
            box.ExpandToInclude(place.Shape.EnvelopeInternal);
        }

        (west, north) = (box.MinX, box.MaxY);
        var squeeze = Math.Cos(box.Centre.Y * Math.PI / 180);
        acrossLongitude = (Width - (2 * Margin)) / box.Width;
        acrossLatitude = acrossLongitude / squeeze;
        Height = Math.Round((box.Height * acrossLatitude) + (2 * Margin));
        UnitsPerKm = acrossLatitude / 110.99;
    }

    /// <summary>The frame of these districts, the same as long as they are the same list.</summary>
    public static MapFrame Of(IReadOnlyList<Place> places) => Known.GetValue(places, each => new MapFrame(each));

    public double Height { get; }

    public double UnitsPerKm { get; }

    /// <summary>What the island needs to draw a sensor that appears: west, north, margin and units per degree.</summary>
    public string ToAttribute() => string.Create(CultureInfo.InvariantCulture, $"{west} {north} {Margin} {acrossLongitude:R} {acrossLatitude:R}");

    public (double X, double Y) Point(double longitude, double latitude) =>
        (Math.Round(Margin + ((longitude - west) * acrossLongitude), 1), Math.Round(Margin + ((north - latitude) * acrossLatitude), 1));

    /// <summary>The outline of a district.</summary>
    public string Path(Geometry shape) => paths.GetOrAdd(shape, Outline);

    private string Outline(Geometry shape)
    {
        var path = new StringBuilder();
        for (var i = 0; i < shape.NumGeometries; i++)
        {
            if (shape.GetGeometryN(i) is Polygon polygon)
            {
                Ring(path, polygon.ExteriorRing);
                foreach (var hole in polygon.InteriorRings)
                {
                    Ring(path, hole);
                }
            }
        }

        return path.ToString();
    }

    /// <summary>A positioned number for an attribute, never with a comma.</summary>
    public static string Units(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private void Ring(StringBuilder path, LineString ring)
    {
        var before = (X: double.NaN, Y: double.NaN);
        for (var i = 0; i < ring.NumPoints - 1; i++)
        {
            var at = Point(ring.GetPointN(i).X, ring.GetPointN(i).Y);
            if (at != before)
            {
                path.Append(i == 0 ? 'M' : 'L').Append(Units(at.X)).Append(' ').Append(Units(at.Y));
                before = at;
            }
        }

        path.Append('Z');
    }
}
