using System.Text;
using Madang.Kernel;
using Madang.Trust.Record.Keys;

namespace Madang.Tests.Trust.Record;

public sealed class NoteTests
{
    /// <summary>The public example of Go's golang.org/x/mod/sumdb/note.</summary>
    private const string Key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        Secret = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
        Text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
        Signature = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    [Theory]
    [InlineData("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "", "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [InlineData("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72", "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    public void Ed25519_signs_as_RFC_8032_says(string seed, string publicKey, string message, string signature)
    {
        var text = Convert.FromHexString(message);
        Assert.Equal(publicKey, Convert.ToHexStringLower(Ed25519.PublicKey(Convert.FromHexString(seed))));
        Assert.Equal(signature, Convert.ToHexStringLower(Ed25519.Sign(Convert.FromHexString(seed), text)));
        Assert.True(Ed25519.Verify(Convert.FromHexString(publicKey), text, Convert.FromHexString(signature)));
        Assert.False(Ed25519.Verify(Convert.FromHexString(publicKey), [.. text, 1], Convert.FromHexString(signature)));
        Assert.False(Ed25519.Verify(Convert.FromHexString(publicKey), text, new byte[64]));
        Assert.False(Ed25519.Verify(new byte[31], text, new byte[64]));
    }

    [Fact]
    public void A_note_is_signed_to_the_byte_as_Go_signs_it()
    {
        var signer = NoteSigner.Parse(Secret, "key");
        Assert.Equal(Key, signer.Verifier.ToString());
        Assert.Equal(Key, signer.ToString());
        Assert.Equal(Secret, signer.Secret());
        Assert.Equal($"{Text}\n{Signature}", SignedNote.Sign(Text, signer).ToString());
    }

    [Fact]
    public void A_note_verifies_until_a_letter_changes()
    {
        var key = NoteVerifier.Parse(Key, "key");
        Assert.True(SignedNote.TryParse($"{Text}\n{Signature}")!.IsSignedBy(key));
        Assert.False(SignedNote.TryParse($"{Text}\n{Signature}".Replace("cryptography", "cryptographY", StringComparison.Ordinal))!.IsSignedBy(key));
        Assert.False(SignedNote.TryParse($"{Text}\n{Signature}".Replace("x08go/Z", "x08go/z", StringComparison.Ordinal))!.IsSignedBy(key));
        Assert.False(SignedNote.TryParse($"{Text}\n{Signature}")!.IsSignedBy(NoteVerifier.Of("PeterNeumann", NoteKeyKind.Note, new byte[32])));
    }

    [Fact]
    public void Every_letter_of_a_verifier_key_counts()
    {
        for (var at = 0; at < Key.Length; at++)
        {
            var altered = new StringBuilder(Key) { [at] = (char)(Key[at] + 1) }.ToString();
            Assert.Throws<InvalidInputException>(() => NoteVerifier.Parse(altered, "key"));
            Assert.Throws<InvalidInputException>(() => NoteVerifier.Parse(Key[..at], "key"));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("text\n")]
    [InlineData("text\n\n")]
    [InlineData("text\n\nno dash\n")]
    [InlineData("text\n\n— PeterNeumann x08g\n")]
    [InlineData("te\rxt\n\n— a AAAAAAAA\n")]
    [InlineData("text\n\n— a AAAAAAAA")]
    public void What_is_no_note_is_none(string text) => Assert.Null(SignedNote.TryParse(text));

    [Fact]
    public void A_cosignature_says_when_and_fits_only_its_text()
    {
        var witness = new NoteSigner("witness.example/w1", NoteKeyKind.Cosignature, Ed25519.NewSeed());
        var time = DateTimeOffset.FromUnixTimeSeconds(1679315147);
        var note = new SignedNote(Text, [SignedNote.Cosign(Text, witness, time)]);
        Assert.True(SignedNote.TryParse(note.ToString())!.IsSignedBy(witness.Verifier));
        Assert.False((note with { Text = Text + "more\n" }).IsSignedBy(witness.Verifier));

        var signature = note.Signatures[0];
        var later = signature.Bytes.ToArray();
        later[7]++;
        Assert.False((note with { Signatures = [signature with { Bytes = later }] }).IsSignedBy(witness.Verifier));
        // The example of tlog-cosignature names the message; what is signed is exactly that.
        Assert.True(Ed25519.Verify(witness.Verifier.PublicKey, Encoding.UTF8.GetBytes($"cosignature/v1\ntime 1679315147\n{Text}"), signature.Bytes.AsSpan(8)));
    }

    [Fact]
    public void A_checkpoint_is_read_as_it_is_written()
    {
        const string text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
        var checkpoint = Checkpoint.TryParse(text)!;
        Assert.Equal(("example.com/behind-the-sofa", 20852163), (checkpoint.Origin, checkpoint.Size));
        Assert.Equal(text, checkpoint.Text);
        Assert.Equal(checkpoint, Checkpoint.TryParse(text + "an extension\n"));
    }

    [Theory]
    [InlineData("a\n1\n")]
    [InlineData("a\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("a\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")]
    [InlineData("a\n1\nCsUY\n")]
    public void What_is_no_checkpoint_is_none(string text) => Assert.Null(Checkpoint.TryParse(text));
}
