using Madang.Kernel;
using Madang.Sensing;

namespace Madang.Operations.Rules;

/// <summary>Which datastreams stand nearest to each: a function of where they stand now. Those of the same Thing are no neighbours.</summary>
internal sealed class Neighbours
{
    /// <summary>Fewer than so many say nothing.</summary>
    public const int Fewest = 3;

    private const double MetresOfDegree = 111_000;

    private readonly NeighboursSignal signal;
    private readonly LatestReading[] byLatitude;
    private readonly double[] latitudes;

    /// <param name="signal">How many, and how far.</param>
    /// <param name="among">Who may be a neighbour; those without a place are none.</param>
    public Neighbours(NeighboursSignal signal, IEnumerable<LatestReading> among)
    {
        this.signal = signal;
        byLatitude = [.. among.Where(stream => stream is { Longitude: not null, Latitude: not null }).OrderBy(stream => stream.Latitude)];
        latitudes = [.. byLatitude.Select(stream => stream.Latitude!.Value)];
    }

    /// <summary>The nearest of one, the nearest first, of several as near those with the smaller id; looked for to the north and the south no further than the last that counts.</summary>
    public IReadOnlyList<LatestReading> Find(LatestReading stream)
    {
        if (stream is not { Longitude: { } longitude, Latitude: { } latitude })
        {
            return [];
        }

        var nearest = new SortedList<(double Metres, long Id), LatestReading>();
        var found = Array.BinarySearch(latitudes, latitude);
        var begin = found >= 0 ? found : ~found;
        Look(Enumerable.Range(begin, byLatitude.Length - begin));
        Look(Enumerable.Range(0, begin).Reverse());
        return [.. nearest.Values];

        void Look(IEnumerable<int> places)
        {
            foreach (var other in places.Select(place => byLatitude[place]))
            {
                var most = nearest.Count < signal.Count ? signal.WithinMetres : nearest.GetKeyAtIndex(nearest.Count - 1).Metres;
                if (Math.Abs(other.Latitude!.Value - latitude) * MetresOfDegree > most)
                {
                    return;
                }

                var metres = other.Thing == stream.Thing ? double.PositiveInfinity : Globe.Metres(longitude, latitude, other.Longitude!.Value, other.Latitude.Value);
                if (metres <= most)
                {
                    nearest.Add((metres, other.Datastream), other);
                    if (nearest.Count > signal.Count)
                    {
                        nearest.RemoveAt(nearest.Count - 1);
                    }
                }
            }
        }
    }
}
