using Madang.Trust.Record.Tree;

namespace Madang.Trust.Record.Log;

/// <summary>Reads a log by the paths of its files, wherever they lie; <paramref name="find"/> answers null for one that is absent.</summary>
internal sealed class TileReader(Func<string, byte[]?> find)
{
    /// <summary>A file's bytes; null when it is absent.</summary>
    public byte[]? Find(string path) => find(path);

    /// <summary>The first hashes of a tile, from the partial file or from the full one that has come since; null when absent or shorter.</summary>
    public byte[]? FindTile(int level, long index, int width)
    {
        var length = width * MerkleTree.HashLength;
        var tile = find(TilePath.Tile(level, index, width)) ?? (width < TilePath.Width ? find(TilePath.Tile(level, index)) : null);
        return tile is null || tile.Length < length ? null : tile.Length == length ? tile : tile[..length];
    }

    /// <summary>A bundle of entries, from the partial file or from the full one; null when absent. It may have more entries.</summary>
    public byte[]? FindEntries(long index, int width) =>
        find(TilePath.Entries(index, width)) ?? (width < TilePath.Width ? find(TilePath.Entries(index)) : null);

    /// <summary>The hashes of the tree of <paramref name="size"/> leaves as the tiles have them; throws when one is absent.</summary>
    public SubtreeHash Hashes(long size) => (level, index) =>
    {
        var (tileLevel, inner) = (level / TilePath.Height, level % TilePath.Height);
        var first = index << inner;
        var tile = first / TilePath.Width;
        var width = tile < TilePath.Full(size, tileLevel) ? TilePath.Width : TilePath.Partial(size, tileLevel);
        var bytes = FindTile(tileLevel, tile, width) ?? throw new RecordBrokenException($"{TilePath.Tile(tileLevel, tile, width)} is absent.");
        return MerkleTree.Fold(bytes.AsSpan((int)(first % TilePath.Width) * MerkleTree.HashLength, (1 << inner) * MerkleTree.HashLength));
    };
}
