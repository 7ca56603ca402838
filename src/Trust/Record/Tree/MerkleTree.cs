using System.Numerics;
using System.Security.Cryptography;

namespace Madang.Trust.Record.Tree;

/// <summary>
/// Gives the hash of the complete subtree of 2^<paramref name="level"/> leaves that begins at leaf
/// <paramref name="index"/> × 2^<paramref name="level"/>.
/// </summary>
internal delegate byte[] SubtreeHash(int level, long index);

/// <summary>The Merkle tree of RFC 6962, section 2.1 (SHA-256): its hashes and its proofs. Verifying them is <see cref="Proof"/>'s work.</summary>
internal static class MerkleTree
{
    public const int HashLength = SHA256.HashSizeInBytes;

    private const byte LeafMark = 0, NodeMark = 1;

    /// <summary>Leaves up to this length are hashed without allocating; longer ones are rare.</summary>
    private const int UsualLeaf = 1024;

    /// <summary>The root of a tree without leaves: the hash of nothing.</summary>
    public static byte[] EmptyRoot => SHA256.HashData([]);

    public static void LeafHash(ReadOnlySpan<byte> entry, Span<byte> hash)
    {
        var buffer = entry.Length < UsualLeaf ? stackalloc byte[UsualLeaf] : new byte[entry.Length + 1];
        buffer[0] = LeafMark;
        entry.CopyTo(buffer[1..]);
        SHA256.HashData(buffer[..(entry.Length + 1)], hash);
    }

    public static byte[] LeafHash(ReadOnlySpan<byte> entry)
    {
        var hash = new byte[HashLength];
        LeafHash(entry, hash);
        return hash;
    }

    public static void NodeHash(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> hash)
    {
        Span<byte> buffer = stackalloc byte[1 + (2 * HashLength)];
        buffer[0] = NodeMark;
        left.CopyTo(buffer[1..]);
        right.CopyTo(buffer[(1 + HashLength)..]);
        SHA256.HashData(buffer, hash);
    }

    public static byte[] NodeHash(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var hash = new byte[HashLength];
        NodeHash(left, right, hash);
        return hash;
    }

    /// <summary>The hash of 2^n hashes side by side, which is done in place: what is left of <paramref name="hashes"/> is of no use.</summary>
    public static byte[] Fold(Span<byte> hashes)
    {
        for (var count = hashes.Length / HashLength; count > 1; count /= 2)
        {
            for (var pair = 0; pair < count / 2; pair++)
            {
                NodeHash(hashes.Slice(2 * pair * HashLength, HashLength), hashes.Slice(((2 * pair) + 1) * HashLength, HashLength), hashes.Slice(pair * HashLength, HashLength));
            }
        }

        return hashes[..HashLength].ToArray();
    }

    /// <summary>The root of the first <paramref name="size"/> leaves.</summary>
    public static byte[] Root(long size, SubtreeHash hashes) => size == 0 ? EmptyRoot : Range(0, size, hashes);

    /// <summary>The audit path of a leaf (RFC 6962, 2.1.1), from the leaf up.</summary>
    public static IReadOnlyList<byte[]> Inclusion(long index, long size, SubtreeHash hashes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var path = new List<byte[]>();
        var (begin, end) = (0L, size);
        while (end - begin > 1)
        {
            var middle = begin + LargestPowerBelow(end - begin);
            if (index < middle)
            {
                path.Add(Range(middle, end, hashes));
                end = middle;
            }
            else
            {
                path.Add(Range(begin, middle, hashes));
                begin = middle;
            }
        }

        path.Reverse();
        return path;
    }

    /// <summary>The proof that the tree of <paramref name="size"/> leaves continues the one of <paramref name="old"/> (RFC 6962, 2.1.2); empty when either is trivial.</summary>
    public static IReadOnlyList<byte[]> Consistency(long old, long size, SubtreeHash hashes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(old);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(old, size);
        var path = new List<byte[]>();
        if (old == 0 || old == size)
        {
            return path;
        }

        var (begin, end) = (0L, size);
        while (old != end)
        {
            var middle = begin + LargestPowerBelow(end - begin);
            if (old <= middle)
            {
                path.Add(Range(middle, end, hashes));
                end = middle;
            }
            else
            {
                path.Add(Range(begin, middle, hashes));
                begin = middle;
            }
        }

        // The old tree's last complete part is known to the verifier only when it is the whole old tree.
        if (begin > 0)
        {
            path.Add(Range(begin, end, hashes));
        }

        path.Reverse();
        return path;
    }

    /// <summary>The hash of the leaves from <paramref name="begin"/> to before <paramref name="end"/>, a range that the tree is split into.</summary>
    private static byte[] Range(long begin, long end, SubtreeHash hashes)
    {
        var count = end - begin;
        if (BitOperations.IsPow2(count))
        {
            var level = BitOperations.Log2((ulong)count);
            return hashes(level, begin >> level);
        }

        var middle = begin + LargestPowerBelow(count);
        return NodeHash(Range(begin, middle, hashes), Range(middle, end, hashes));
    }

    private static long LargestPowerBelow(long count) => 1L << BitOperations.Log2((ulong)(count - 1));
}
