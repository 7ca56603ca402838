using NetTopologySuite.Geometries;
using NetTopologySuite.Index.Strtree;

namespace Madang.Sensing.Health;

/// <summary>By how much a Datastream's last day lies above the days before it, and where it stands.</summary>
internal readonly record struct PlacedShift(long Datastream, string Measure, double Longitude, double Latitude, Shift Shift);

/// <summary>
/// Which Datastreams drift: their difference to those that measure the same near by has changed. What differs always, because one
/// stands at a road and the other in a park, is in both days and falls out. A change counts when its modified z-score
/// (Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993) is over 5: 0.6745 × change ÷ median absolute deviation, of the
/// neighbours or of all that measure the same, whichever is wider, because four neighbours agree by chance. Their 3.5 is for one look
/// at one sample; of thousands that are judged each hour it would accuse some. And never less than a fifth of what it usually tells.
/// </summary>
internal static class Neighbours
{
    private const double Near = 3_000, Score = 5, LeastShare = 0.2, NormalShare = 0.6745;
    private const int Fewest = 4, Nearest = 12;

    /// <summary>Metres of a degree of latitude, on a sphere of the earth's mean radius (6,371,008.8 m, IUGG).</summary>
    private const double MetresPerDegree = 111_195.08;

    /// <summary>
    /// Those that drift, each with the change of its difference in its own unit. The change must stand out as an amount and as a share of what is usual: a hot day adds the same to
    /// all, and a bright one brings more to who stands in the sun.
    /// </summary>
    public static List<(long Datastream, double Distance)> Drifting(IReadOnlyCollection<PlacedShift> shifts)
    {
        var found = new List<(long, double)>();
        foreach (var same in shifts.GroupBy(shift => shift.Measure))
        {
            var index = new STRtree<PlacedShift>();
            foreach (var shift in same)
            {
                index.Insert(new Envelope(shift.Longitude, shift.Longitude, shift.Latitude, shift.Latitude), shift);
            }

            var judged = same.Select(shift => (Shift: shift, Around: Around(shift, index))).Where(each => each.Around.Count >= Fewest).ToList();
            var (amounts, shares) = (Compare(judged, shift => shift.Change), Compare(judged, shift => shift.Change / Math.Max(shift.Level, double.Epsilon)));
            found.AddRange(judged.Index().Where(each => amounts[each.Index].Far && shares[each.Index].Far && Math.Abs(amounts[each.Index].Distance) > LeastShare * each.Item.Shift.Shift.Level)
                .Select(each => (each.Item.Shift.Datastream, Math.Round(amounts[each.Index].Distance, 6))));
        }

        return found;
    }

    /// <summary>For each, how far it lies from the median of those around it, and whether that is far.</summary>
    private static List<(double Distance, bool Far)> Compare(List<(PlacedShift Shift, List<Shift> Around)> judged, Func<Shift, double> of)
    {
        var apart = judged.Select(each =>
        {
            var around = each.Around.Select(of).ToList();
            var median = Median(around);
            return (Distance: of(each.Shift.Shift) - median, Spread: Median([.. around.Select(other => Math.Abs(other - median))]));
        }).ToList();
        var usual = apart.Count == 0 ? 0 : Median([.. apart.Select(each => Math.Abs(each.Distance))]);
        return [.. apart.Select(each => (each.Distance, NormalShare * Math.Abs(each.Distance) > Score * Math.Max(usual, each.Spread)))];
    }

    /// <summary>The changes of the nearest that are near.</summary>
    private static List<Shift> Around(PlacedShift shift, STRtree<PlacedShift> index)
    {
        var perLongitude = MetresPerDegree * Math.Cos(shift.Latitude * Math.PI / 180);
        var (wide, high) = (Near / Math.Max(perLongitude, 1), Near / MetresPerDegree);
        return
        [
            .. index.Query(new Envelope(shift.Longitude - wide, shift.Longitude + wide, shift.Latitude - high, shift.Latitude + high))
                .Where(other => other.Datastream != shift.Datastream)
                .Select(other => (other.Shift, Metres: Math.Sqrt(Math.Pow((other.Longitude - shift.Longitude) * perLongitude, 2) + Math.Pow((other.Latitude - shift.Latitude) * MetresPerDegree, 2))))
                .Where(other => other.Metres <= Near)
                .OrderBy(other => other.Metres).Take(Nearest)
                .Select(other => other.Shift),
        ];
    }

    /// <summary>The value in the middle; the list is sorted by it.</summary>
    public static double Median(List<double> values)
    {
        values.Sort();
        var middle = values.Count / 2;
        return values.Count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
