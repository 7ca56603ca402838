using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;

namespace Madang.Web.Paper;

/// <summary>Unpacks a font of the web (WOFF 1.0, W3C 2012) into the TrueType file that it was made from; paper knows no other form.</summary>
internal static class WoffFile
{
    private const int Head = 44, Entry = 20, OffsetHead = 12, OffsetEntry = 16;

    private readonly record struct Table(uint Tag, uint Checksum, byte[] Data);

    public static byte[] Unpack(ReadOnlyMemory<byte> woff)
    {
        var file = woff.Span;
        if (file.Length < Head || !file.StartsWith("wOFF"u8))
        {
            throw new InvalidDataException("The font is no WOFF file.");
        }

        var tables = new List<Table>();
        for (int i = 0, count = BinaryPrimitives.ReadUInt16BigEndian(file[12..]); i < count; i++)
        {
            var entry = file.Slice(Head + (Entry * i), Entry);
            var packed = woff.Slice(Whole(entry[4..]), Whole(entry[8..]));
            tables.Add(new(BinaryPrimitives.ReadUInt32BigEndian(entry), BinaryPrimitives.ReadUInt32BigEndian(entry[16..]), Data(packed, Whole(entry[12..]))));
        }

        return Write(BinaryPrimitives.ReadUInt32BigEndian(file[4..]), tables);
    }

    private static int Whole(ReadOnlySpan<byte> bytes) => checked((int)BinaryPrimitives.ReadUInt32BigEndian(bytes));

    /// <summary>A table that would not shrink is in the file as it is.</summary>
    private static byte[] Data(ReadOnlyMemory<byte> packed, int length)
    {
        var data = new byte[length];
        if (packed.Length == length)
        {
            packed.CopyTo(data);
            return data;
        }

        using var stream = new ZLibStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
        stream.ReadExactly(data);
        return data;
    }

    /// <summary>The table of offsets (OpenType 1.9, "Organization of an OpenType Font"), then the tables, each at a multiple of four.</summary>
    private static byte[] Write(uint flavour, List<Table> tables)
    {
        var size = OffsetHead + (OffsetEntry * tables.Count);
        var font = new byte[size + tables.Sum(table => Padded(table.Data.Length))];
        var powers = BitOperations.Log2((uint)tables.Count);
        BinaryPrimitives.WriteUInt32BigEndian(font, flavour);
        Short(4, tables.Count);
        Short(6, (1 << powers) * 16);
        Short(8, powers);
        Short(10, (tables.Count * 16) - ((1 << powers) * 16));
        for (int i = 0, at = size; i < tables.Count; at += Padded(tables[i].Data.Length), i++)
        {
            var entry = font.AsSpan(OffsetHead + (OffsetEntry * i));
            BinaryPrimitives.WriteUInt32BigEndian(entry, tables[i].Tag);
            BinaryPrimitives.WriteUInt32BigEndian(entry[4..], tables[i].Checksum);
            BinaryPrimitives.WriteUInt32BigEndian(entry[8..], (uint)at);
            BinaryPrimitives.WriteUInt32BigEndian(entry[12..], (uint)tables[i].Data.Length);
            tables[i].Data.CopyTo(font, at);
        }

        return font;

        void Short(int at, int value) => BinaryPrimitives.WriteUInt16BigEndian(font.AsSpan(at), (ushort)value);
    }

    private static int Padded(int length) => (length + 3) & ~3;
}
