using System.Buffers.Binary;
using System.Security.Cryptography;
using Madang.Kernel;

namespace Madang.Storage.Backup;

/// <summary>
/// The beginning of a sealed file: <c>MADANGBACKUP</c>, format (2 bytes), kind of key (1), zero (1), rounds (4), id of the key
/// file (8), salt (32), and an HMAC over all that (32). Numbers have the greater byte first.
/// </summary>
internal static class SealedHeader
{
    public const ushort Format = 1;

    private const byte KeyFile = 1, Passphrase = 2;
    private const int FormatAt = 12, KindAt = 14, RoundsAt = 16, IdAt = 20, IdLength = 8, SaltAt = 28, MacAt = 60, Length = MacAt + HMACSHA256.HashSizeInBytes;

    private static ReadOnlySpan<byte> Magic => "MADANGBACKUP"u8;

    /// <summary>A fresh header, and the key of the chunks behind it.</summary>
    public static (byte[] Header, byte[] Payload) Make(BackupKey key)
    {
        var header = new byte[Length];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(FormatAt), Format);
        header[KindAt] = key.IsPassphrase ? Passphrase : KeyFile;
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(RoundsAt), key.IsPassphrase ? BackupKey.Rounds : 0);
        key.Id(IdLength).CopyTo(header.AsSpan(IdAt));
        RandomNumberGenerator.Fill(header.AsSpan(SaltAt, MacAt - SaltAt));
        var secret = key.Derive(Salt(header), BackupKey.Rounds);
        Mac(header, secret).CopyTo(header.AsSpan(MacAt));
        return (header, Payload(header, secret));
    }

    /// <summary>Reads and verifies a header, and answers the key of the chunks behind it.</summary>
    public static byte[] Read(Stream file, BackupKey key)
    {
        var header = new byte[Length];
        var read = file.ReadAtLeast(header, Length, throwOnEndOfStream: false);
        if (read < Magic.Length || !header.AsSpan().StartsWith(Magic))
        {
            throw Wrong("is no backup of Madang");
        }

        if (BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(FormatAt)) is var format && read > KindAt && format != Format)
        {
            throw Wrong($"has the format {format}, which this Madang does not know (it reads {Format}): restore it with the newer one that made it");
        }

        if (read < Length)
        {
            throw Wrong("is cut off in its header");
        }

        RefuseOtherKind(header, key);
        var rounds = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(RoundsAt));
        if (key.IsPassphrase && rounds is < 1 or > BackupKey.MostRounds)
        {
            throw Wrong("has a changed header: no backup has so many rounds");
        }

        var secret = key.Derive(Salt(header), rounds);
        return CryptographicOperations.FixedTimeEquals(Mac(header, secret), header.AsSpan(MacAt))
            ? Payload(header, secret)
            : throw Wrong(key.IsPassphrase ? "cannot be opened: the passphrase is wrong, or the header was changed" : "has a changed header");
    }

    private static void RefuseOtherKind(byte[] header, BackupKey key)
    {
        var isPassphrase = header[KindAt] == Passphrase;
        if (isPassphrase != key.IsPassphrase)
        {
            throw Wrong(isPassphrase ? "was made with a passphrase, not with a key file" : "was made with a key file, not with a passphrase");
        }

        if (!header.AsSpan(IdAt, IdLength).SequenceEqual(key.Id(IdLength)))
        {
            throw Wrong($"was made with another key ({Convert.ToHexStringLower(header.AsSpan(IdAt, IdLength))}; this one is {Convert.ToHexStringLower(key.Id(IdLength))})");
        }
    }

    private static byte[] Salt(byte[] header) => header[SaltAt..MacAt];

    private static byte[] Mac(byte[] header, byte[] secret) =>
        HMACSHA256.HashData(HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, BackupKey.Length, Salt(header), "madang-backup/1 header"u8.ToArray()), header.AsSpan(0, MacAt));

    private static byte[] Payload(byte[] header, byte[] secret) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, BackupKey.Length, Salt(header), "madang-backup/1 chunks"u8.ToArray());

    private static InvalidInputException Wrong(string reason) => new("--from", $"the file {reason}");
}
