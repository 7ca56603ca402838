using System.Collections.Concurrent;
using Madang.Trust.Record.Log;
using Madang.Trust.Record.Retention;
using Madang.Trust.Record.Tree;

namespace Madang.Trust.Record.Audit;

/// <summary>
/// Reads every bundle and every tile of level 0 once, in parallel, and keeps one hash of 256 entries each: by the entries,
/// and by the tile. What differs or is absent is kept by its place.
/// </summary>
internal sealed class TileScan
{
    private const int MostDifferences = 10_000;

    private readonly TileReader log;
    private readonly ConcurrentQueue<Difference> differences = new();
    private int differing;
    private long done;

    private TileScan(TileReader log, long size)
    {
        (this.log, Size) = (log, size);
        var full = TilePath.Full(size, 0);
        (ByEntries, ByTile) = (new byte[full][], new byte[full][]);
    }

    public long Size { get; }

    /// <summary>The hash of each full bundle's entries; null where they are not all there.</summary>
    public byte[]?[] ByEntries { get; }

    /// <summary>The hash of each full tile; null where it is absent.</summary>
    public byte[]?[] ByTile { get; }

    /// <summary>The hashes of the entries after the last full bundle, one behind the other; null when they are not all there.</summary>
    public byte[]? LastByEntries { get; private set; } = [];

    /// <summary>The partial tile of level 0; null when it is absent.</summary>
    public byte[]? LastByTile { get; private set; } = [];

    public IReadOnlyCollection<Difference> Differences => differences;

    /// <summary>Bundles that are absent or hold fewer entries than they must, with how many they hold.</summary>
    public ConcurrentDictionary<long, int> Short { get; } = new();

    /// <summary>Entries that say what was destroyed, with their places; whether they are what was signed is judged later.</summary>
    public ConcurrentBag<(long Index, byte[] Leaf)> Destroyed { get; } = [];

    /// <summary>Bundles with bytes after their last entry.</summary>
    public ConcurrentBag<long> Long { get; } = [];

    public static TileScan Run(TileReader log, long size, IProgress<long>? progress, CancellationToken cancel)
    {
        var scan = new TileScan(log, size);
        Parallel.For(0, scan.ByEntries.Length, new ParallelOptions { CancellationToken = cancel }, index => scan.Read(index, TilePath.Width, progress));
        if (TilePath.Partial(size, 0) is > 0 and var width)
        {
            scan.Read(TilePath.Full(size, 0), width, progress);
        }

        return scan;
    }

    private void Read(long index, int width, IProgress<long>? progress)
    {
        Span<byte> hashes = stackalloc byte[width * MerkleTree.HashLength];
        var count = Hash(index, width, hashes);
        var tile = log.FindTile(0, index, width);
        if (tile is not null)
        {
            Compare(index, hashes[..(count * MerkleTree.HashLength)], tile);
        }

        if (count < width)
        {
            Short[index] = count;
        }

        Keep(index, width, count == width ? hashes : [], tile);
        progress?.Report(Interlocked.Add(ref done, width));
    }

    /// <summary>The leaf hashes of a bundle; answers how many entries it has.</summary>
    private int Hash(long index, int width, Span<byte> hashes)
    {
        if (log.FindEntries(index, width) is not { } bundle)
        {
            return 0;
        }

        ReadOnlySpan<byte> rest = bundle;
        var count = 0;
        while (count < width && Bundle.TryTake(ref rest, out var entry))
        {
            MerkleTree.LeafHash(entry, hashes.Slice(count * MerkleTree.HashLength, MerkleTree.HashLength));
            if (Destruction.IsOne(entry))
            {
                Destroyed.Add(((index * TilePath.Width) + count, entry.ToArray()));
            }

            count++;
        }

        // A partial bundle may have become the full one since.
        if (width == TilePath.Width && rest.Length > 0)
        {
            Long.Add(index);
        }

        return count;
    }

    private void Compare(long index, ReadOnlySpan<byte> entries, ReadOnlySpan<byte> tile)
    {
        if (entries.SequenceEqual(tile[..entries.Length]))
        {
            return;
        }

        for (var at = 0; at < entries.Length; at += MerkleTree.HashLength)
        {
            var entry = entries.Slice(at, MerkleTree.HashLength);
            var expected = tile.Slice(at, MerkleTree.HashLength);
            if (!entry.SequenceEqual(expected) && Interlocked.Increment(ref differing) <= MostDifferences)
            {
                differences.Enqueue(new Difference((index * TilePath.Width) + (at / MerkleTree.HashLength), entry.ToArray(), expected.ToArray()));
            }
        }
    }

    private void Keep(long index, int width, Span<byte> entries, byte[]? tile)
    {
        if (width < TilePath.Width)
        {
            (LastByEntries, LastByTile) = (entries.Length > 0 ? entries.ToArray() : null, tile);
            return;
        }

        var same = tile is not null && entries.SequenceEqual(tile);
        ByEntries[index] = entries.Length > 0 ? MerkleTree.Fold(entries) : null;
        ByTile[index] = same ? ByEntries[index] : tile is null ? null : MerkleTree.Fold(tile);
    }
}
