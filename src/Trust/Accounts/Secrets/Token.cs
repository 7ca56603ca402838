using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Madang.Trust.Accounts.Secrets;

/// <summary>Opaque secrets for cookies and links. The store has only their digests: who reads the store cannot sign in with what stands there.</summary>
internal static class Token
{
    /// <summary>256 bits of chance (ASVS 5.0, 7.2.3 asks for 128).</summary>
    private const int Bytes = 32;

    public static string Make() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>With so much chance in a token a plain digest cannot be turned back.</summary>
    public static string Digest(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
