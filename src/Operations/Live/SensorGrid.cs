namespace Madang.Operations.Live;

/// <summary>Where sensors stand, by squares of a hundredth of a degree: of a whole city's sensors most are far away from any one place.</summary>
internal sealed class SensorGrid
{
    private const double Side = 0.01;

    private readonly Dictionary<(int, int), List<int>> squares = [];

    /// <param name="sensors">The lines of a catalogue; those without a place are left out.</param>
    public SensorGrid(IReadOnlyList<SensorNow> sensors)
    {
        for (var line = 0; line < sensors.Count; line++)
        {
            if (sensors[line] is { Longitude: { } longitude, Latitude: { } latitude })
            {
                var square = Square(longitude, latitude);
                if (!squares.TryGetValue(square, out var lines))
                {
                    squares.Add(square, lines = []);
                }

                lines.Add(line);
            }
        }
    }

    /// <summary>The lines of the sensors in the squares that a box touches; some may stand a little outside of it.</summary>
    public IEnumerable<int> Near(double longitude, double latitude, double degrees)
    {
        var ((west, south), (east, north)) = (Square(longitude - degrees, latitude - degrees), Square(longitude + degrees, latitude + degrees));
        if ((east - west + 1L) * (north - south + 1L) > squares.Count)
        {
            return squares.Where(square => square.Key.Item1 >= west && square.Key.Item1 <= east && square.Key.Item2 >= south && square.Key.Item2 <= north).SelectMany(square => square.Value);
        }

        return Enumerable.Range(west, east - west + 1).SelectMany(x => Enumerable.Range(south, north - south + 1).SelectMany(y => squares.GetValueOrDefault((x, y)) ?? []));
    }

    private static (int X, int Y) Square(double longitude, double latitude) => ((int)Math.Floor(longitude / Side), (int)Math.Floor(latitude / Side));
}
