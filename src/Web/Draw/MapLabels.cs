namespace Madang.Web.Draw;

/// <summary>Moves the names on a map a little up and down, so that none stands on another. Lengths are units of the drawing.</summary>
internal static class MapLabels
{
    /// <summary>A name and the value below it, in the size of letters that the drawing has on a laptop (map.css).</summary>
    private const double Tall = 42;

    /// <summary>How wide a letter is, on the map that moves a little wider than on the drawing.</summary>
    private const double Korean = 22, Latin = 12;

    /// <summary>A name is not moved further than this from its place, or it would stand in another district.</summary>
    private const double Farthest = 26;

    private const int Rounds = 40;

    /// <summary>The heights of the names, in their order.</summary>
    public static double[] Spread(IReadOnlyList<(string Name, double X, double Y)> labels)
    {
        var heights = labels.Select(label => label.Y).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            var moved = false;
            for (var i = 0; i < labels.Count; i++)
            {
                for (var j = i + 1; j < labels.Count; j++)
                {
                    moved |= Part(labels, heights, i, j);
                }
            }

            if (!moved)
            {
                break;
            }
        }

        return heights;
    }

    /// <summary>Moves two names apart by half of what they share; false when they share nothing.</summary>
    private static bool Part(IReadOnlyList<(string Name, double X, double Y)> labels, double[] heights, int i, int j)
    {
        var beside = (Width(labels[i].Name) + Width(labels[j].Name)) / 2;
        var shared = Tall - Math.Abs(heights[i] - heights[j]);
        if (Math.Abs(labels[i].X - labels[j].X) >= beside || shared < 0.5)
        {
            return false;
        }

        var (upper, lower) = heights[i] <= heights[j] ? (i, j) : (j, i);
        heights[upper] = Math.Max(labels[upper].Y - Farthest, heights[upper] - (shared / 2));
        heights[lower] = Math.Min(labels[lower].Y + Farthest, heights[lower] + (shared / 2));
        return true;
    }

    private static double Width(string name) => name.Sum(letter => letter < '\u0300' ? Latin : Korean) + 4;
}
