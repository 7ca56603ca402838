using Madang.Trust.Record.Log;
using Madang.Trust.Record.Tree;

namespace Madang.Trust.Record.Audit;

/// <summary>A tree put together from the hashes of one level and, below it, the partial tiles: what root would it have?</summary>
internal static class TileTree
{
    /// <summary>
    /// The root of <paramref name="size"/> leaves when the complete nodes of tile level <paramref name="level"/> are
    /// <paramref name="nodes"/>; null when one that is needed is absent.
    /// </summary>
    public static byte[]? Root(long size, int level, IReadOnlyList<byte[]?> nodes, Func<int, byte[]?> partial)
    {
        if (nodes.Count != size >> (level * TilePath.Height) || nodes.Contains(null))
        {
            return null;
        }

        var isWhole = true;
        var root = MerkleTree.Root(size, (height, index) =>
        {
            var (tileLevel, inner) = (height / TilePath.Height, height % TilePath.Height);
            if (tileLevel >= level)
            {
                var count = 1 << (height - (level * TilePath.Height));
                return MerkleTree.Fold([.. nodes.Skip((int)index * count).Take(count).SelectMany(node => node!)]);
            }

            var hashes = partial(tileLevel);
            var (first, length) = ((int)((index << inner) % TilePath.Width) * MerkleTree.HashLength, (1 << inner) * MerkleTree.HashLength);
            isWhole &= hashes is not null && hashes.Length >= first + length;
            return isWhole ? MerkleTree.Fold(hashes.AsSpan(first, length).ToArray()) : MerkleTree.EmptyRoot;
        });
        return isWhole ? root : null;
    }

    /// <summary>The hashes that a level's tiles hold, one after the other; null in the place of those whose tile is absent.</summary>
    public static byte[]?[] Level(TileReader log, long size, int level)
    {
        var nodes = new byte[]?[size >> (TilePath.Height * level)];
        for (var first = 0; first < nodes.Length; first += TilePath.Width)
        {
            var width = Math.Min(TilePath.Width, nodes.Length - first);
            if (log.FindTile(level, first / TilePath.Width, width) is { } tile)
            {
                for (var place = 0; place < width; place++)
                {
                    nodes[first + place] = tile[(place * MerkleTree.HashLength)..((place + 1) * MerkleTree.HashLength)];
                }
            }
        }

        return nodes;
    }

    /// <summary>The nodes one tile level higher: each of 256, as far as they are complete.</summary>
    public static byte[]?[] Fold(IReadOnlyList<byte[]?> nodes)
    {
        var parents = new byte[]?[nodes.Count / TilePath.Width];
        for (var parent = 0; parent < parents.Length; parent++)
        {
            var children = nodes.Skip(parent * TilePath.Width).Take(TilePath.Width).ToList();
            parents[parent] = children.Contains(null) ? null : MerkleTree.Fold([.. children.SelectMany(child => child!)]);
        }

        return parents;
    }
}
