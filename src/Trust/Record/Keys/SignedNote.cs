using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Madang.Trust.Record.Keys;

/// <summary>One signature line: who says it signed, and the bytes.</summary>
internal sealed record NoteSignature(string Name, uint KeyId, byte[] Bytes)
{
    /// <summary>The line as it stands under the note, its newline included.</summary>
    public string Line
    {
        get
        {
            var bytes = new byte[sizeof(uint) + Bytes.Length];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, KeyId);
            Bytes.CopyTo(bytes, sizeof(uint));
            return $"— {Name} {Convert.ToBase64String(bytes)}\n";
        }
    }
}

/// <summary>A text that ends in a newline, and who signed it (C2SP signed-note).</summary>
internal sealed record SignedNote(string Text, IReadOnlyList<NoteSignature> Signatures)
{
    /// <summary>Longer than any checkpoint with sixteen signatures.</summary>
    public const int MostBytes = 64 * 1024;

    private const int MostSignatures = 100;
    private const int TimeLength = sizeof(ulong);

    /// <summary>The note as it is kept and sent.</summary>
    public override string ToString() => $"{Text}\n{string.Concat(Signatures.Select(signature => signature.Line))}";

    /// <summary>Reads a note; null when it is none. Says nothing about its signatures.</summary>
    public static SignedNote? TryParse(string note)
    {
        var split = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (split < 0 || !note.EndsWith('\n') || note.Length > MostBytes || note.Any(letter => letter < ' ' && letter != '\n'))
        {
            return null;
        }

        var lines = note[(split + 2)..].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var signatures = lines.Select(TryParseSignature).ToList();
        return lines.Length is > 0 and <= MostSignatures && signatures.All(signature => signature is not null) ? new SignedNote(note[..(split + 1)], signatures!) : null;
    }

    /// <summary>Reads one signature line without its newline; null when it is none.</summary>
    public static NoteSignature? TryParseSignature(string line)
    {
        var parts = line.Split(' ');
        return parts.Length == 3 && parts[0] == "—" && NoteVerifier.IsName(parts[1]) && NoteVerifier.Decode(parts[2]) is { Length: > sizeof(uint) } bytes
            ? new NoteSignature(parts[1], BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes[sizeof(uint)..])
            : null;
    }

    public static SignedNote Sign(string text, NoteSigner signer) =>
        new(text, [new NoteSignature(signer.Verifier.Name, signer.Verifier.Id, signer.Sign(Encoding.UTF8.GetBytes(text)))]);

    /// <summary>A witness's word that at <paramref name="time"/> it had seen no other tree of this log (C2SP tlog-cosignature, version 1).</summary>
    public static NoteSignature Cosign(string text, NoteSigner witness, DateTimeOffset time)
    {
        var seconds = time.ToUnixTimeSeconds();
        var bytes = new byte[TimeLength + Ed25519.SignatureLength];
        BinaryPrimitives.WriteInt64BigEndian(bytes, seconds);
        witness.Sign(Cosigned(text, seconds)).CopyTo(bytes.AsSpan(TimeLength));
        return new NoteSignature(witness.Verifier.Name, witness.Verifier.Id, bytes);
    }

    /// <summary>True when the key signed the note. A signature that claims the key and does not fit spoils the note, whatever else it holds.</summary>
    public bool IsSignedBy(NoteVerifier key)
    {
        var claimed = Signatures.Where(signature => signature.Name == key.Name && signature.KeyId == key.Id).ToList();
        return claimed.Count > 0 && claimed.All(signature => Fits(signature, key));
    }

    private bool Fits(NoteSignature signature, NoteVerifier key)
    {
        if (key.Kind == NoteKeyKind.Note)
        {
            return key.Verify(Encoding.UTF8.GetBytes(Text), signature.Bytes);
        }

        return signature.Bytes.Length == TimeLength + Ed25519.SignatureLength
            && BinaryPrimitives.ReadInt64BigEndian(signature.Bytes) is >= 0 and var seconds
            && key.Verify(Cosigned(Text, seconds), signature.Bytes.AsSpan(TimeLength));
    }

    private static byte[] Cosigned(string text, long seconds) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"cosignature/v1\ntime {seconds}\n{text}"));
}
