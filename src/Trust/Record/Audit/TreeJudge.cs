using Madang.Trust.Record.Log;

namespace Madang.Trust.Record.Audit;

/// <summary>
/// Finds out which of entries and tiles are what was signed. Whatever reproduces the signed root is the truth, and the
/// others are held against it: the entries themselves, else the tiles of hashes, else a level of tiles higher up.
/// </summary>
internal sealed class TreeJudge(TileReader log, TileScan scan, Findings findings)
{
    private readonly long size = scan.Size;

    /// <summary>The hashes of 256 entries each that the signed root vouches for; null when nothing reproduces it.</summary>
    private byte[]?[]? trusted;

    private byte[]? trustedLast;

    /// <summary>True when the entries, all that are there, are what was signed.</summary>
    public bool AreEntriesSigned { get; private set; }

    /// <summary>What the log says was destroyed, as far as that was signed.</summary>
    public Destructions Destructions { get; } = new();

    /// <summary>True when anything in the folder is what was signed.</summary>
    public bool IsTreeKnown => trusted is not null;

    public void Judge(byte[] root)
    {
        FindTruth(root);
        if (trusted is null)
        {
            findings.Add("tree-differs", $"neither the entries nor any level of tiles has the root that was signed: entries were changed, added or removed and tiles made anew (or the checkpoint is another tree's). The table can tell which (--data or --postgres)");
        }

        foreach (var (index, leaf) in scan.Destroyed.OrderBy(entry => entry.Index).Where(entry => IsSigned(entry.Index / TilePath.Width)))
        {
            Destructions.Add(index, leaf, TimeProvider.System.GetUtcNow(), findings);
        }

        JudgeBundles();
        JudgeHigherTiles();
    }

    private bool IsSigned(long bundle) => bundle < scan.ByEntries.Length ? Same(scan.ByEntries[bundle], trusted?[bundle]) : Same(scan.LastByEntries, trustedLast);

    private void FindTruth(byte[] root)
    {
        var first = TilePath.Levels(size) > 1 ? TileTree.Level(log, size, 1) : [];
        // Where entries are gone, their tiles speak for them.
        var filled = scan.ByEntries.Zip(scan.ByTile, (entries, tile) => entries ?? tile).ToArray();
        foreach (var last in new[] { scan.LastByEntries, scan.LastByTile })
        {
            foreach (var nodes in new[] { filled, scan.ByTile, first })
            {
                if (trusted is null && Has(root, 1, nodes, last))
                {
                    (trusted, trustedLast) = (nodes, last);
                    AreEntriesSigned = nodes == filled && last == scan.LastByEntries;
                }
            }

            for (var level = 2; trusted is null && level < TilePath.Levels(size); level++)
            {
                if (Has(root, level, TileTree.Level(log, size, level), last))
                {
                    (trusted, trustedLast) = (first, last);
                }
            }
        }
    }

    private bool Has(byte[] root, int level, byte[]?[] nodes, byte[]? last) =>
        TileTree.Root(size, level, nodes, lower => lower == 0 ? last : log.FindTile(lower, TilePath.Full(size, lower), TilePath.Partial(size, lower))) is { } computed && computed.AsSpan().SequenceEqual(root);

    /// <summary>Each bundle and its tile of level 0 against the hash above them.</summary>
    private void JudgeBundles()
    {
        var suspicious = scan.Differences.GroupBy(difference => difference.Index / TilePath.Width).ToDictionary(bundle => bundle.Key, bundle => bundle.ToList());
        var wrong = new List<Difference>();
        for (var index = 0L; index < scan.ByEntries.Length; index++)
        {
            JudgeOne(index, TilePath.Width, scan.ByEntries[index], scan.ByTile[index], trusted?[index]);
        }

        if (TilePath.Partial(size, 0) is > 0 and var width)
        {
            JudgeOne(scan.ByEntries.Length, width, scan.LastByEntries, scan.LastByTile, trustedLast);
        }

        Tell(wrong);
        TellShort();
        foreach (var index in scan.Long.Order())
        {
            findings.Add("entries-added", $"{TilePath.Entries(index)} has bytes after its 256 entries");
        }

        void JudgeOne(long index, int width, byte[]? byEntries, byte[]? byTile, byte[]? truth)
        {
            var areEntriesTrue = Same(byEntries, truth);
            if (byTile is null)
            {
                findings.Add("tile-absent", $"{TilePath.Tile(0, index, width)} is absent or too short");
            }
            else if (areEntriesTrue && !Same(byTile, truth))
            {
                findings.Add("tile-changed", $"{TilePath.Tile(0, index, width)} was changed; its entries are what was signed");
            }
            else if (byEntries is null && truth is not null && !Same(byTile, truth))
            {
                findings.Add("tile-changed", $"{TilePath.Tile(0, index, width)} was changed; its entries are gone");
            }

            if (!areEntriesTrue && byEntries is not null && trusted is not null && !Same(byTile, truth))
            {
                findings.Add("entry-changed", $"among entries {index * TilePath.Width} to {(index * TilePath.Width) + width - 1} at least one was changed; their tile was changed or removed too, so that nobody can tell which");
            }
            else if (!areEntriesTrue && suspicious.TryGetValue(index, out var some))
            {
                wrong.AddRange(some);
            }
        }
    }

    /// <summary>Names what became of entries that are not the ones of their tiles.</summary>
    private void Tell(List<Difference> wrong)
    {
        var (moved, changed) = Difference.Sort(wrong);
        var shifts = moved.Select(place => place.Belongs - place.Index).Distinct().ToList();
        if (shifts is [> 0 and var gone])
        {
            var first = moved[0].Index;
            findings.Add("entry-deleted", $"entries {first} to {first + gone - 1} were deleted: those after them stand {gone} earlier");
            changed.RemoveAll(index => index > first);
        }
        else if (shifts is [< 0 and var back])
        {
            var first = moved[0].Index + back;
            findings.Add("entry-inserted", $"{-back} entries were inserted at {first}: those after them stand {-back} later");
            changed.RemoveAll(index => index >= first && index < first - back);
        }
        else
        {
            foreach (var (index, belongs) in moved)
            {
                findings.Add("entries-reordered", $"entry {index} is the one that was signed as entry {belongs}");
            }
        }

        foreach (var index in changed)
        {
            findings.Add("entry-changed", $"entry {index} was changed: it does not have the hash that was signed");
        }
    }

    /// <summary>Bundles that lack entries: at the end of the log it was cut off, elsewhere something was taken out.</summary>
    private void TellShort()
    {
        var last = (size - 1) / TilePath.Width;
        var gone = scan.Short.Where(bundle => bundle.Value == 0 && Destructions.CoversBundle(bundle.Key)).Select(bundle => bundle.Key).ToHashSet();
        var cut = last + 1;
        while (cut > 0 && scan.Short.ContainsKey(cut - 1) && !gone.Contains(cut - 1))
        {
            cut--;
        }

        if (cut <= last)
        {
            findings.Add("log-truncated", $"the entries end at {(cut * TilePath.Width) + scan.Short[cut]}; the checkpoint speaks for {size}");
        }

        foreach (var (index, count) in scan.Short.Where(bundle => bundle.Key < cut && !gone.Contains(bundle.Key)).OrderBy(bundle => bundle.Key))
        {
            findings.Add("entries-absent", $"{TilePath.Entries(index)} {(count == 0 ? "is absent" : $"has {count} entries and not {TilePath.Width}")} (entries {index * TilePath.Width} to {(index * TilePath.Width) + TilePath.Width - 1})");
        }

        if ((long)gone.Count * TilePath.Width > Destructions.Count)
        {
            findings.Add("entries-absent", $"bundles of {(long)gone.Count * TilePath.Width} entries are said to be removed because all were destroyed, and {Destructions.Count} were");
        }
    }

    /// <summary>Each tile above the first level against the tiles below it.</summary>
    private void JudgeHigherTiles()
    {
        var below = trusted;
        for (var level = 1; level < TilePath.Levels(size); level++)
        {
            var nodes = TileTree.Level(log, size, level);
            for (var first = 0; first < nodes.Length; first += TilePath.Width)
            {
                var width = Math.Min(TilePath.Width, nodes.Length - first);
                var path = TilePath.Tile(level, first / TilePath.Width, width);
                if (nodes[first] is null)
                {
                    findings.Add("tile-absent", $"{path} is absent or too short");
                }
                else if (below is not null && Enumerable.Range(first, width).Any(place => below[place] is { } computed && !Same(nodes[place], computed)))
                {
                    findings.Add("tile-changed", $"{path} was changed: it does not have the hashes of the tiles below it");
                }
            }

            below = below is null ? null : TileTree.Fold(level == 1 ? below : nodes);
        }
    }

    private static bool Same(byte[]? one, byte[]? other) => one is not null && other is not null && one.AsSpan().SequenceEqual(other);
}
