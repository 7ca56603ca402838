using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Madang.Trust.Accounts.Secrets;

/// <summary>
/// Codes of authenticator apps: RFC 6238 with HMAC-SHA-1, 30 seconds and 6 digits, which every app speaks. Identity's own asks
/// the system's clock, accepts five steps and takes a code twice; this one accepts the step before, the present and the next
/// (RFC 6238, 5.2), and each once.
/// </summary>
internal static class Totp
{
    private const int KeyBytes = 20, StepSeconds = 30, Digits = 6, Modulus = 1_000_000;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>A new secret: 160 bits (RFC 4226, 4), in Base32.</summary>
    public static string MakeKey() => Base32(RandomNumberGenerator.GetBytes(KeyBytes));

    /// <summary>The step whose code was typed, when it is one of the three and later than <paramref name="lastStep"/>; null when the code is wrong.</summary>
    public static long? Find(string key, string code, DateTimeOffset now, long lastStep)
    {
        var typed = string.Concat(code.Where(char.IsAsciiDigit));
        if (typed.Length != Digits)
        {
            return null;
        }

        var secret = FromBase32(key);
        var step = now.ToUnixTimeSeconds() / StepSeconds;
        long? found = null;
        for (var candidate = step - 1; candidate <= step + 1; candidate++)
        {
            if (CryptographicOperations.FixedTimeEquals(Ascii(Code(secret, candidate)), Ascii(typed)) && candidate > lastStep)
            {
                found = candidate;
            }
        }

        return found;
    }

    /// <summary>The code of a moment.</summary>
    public static string Code(string key, DateTimeOffset at) => Code(FromBase32(key), at.ToUnixTimeSeconds() / StepSeconds);

    /// <summary>The address that an app reads from the QR code (Key Uri Format).</summary>
    public static string Address(string issuer, string account, string key) =>
        $"otpauth://totp/{Uri.EscapeDataString(issuer)}:{Uri.EscapeDataString(account)}?secret={key}&issuer={Uri.EscapeDataString(issuer)}&digits={Digits}&period={StepSeconds}";

    private static string Code(byte[] secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        // SHA-1 is what RFC 6238 apps agree on; HMAC does not depend on its collision resistance.
#pragma warning disable CA5350
        var hash = HMACSHA1.HashData(secret, counter);
#pragma warning restore CA5350
        var offset = hash[^1] & 0xf;
        var number = (BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(offset)) & int.MaxValue) % Modulus;
        return number.ToString("D6", CultureInfo.InvariantCulture);
    }

    private static byte[] Ascii(string text) => System.Text.Encoding.ASCII.GetBytes(text);

    private static string Base32(byte[] bytes)
    {
        var text = new System.Text.StringBuilder();
        int bits = 0, held = 0;
        foreach (var one in bytes)
        {
            held = (held << 8) | one;
            for (bits += 8; bits >= 5; bits -= 5)
            {
                text.Append(Alphabet[(held >> (bits - 5)) & 31]);
            }

            held &= 0xff;
        }

        return text.ToString();
    }

    private static byte[] FromBase32(string text)
    {
        var bytes = new List<byte>();
        int bits = 0, held = 0;
        foreach (var letter in text)
        {
            held = ((held << 5) | Alphabet.IndexOf(letter, StringComparison.Ordinal)) & 0xffff;
            if ((bits += 5) >= 8)
            {
                bytes.Add((byte)(held >> (bits -= 8)));
            }
        }

        return [.. bytes];
    }
}
