using NetTopologySuite.Geometries;

namespace Madang.DemoCity.World;

/// <summary>A district as the city that is talked to draws it.</summary>
internal sealed record District(string Code, string Name, string NameEn, Geometry Shape)
{
    private const double KilometresPerDegree = 111.2;

    private Coordinate Centre { get; } = Shape.Centroid.Coordinate;

    /// <summary>A number that is the district's own, whatever its code is made of.</summary>
    public long Number { get; } = Code.Aggregate(0L, (number, character) => (number * 131) + character);

    /// <summary>About: the sphere is flat over a city.</summary>
    public double KilometresTo(District other)
    {
        var (here, there) = (Centre, other.Centre);
        var east = (there.X - here.X) * Math.Cos(here.Y * Math.PI / 180);
        return KilometresPerDegree * Math.Sqrt((east * east) + ((there.Y - here.Y) * (there.Y - here.Y)));
    }

    /// <summary>A place inside the shape.</summary>
    public Coordinate Place(Noise chance)
    {
        var box = Shape.EnvelopeInternal;
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var place = new Coordinate(
                Math.Round(box.MinX + (box.Width * chance.Draw(2 * attempt)), 6),
                Math.Round(box.MinY + (box.Height * chance.Draw((2 * attempt) + 1)), 6));
            if (Shape.Contains(Shape.Factory.CreatePoint(place)))
            {
                return place;
            }
        }

        return Shape.InteriorPoint.Coordinate;
    }
}
