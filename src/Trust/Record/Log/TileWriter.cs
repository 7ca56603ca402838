using System.Buffers;
using System.Buffers.Binary;
using Madang.Trust.Record.Tree;

namespace Madang.Trust.Record.Log;

/// <summary>Appends entries to the tiles of a log. Holds the unfinished tile of each level; full ones go to the disk some at a time.</summary>
internal sealed class TileWriter(TileFolder folder)
{
    /// <summary>Full files that are written and flushed together: the disk makes one turn for several.</summary>
    private const int FilesAtOnce = 64, FlushesAtOnce = 8;

    private readonly List<List<byte>> edge = [];
    private readonly List<(string Path, byte[] Bytes)> full = [];
    private readonly ArrayBufferWriter<byte> bundle = new();

    /// <summary>How many entries the tree has.</summary>
    public long Size { get; private set; }

    /// <summary>Goes on from the tiles of a tree of <paramref name="size"/>; null when a file that it needs is absent or too short.</summary>
    public static TileWriter? TryOpen(TileFolder folder, long size)
    {
        var writer = new TileWriter(folder) { Size = size };
        for (var level = 0; level < TilePath.Levels(size); level++)
        {
            var width = TilePath.Partial(size, level);
            var tile = width == 0 ? [] : folder.Reader.FindTile(level, TilePath.Full(size, level), width);
            if (tile is null)
            {
                return null;
            }

            writer.edge.Add([.. tile]);
        }

        var last = TilePath.Partial(size, 0);
        if (last > 0)
        {
            var entries = folder.Reader.FindEntries(TilePath.Full(size, 0), last) is { } bytes ? Bundle.Cut(bytes, last) : null;
            if (entries is null)
            {
                return null;
            }

            writer.bundle.Write(entries);
        }

        return writer;
    }

    /// <summary>Appends one entry; at every 256th a full bundle and its tiles are written.</summary>
    public void Append(ReadOnlySpan<byte> entry)
    {
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(length, checked((ushort)entry.Length));
        bundle.Write(length);
        bundle.Write(entry);
        Span<byte> leaf = stackalloc byte[MerkleTree.HashLength];
        MerkleTree.LeafHash(entry, leaf);
        Size++;
        if (Size % TilePath.Width == 0)
        {
            full.Add((TilePath.Entries((Size / TilePath.Width) - 1), bundle.WrittenSpan.ToArray()));
            bundle.ResetWrittenCount();
        }

        Push(0, leaf);
        if (full.Count >= FilesAtOnce)
        {
            WriteFull();
        }
    }

    public byte[] Root() => MerkleTree.Root(Size, (level, index) =>
    {
        // Every complete subtree that the root is made of ends in the unfinished tile of its level.
        var (tileLevel, inner) = (level / TilePath.Height, level % TilePath.Height);
        var first = (int)((index << inner) % TilePath.Width);
        return MerkleTree.Fold(edge[tileLevel].GetRange(first * MerkleTree.HashLength, (1 << inner) * MerkleTree.HashLength).ToArray());
    });

    /// <summary>Writes what is full and not yet written, and the unfinished tiles and the unfinished bundle as partial files: what a checkpoint of this size needs.</summary>
    public void WriteEdge()
    {
        WriteFull();
        if (bundle.WrittenCount > 0)
        {
            folder.WriteOnce(TilePath.Entries(TilePath.Full(Size, 0), TilePath.Partial(Size, 0)), bundle.WrittenSpan);
        }

        for (var level = 0; level < edge.Count; level++)
        {
            if (TilePath.Partial(Size, level) is > 0 and var width)
            {
                folder.WriteOnce(TilePath.Tile(level, TilePath.Full(Size, level), width), edge[level].ToArray());
            }
        }
    }

    private void WriteFull()
    {
        try
        {
            Parallel.ForEach(full, new ParallelOptions { MaxDegreeOfParallelism = FlushesAtOnce }, file =>
            {
                folder.WriteOnce(file.Path, file.Bytes);
                folder.RemovePartial(file.Path);
            });
        }
        catch (AggregateException several) when (several.InnerExceptions.FirstOrDefault(one => one is RecordBrokenException) is { } broken)
        {
            throw new RecordBrokenException(broken.Message);
        }

        full.Clear();
    }

    private void Push(int level, ReadOnlySpan<byte> hash)
    {
        if (level == edge.Count)
        {
            edge.Add([]);
        }

        edge[level].AddRange(hash);
        if (edge[level].Count < TilePath.Width * MerkleTree.HashLength)
        {
            return;
        }

        var tile = edge[level].ToArray();
        edge[level].Clear();
        full.Add((TilePath.Tile(level, TilePath.Full(Size, level) - 1), tile));
        Push(level + 1, MerkleTree.Fold(tile.ToArray()));
    }
}
