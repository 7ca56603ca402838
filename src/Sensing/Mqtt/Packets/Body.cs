using System.Buffers;
using System.Text;

namespace Madang.Sensing.Mqtt.Packets;

/// <summary>Bytes that are no packet, or one that breaks the protocol: the connection ends with this reason.</summary>
internal sealed class BadPacketException(Reason reason, string message) : Exception(message)
{
    public Reason Reason { get; } = reason;

    public static BadPacketException Malformed(string message) => new(Reason.MalformedPacket, message);

    public static BadPacketException Protocol(string message) => new(Reason.ProtocolError, message);
}

/// <summary>Reads the data types of clause 1.5 from the bytes of one packet, never beyond them.</summary>
internal ref struct Body(ReadOnlySequence<byte> bytes)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private SequenceReader<byte> reader = new(bytes);

    public readonly long Left => reader.Remaining;

    public byte Byte() => reader.TryRead(out var value) ? value : throw Short();

    public ushort TwoBytes()
    {
        Span<byte> two = stackalloc byte[2];
        Fill(two);
        return (ushort)((two[0] << 8) | two[1]);
    }

    public uint FourBytes()
    {
        Span<byte> four = stackalloc byte[4];
        Fill(four);
        return ((uint)four[0] << 24) | ((uint)four[1] << 16) | ((uint)four[2] << 8) | four[3];
    }

    /// <summary>A variable byte integer in its shortest form (1.5.5).</summary>
    public uint Variable()
    {
        uint value = 0;
        for (var shift = 0; shift <= 21; shift += 7)
        {
            var digit = Byte();
            value |= (uint)(digit & 0x7F) << shift;
            if ((digit & 0x80) == 0)
            {
                return shift > 0 && digit == 0 ? throw BadPacketException.Malformed("A variable byte integer is longer than it need be.") : value;
            }
        }

        throw BadPacketException.Malformed("A variable byte integer has more than four bytes.");
    }

    /// <summary>UTF-8 text without the character NUL (1.5.4). What is as long as said is there before anything is allocated for it.</summary>
    public string Text(string? expected = null)
    {
        var bytes = Run(TwoBytes());
        if (expected is not null && IsText(bytes, expected))
        {
            return expected;
        }

        try
        {
            var text = Strict.GetString(bytes);
            return text.Contains('\0', StringComparison.Ordinal) ? throw BadPacketException.Malformed("A text contains the character NUL.") : text;
        }
        catch (DecoderFallbackException)
        {
            throw BadPacketException.Malformed("A text is not UTF-8.");
        }
    }

    public byte[] Binary() => Run(TwoBytes()).ToArray();

    public ReadOnlySequence<byte> Rest() => Run((int)reader.Remaining);

    /// <summary>The next so many bytes, as a body of their own.</summary>
    public ReadOnlySequence<byte> Run(int length)
    {
        if (length > reader.Remaining)
        {
            throw Short();
        }

        var run = reader.Sequence.Slice(reader.Position, length);
        reader.Advance(length);
        return run;
    }

    public readonly void MustEnd(string packet)
    {
        if (Left > 0)
        {
            throw BadPacketException.Malformed($"{packet} is longer than what it holds.");
        }
    }

    private void Fill(scoped Span<byte> span)
    {
        if (!reader.TryCopyTo(span))
        {
            throw Short();
        }

        reader.Advance(span.Length);
    }

    /// <summary>Devices publish to one topic over and over: the text is known without being made again.</summary>
    private static bool IsText(in ReadOnlySequence<byte> bytes, string expected)
    {
        const int Longest = 512;
        if (!bytes.IsSingleSegment || bytes.Length > Longest || Encoding.UTF8.GetByteCount(expected) != bytes.Length)
        {
            return false;
        }

        Span<byte> text = stackalloc byte[Longest];
        return bytes.FirstSpan.SequenceEqual(text[..Encoding.UTF8.GetBytes(expected, text)]);
    }

    private static BadPacketException Short() => BadPacketException.Malformed("The packet ends before what it should hold.");
}
