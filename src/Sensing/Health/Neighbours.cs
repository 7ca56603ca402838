using NetTopologySuite.Geometries;
using NetTopologySuite.Index.Strtree;

namespace Madang.Sensing.Health;

/// <summary>A Datastream's mean of a day, and where it stands.</summary>
internal readonly record struct PlacedMean(long Datastream, string Measure, double Longitude, double Latitude, double Mean);

/// <summary>
/// Which Datastreams drift: their mean of a day lies far from the median of those that measure the same near by. Far is a
/// modified z-score over 3.5 (Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993): 0.6745 × distance ÷ median
/// absolute deviation, and never less than a fifth of the median itself, so that neighbours who agree closely accuse nobody
/// of a small difference.
/// </summary>
internal static class Neighbours
{
    private const double Near = 3_000, Score = 3.5, LeastShare = 0.2, NormalShare = 0.6745;
    private const int Fewest = 4, Nearest = 12;

    /// <summary>Metres of a degree of latitude, on a sphere of the earth's mean radius (6,371,008.8 m, IUGG).</summary>
    private const double MetresPerDegree = 111_195.08;

    /// <summary>Those that drift, each with its distance from the median in its own unit.</summary>
    public static List<(long Datastream, double Distance)> Drifting(IReadOnlyCollection<PlacedMean> means)
    {
        var found = new List<(long, double)>();
        foreach (var same in means.GroupBy(mean => mean.Measure))
        {
            var all = same.ToList();
            if (all.Count <= Fewest)
            {
                continue;
            }

            var index = new STRtree<PlacedMean>();
            foreach (var mean in all)
            {
                index.Insert(new Envelope(mean.Longitude, mean.Longitude, mean.Latitude, mean.Latitude), mean);
            }

            found.AddRange(all.Select(mean => (mean.Datastream, Distance: DistanceOf(mean, index))).Where(each => each.Distance is not null).Select(each => (each.Datastream, each.Distance!.Value)));
        }

        return found;
    }

    private static double? DistanceOf(PlacedMean mean, STRtree<PlacedMean> index)
    {
        var around = Around(mean, index);
        if (around.Count < Fewest)
        {
            return null;
        }

        var median = Median(around);
        var spread = Median([.. around.Select(other => Math.Abs(other - median))]);
        var distance = mean.Mean - median;
        return NormalShare * Math.Abs(distance) > Score * spread && Math.Abs(distance) > LeastShare * Math.Abs(median) ? Math.Round(distance, 6) : null;
    }

    /// <summary>The means of the nearest that are near.</summary>
    private static List<double> Around(PlacedMean mean, STRtree<PlacedMean> index)
    {
        var perLongitude = MetresPerDegree * Math.Cos(mean.Latitude * Math.PI / 180);
        var (wide, high) = (Near / Math.Max(perLongitude, 1), Near / MetresPerDegree);
        return
        [
            .. index.Query(new Envelope(mean.Longitude - wide, mean.Longitude + wide, mean.Latitude - high, mean.Latitude + high))
                .Where(other => other.Datastream != mean.Datastream)
                .Select(other => (other.Mean, Metres: Math.Sqrt(Math.Pow((other.Longitude - mean.Longitude) * perLongitude, 2) + Math.Pow((other.Latitude - mean.Latitude) * MetresPerDegree, 2))))
                .Where(other => other.Metres <= Near)
                .OrderBy(other => other.Metres).Take(Nearest)
                .Select(other => other.Mean),
        ];
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        var middle = values.Count / 2;
        return values.Count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
