using System.Security.Cryptography;

namespace Madang.Trust.Record.Tree;

/// <summary>
/// Verifies proofs as RFC 9162 says (2.1.3.2 and 2.1.4.2), bit by bit from the leaf up: another way than the recursive one
/// by which <see cref="MerkleTree"/> makes them.
/// </summary>
internal static class Proof
{
    /// <summary>True when the leaf stands at <paramref name="index"/> of the tree with this size and root.</summary>
    public static bool VerifyInclusion(long index, long size, ReadOnlySpan<byte> leaf, IReadOnlyList<byte[]> path, ReadOnlySpan<byte> root)
    {
        if (index < 0 || index >= size || path.Any(IsNoHash))
        {
            return false;
        }

        var (fn, sn) = (index, size - 1);
        var hash = leaf.ToArray();
        foreach (var sibling in path)
        {
            if (sn == 0)
            {
                return false;
            }

            if ((fn & 1) == 1 || fn == sn)
            {
                hash = MerkleTree.NodeHash(sibling, hash);
                while ((fn & 1) == 0 && fn != 0)
                {
                    (fn, sn) = (fn >> 1, sn >> 1);
                }
            }
            else
            {
                hash = MerkleTree.NodeHash(hash, sibling);
            }

            (fn, sn) = (fn >> 1, sn >> 1);
        }

        return sn == 0 && CryptographicOperations.FixedTimeEquals(hash, root);
    }

    /// <summary>True when the tree of <paramref name="size"/> leaves begins with exactly the leaves of the one of <paramref name="old"/>.</summary>
    public static bool VerifyConsistency(long old, long size, IReadOnlyList<byte[]> path, ReadOnlySpan<byte> oldRoot, ReadOnlySpan<byte> root)
    {
        if (old < 0 || old > size || path.Any(IsNoHash))
        {
            return false;
        }

        if (old == size)
        {
            return path.Count == 0 && oldRoot.SequenceEqual(root);
        }

        if (old == 0)
        {
            return path.Count == 0 && oldRoot.SequenceEqual(MerkleTree.EmptyRoot);
        }

        var steps = long.IsPow2(old) ? [oldRoot.ToArray(), .. path] : path;
        var (fn, sn) = (old - 1, size - 1);
        while ((fn & 1) == 1)
        {
            (fn, sn) = (fn >> 1, sn >> 1);
        }

        return steps.Count > 0 && Climb(steps, fn, sn, oldRoot, root);
    }

    private static bool Climb(IReadOnlyList<byte[]> steps, long fn, long sn, ReadOnlySpan<byte> oldRoot, ReadOnlySpan<byte> root)
    {
        var (before, now) = (steps[0], steps[0]);
        foreach (var step in steps.Skip(1))
        {
            if (sn == 0)
            {
                return false;
            }

            if ((fn & 1) == 1 || fn == sn)
            {
                before = MerkleTree.NodeHash(step, before);
                now = MerkleTree.NodeHash(step, now);
                while ((fn & 1) == 0 && fn != 0)
                {
                    (fn, sn) = (fn >> 1, sn >> 1);
                }
            }
            else
            {
                now = MerkleTree.NodeHash(now, step);
            }

            (fn, sn) = (fn >> 1, sn >> 1);
        }

        return sn == 0 && before.AsSpan().SequenceEqual(oldRoot) && now.AsSpan().SequenceEqual(root);
    }

    private static bool IsNoHash(byte[] step) => step.Length != MerkleTree.HashLength;
}
