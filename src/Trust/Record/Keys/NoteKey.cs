using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Madang.Kernel;

namespace Madang.Trust.Record.Keys;

/// <summary>What a key signs: notes (C2SP signed-note, type 0x01) or cosignatures of a witness (C2SP tlog-cosignature, type 0x04).</summary>
internal enum NoteKeyKind : byte
{
    Note = 0x01,
    Cosignature = 0x04,
}

/// <summary>The public half of a key of signed notes: <c>name+hash+base64(type, key)</c>.</summary>
internal sealed record NoteVerifier
{
    private const string Form = "must be a verifier key such as madang.local/1a2b+0123abcd+AW…";

    private NoteVerifier(string name, NoteKeyKind kind, byte[] publicKey)
    {
        (Name, Kind, PublicKey) = (name, kind, publicKey);
        Id = BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData([.. Encoding.UTF8.GetBytes(name), (byte)'\n', (byte)kind, .. publicKey]));
    }

    public string Name { get; }

    public NoteKeyKind Kind { get; }

    public byte[] PublicKey { get; }

    /// <summary>The first four bytes of the hash of name, type and key: tells keys apart, proves nothing.</summary>
    public uint Id { get; }

    public static NoteVerifier Of(string name, NoteKeyKind kind, byte[] publicKey) =>
        IsName(name) ? new NoteVerifier(name, kind, publicKey) : throw new InvalidInputException("name", $"'{name}' is empty or has a space or a plus sign");

    /// <summary>Reads a verifier key; <paramref name="field"/> names what is wrong in the error.</summary>
    public static NoteVerifier Parse(string text, string field)
    {
        // The key itself may hold plus signs (base64); name and hash never do.
        var parts = text.Trim().Split('+', 3);
        if (parts.Length != 3 || !IsName(parts[0]) || parts[1].Length != 8 || !uint.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id))
        {
            throw new InvalidInputException(field, Form);
        }

        var key = Decode(parts[2]);
        if (key is not { Length: 1 + Ed25519.PublicKeyLength } || (NoteKeyKind)key[0] is not (NoteKeyKind.Note or NoteKeyKind.Cosignature))
        {
            throw new InvalidInputException(field, "is not an Ed25519 key of a log or a witness");
        }

        var verifier = new NoteVerifier(parts[0], (NoteKeyKind)key[0], key[1..]);
        return verifier.Id == id ? verifier : throw new InvalidInputException(field, "its name, hash and key do not belong together; a letter is wrong");
    }

    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => Ed25519.Verify(PublicKey, message, signature);

    public bool Equals(NoteVerifier? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => (int)Id;

    public override string ToString() => $"{Name}+{Id:x8}+{Convert.ToBase64String([(byte)Kind, .. PublicKey])}";

    /// <summary>A key's name: not empty, without spaces, control characters and plus signs.</summary>
    internal static bool IsName(string name) =>
        name.Length is > 0 and <= 255 && !name.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || letter == '+');

    internal static byte[]? Decode(string base64)
    {
        var bytes = new byte[(base64.Length * 3 / 4) + 3];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? bytes[..length] : null;
    }
}

/// <summary>The private half, kept as <c>PRIVATE+KEY+name+hash+base64(type, seed)</c>. Never logged, never shown.</summary>
internal sealed class NoteSigner
{
    private const string Prefix = "PRIVATE+KEY+";

    private readonly byte[] seed;

    public NoteSigner(string name, NoteKeyKind kind, byte[] seed)
    {
        this.seed = seed;
        Verifier = NoteVerifier.Of(name, kind, Ed25519.PublicKey(seed));
    }

    public NoteVerifier Verifier { get; }

    public static NoteSigner Parse(string text, string field)
    {
        var parts = text.Trim().Split('+', 5);
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || parts.Length != 5 || NoteVerifier.Decode(parts[4]) is not { Length: 1 + Ed25519.SeedLength } key)
        {
            throw new InvalidInputException(field, "is not a private key of signed notes");
        }

        var signer = new NoteSigner(parts[2], (NoteKeyKind)key[0], key[1..]);
        return signer.Verifier.Id.ToString("x8", CultureInfo.InvariantCulture) == parts[3] ? signer : throw new InvalidInputException(field, "its name, hash and key do not belong together");
    }

    public byte[] Sign(ReadOnlySpan<byte> message) => Ed25519.Sign(seed, message);

    /// <summary>The text that is kept in the key's file.</summary>
    public string Secret() => $"{Prefix}{Verifier.Name}+{Verifier.Id:x8}+{Convert.ToBase64String([(byte)Verifier.Kind, .. seed])}";

    public override string ToString() => Verifier.ToString();
}
