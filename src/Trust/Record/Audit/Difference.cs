namespace Madang.Trust.Record.Audit;

/// <summary>A place where an entry does not have the hash that its tile has.</summary>
/// <param name="Index">The entry, counted from 0.</param>
/// <param name="Entry">The hash that the entry has.</param>
/// <param name="Tile">The hash that stands in the tile.</param>
internal sealed record Difference(long Index, byte[] Entry, byte[] Tile)
{
    /// <summary>
    /// Splits differences into those whose entry is one that belongs elsewhere among them (the entries were reordered) and
    /// the others. Answers, for each of the first, the place where its entry belongs.
    /// </summary>
    public static (List<(long Index, long Belongs)> Moved, List<long> Changed) Sort(IReadOnlyCollection<Difference> differences)
    {
        var places = new Dictionary<string, long>();
        foreach (var difference in differences)
        {
            places.TryAdd(Convert.ToHexString(difference.Tile), difference.Index);
        }

        var (moved, changed) = (new List<(long, long)>(), new List<long>());
        foreach (var difference in differences.OrderBy(difference => difference.Index))
        {
            if (places.TryGetValue(Convert.ToHexString(difference.Entry), out var belongs))
            {
                moved.Add((difference.Index, belongs));
            }
            else
            {
                changed.Add(difference.Index);
            }
        }

        return (moved, changed);
    }
}
