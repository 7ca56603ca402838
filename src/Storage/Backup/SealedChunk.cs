using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Madang.Storage.Backup;

/// <summary>One chunk of a sealed file: 64 KiB (the last one may be shorter) and its tag. The nonce is its number and whether it is the last, as in age's STREAM.</summary>
internal static class SealedChunk
{
    public const int Plain = 64 * 1024, Tag = 16, Sealed = Plain + Tag;

    private const int NonceLength = 12, NumberAt = 3, LastAt = 11;

    public static void Seal(AesGcm cipher, long number, bool isLast, ReadOnlySpan<byte> plain, Span<byte> target) =>
        cipher.Encrypt(Nonce(stackalloc byte[NonceLength], number, isLast), plain, target[..plain.Length], target.Slice(plain.Length, Tag));

    /// <summary>True when the bytes are the chunk of this number; then <paramref name="plain"/> holds its content.</summary>
    public static bool TryOpen(AesGcm cipher, long number, bool isLast, ReadOnlySpan<byte> chunk, Span<byte> plain)
    {
        if (chunk.Length < Tag)
        {
            return false;
        }

        try
        {
            cipher.Decrypt(Nonce(stackalloc byte[NonceLength], number, isLast), chunk[..^Tag], chunk[^Tag..], plain[..(chunk.Length - Tag)]);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    private static Span<byte> Nonce(Span<byte> nonce, long number, bool isLast)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64BigEndian(nonce[NumberAt..], number);
        nonce[LastAt] = isLast ? (byte)1 : (byte)0;
        return nonce;
    }
}
