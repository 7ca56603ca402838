namespace Madang.Kernel;

/// <summary>Distances on the earth.</summary>
public static class Globe
{
    /// <summary>The earth's mean radius in metres (IUGG: 6,371.0088 km).</summary>
    private const double Radius = 6_371_008.8;

    /// <summary>The distance between two places in metres, by the haversine formula; within half a per cent of the true one.</summary>
    public static double Metres(double longitude, double latitude, double otherLongitude, double otherLatitude)
    {
        var (north, otherNorth) = (latitude * Math.PI / 180, otherLatitude * Math.PI / 180);
        var (up, across) = (Math.Sin((otherNorth - north) / 2), Math.Sin((otherLongitude - longitude) * Math.PI / 360));
        return 2 * Radius * Math.Asin(Math.Min(1, Math.Sqrt((up * up) + (Math.Cos(north) * Math.Cos(otherNorth) * across * across))));
    }
}
