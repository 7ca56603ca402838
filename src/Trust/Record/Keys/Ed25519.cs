using System.Security.Cryptography;

namespace Madang.Trust.Record.Keys;

/// <summary>Ed25519 (RFC 8032) by OpenSSL, until the framework has it.</summary>
internal static unsafe class Ed25519
{
    public const int SeedLength = 32, PublicKeyLength = 32, SignatureLength = 64;

    /// <summary>NID_ED25519 of OpenSSL's obj_mac.h.</summary>
    private const int KeyType = 1087;

    public static byte[] NewSeed() => RandomNumberGenerator.GetBytes(SeedLength);

    /// <summary>The public key of a private one.</summary>
    public static byte[] PublicKey(ReadOnlySpan<byte> seed)
    {
        var key = PrivateKey(seed);
        try
        {
            var bytes = new byte[PublicKeyLength];
            nuint length = PublicKeyLength;
            fixed (byte* at = bytes)
            {
                Expect(Crypto.GetPublicKey(key, at, &length) == 1 && length == PublicKeyLength);
            }

            return bytes;
        }
        finally
        {
            Crypto.FreeKey(key);
        }
    }

    public static byte[] Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message)
    {
        var key = PrivateKey(seed);
        var context = Crypto.NewContext();
        try
        {
            var signature = new byte[SignatureLength];
            nuint length = SignatureLength;
            fixed (byte* to = signature, from = message)
            {
                Expect(Crypto.BeginSign(context, 0, 0, 0, key) == 1);
                Expect(Crypto.Sign(context, to, &length, from, (nuint)message.Length) == 1 && length == SignatureLength);
            }

            return signature;
        }
        finally
        {
            Crypto.FreeContext(context);
            Crypto.FreeKey(key);
        }
    }

    /// <summary>True when the signature is by the holder of the key; false for anything else, malformed keys and signatures included.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        Crypto.Require();
        if (publicKey.Length != PublicKeyLength || signature.Length != SignatureLength)
        {
            return false;
        }

        fixed (byte* point = publicKey, text = message, proof = signature)
        {
            var key = Crypto.NewPublicKey(KeyType, 0, point, PublicKeyLength);
            var context = Crypto.NewContext();
            try
            {
                return key != 0 && Crypto.BeginVerify(context, 0, 0, 0, key) == 1 && Crypto.Verify(context, proof, SignatureLength, text, (nuint)message.Length) == 1;
            }
            finally
            {
                Crypto.FreeContext(context);
                Crypto.FreeKey(key);
                // A signature that does not fit leaves an error in the thread's queue, where TLS would find it.
                Crypto.ClearErrors();
            }
        }
    }

    private static nint PrivateKey(ReadOnlySpan<byte> seed)
    {
        Crypto.Require();
        fixed (byte* at = seed)
        {
            var key = Crypto.NewPrivateKey(KeyType, 0, at, (nuint)seed.Length);
            Expect(key != 0);
            return key;
        }
    }

    private static void Expect(bool good)
    {
        if (!good)
        {
            throw new CryptographicException("OpenSSL refuses the Ed25519 key.");
        }
    }
}
