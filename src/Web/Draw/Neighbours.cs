using Madang.Places;

namespace Madang.Web.Draw;

/// <summary>Which districts border on one. Drawn shapes do not always meet exactly, so a small distance counts as touching.</summary>
internal static class Neighbours
{
    /// <summary>About 50 metres, in degrees.</summary>
    private const double Near = 0.0005;

    public static IReadOnlyList<Place> Of(Place place, IReadOnlyList<Place> places)
    {
        var box = place.Shape.EnvelopeInternal.Copy();
        box.ExpandBy(Near);
        return [.. places.Where(other => other.Code != place.Code && box.Intersects(other.Shape.EnvelopeInternal) && place.Shape.IsWithinDistance(other.Shape, Near))];
    }
}
