using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Madang.Trust.Access;

/// <summary>
/// A key as its holder sends it: <c>mdg_</c>, the part that names it, <c>_</c>, the secret. The beginning lets scanners of
/// code find keys that somebody published; the secret has 256 random bits.
/// </summary>
internal static class KeyText
{
    public const string Beginning = "mdg_";

    private const int IdBytes = 8, SecretBytes = 32;
    private const int IdLetters = IdBytes * 2;

    public static (string Id, string Text, byte[] Digest) Make()
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        return (id, $"{Beginning}{id}_{secret}", DigestOf(secret));
    }

    /// <summary>The name of the key and the digest of its secret; null when the text is no key.</summary>
    public static (string Id, byte[] Digest)? Read(ReadOnlySpan<char> text) =>
        text.StartsWith(Beginning, StringComparison.Ordinal) && text.Length is > 21 and < 100 && text[Beginning.Length + IdLetters] == '_'
            ? (text.Slice(Beginning.Length, IdLetters).ToString(), DigestOf(text[(Beginning.Length + IdLetters + 1)..]))
            : null;

    private static byte[] DigestOf(ReadOnlySpan<char> secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret.ToString()));
}
