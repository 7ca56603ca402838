using FsCheck;
using FsCheck.Fluent;
using Madang.Trust.Record.Tree;

namespace Madang.Tests.Trust.Record;

public sealed class MerkleTreeTests
{
    /// <summary>The inputs and roots of the reference implementation of Certificate Transparency (RFC 6962).</summary>
    private static readonly string[] Inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    private static readonly string[] Roots =
    [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    public static TheoryData<int> Sizes => [.. Enumerable.Range(0, Roots.Length)];

    public static TheoryData<int, int, string[]> KnownConsistency => new()
    {
        { 1, 1, [] },
        { 1, 8, ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7", "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"] },
        { 6, 8, ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a", "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"] },
        { 2, 5, ["5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"] },
    };

    public static TheoryData<int, int, string[]> KnownInclusion => new()
    {
        { 0, 1, [] },
        { 0, 8, ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7", "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"] },
        { 5, 8, ["bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b", "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"] },
        { 2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"] },
    };

    [Theory, MemberData(nameof(Sizes))]
    public void The_roots_are_those_of_RFC_6962(int size) => Assert.Equal(Roots[size], Hex(MerkleTree.Root(size, Hashes(Known(size)))));

    [Theory, MemberData(nameof(KnownConsistency))]
    public void Consistency_proofs_are_those_of_RFC_6962(int old, int size, string[] path) =>
        Assert.Equal(path, MerkleTree.Consistency(old, size, Hashes(Known(size))).Select(Hex));

    [Theory, MemberData(nameof(KnownInclusion))]
    public void Inclusion_proofs_are_those_of_RFC_6962(int index, int size, string[] path) =>
        Assert.Equal(path, MerkleTree.Inclusion(index, size, Hashes(Known(size))).Select(Hex));

    [Theory, MemberData(nameof(KnownConsistency))]
    public void Known_consistency_proofs_verify(int old, int size, string[] path) =>
        Assert.True(Proof.VerifyConsistency(old, size, [.. path.Select(Convert.FromHexString)], Convert.FromHexString(Roots[old]), Convert.FromHexString(Roots[size])));

    [Theory, MemberData(nameof(KnownInclusion))]
    public void Known_inclusion_proofs_verify(int index, int size, string[] path) =>
        Assert.True(Proof.VerifyInclusion(index, size, Known(size)[index], [.. path.Select(Convert.FromHexString)], Convert.FromHexString(Roots[size])));

    [Fact]
    public void Every_inclusion_proof_verifies_and_no_altered_one_does() => Prop.ForAll(Trees(), tree =>
    {
        var (leaves, index, change) = tree;
        var hashes = Hashes(leaves);
        var root = MerkleTree.Root(leaves.Length, hashes);
        var path = MerkleTree.Inclusion(index, leaves.Length, hashes);
        Assert.True(Proof.VerifyInclusion(index, leaves.Length, leaves[index], path, root));

        Assert.False(Proof.VerifyInclusion(index, leaves.Length, Altered(leaves[index], change), path, root));
        Assert.False(Proof.VerifyInclusion(index, leaves.Length, leaves[index], path, Altered(root, change)));
        Assert.False(Proof.VerifyInclusion(index, leaves.Length, leaves[index], [.. path, root], root));
        Assert.False(Proof.VerifyInclusion(leaves.Length, leaves.Length, leaves[index], path, root));
        Assert.False(Proof.VerifyInclusion((index + 1) % leaves.Length, leaves.Length, leaves[index], path, root) && leaves.Length > 1);
        if (path.Count > 0)
        {
            Assert.False(Proof.VerifyInclusion(index, leaves.Length, leaves[index], AlteredOne(path, change), root));
            Assert.False(Proof.VerifyInclusion(index, leaves.Length, leaves[index], [.. path.Skip(1)], root));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_consistency_proof_verifies_and_no_altered_one_does() => Prop.ForAll(Trees(), tree =>
    {
        var (leaves, old, change) = tree;
        var hashes = Hashes(leaves);
        var (before, root) = (MerkleTree.Root(old, hashes), MerkleTree.Root(leaves.Length, hashes));
        var path = MerkleTree.Consistency(old, leaves.Length, hashes);
        Assert.True(Proof.VerifyConsistency(old, leaves.Length, path, before, root));
        Assert.True(Proof.VerifyConsistency(leaves.Length, leaves.Length, [], root, root));

        Assert.False(Proof.VerifyConsistency(old, leaves.Length, path, Altered(before, change), root));
        Assert.False(Proof.VerifyConsistency(old, leaves.Length, [.. path, root], before, root));
        Assert.False(Proof.VerifyConsistency(leaves.Length + 1, leaves.Length, path, before, root));
        if (path.Count > 0)
        {
            Assert.False(Proof.VerifyConsistency(old, leaves.Length, path, before, Altered(root, change)));
            Assert.False(Proof.VerifyConsistency(old, leaves.Length, AlteredOne(path, change), before, root));
            Assert.False(Proof.VerifyConsistency(old, leaves.Length, [.. path.Skip(1)], before, root));
        }
    }).QuickCheckThrowOnFailure();

    /// <summary>Leaves, one of them (from 0 to before the end), and a place to change something.</summary>
    private static Arbitrary<(byte[][] Leaves, int At, int Change)> Trees() =>
        (from size in Gen.Choose(1, 300)
         from at in Gen.Choose(0, size - 1)
         from change in Gen.Choose(0, 1_000_000)
         select (Enumerable.Range(0, size).Select(number => MerkleTree.LeafHash(BitConverter.GetBytes(number))).ToArray(), at, change)).ToArbitrary();

    private static byte[] Altered(byte[] hash, int change)
    {
        var other = hash.ToArray();
        other[change % other.Length] ^= (byte)(1 << (change % 8));
        return other;
    }

    private static List<byte[]> AlteredOne(IReadOnlyList<byte[]> path, int change) =>
        [.. path.Select((step, place) => place == change % path.Count ? Altered(step, change) : step)];

    private static byte[][] Known(int size) => [.. Inputs.Take(size).Select(input => MerkleTree.LeafHash(Convert.FromHexString(input)))];

    private static SubtreeHash Hashes(byte[][] leaves) => (level, index) =>
        MerkleTree.Fold(leaves.Skip((int)(index << level)).Take(1 << level).SelectMany(leaf => leaf).ToArray());

    private static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);
}
