using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Madang.Sensing.Mqtt.Packets;

/// <summary>Writes the data types of clause 1.5.</summary>
internal static class WireTypes
{
    /// <summary>The largest remaining length (2.1.4).</summary>
    private const int Largest = 268_435_455;

    public static int LengthOf(uint variable) => variable < 128 ? 1 : variable < 16_384 ? 2 : variable < 2_097_152 ? 3 : 4;

    public static void Head(IBufferWriter<byte> output, byte first, long length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Largest);
        Byte(output, first);
        Variable(output, (uint)length);
    }

    public static void Byte(IBufferWriter<byte> output, byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    public static void TwoBytes(IBufferWriter<byte> output, ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(output.GetSpan(2), value);
        output.Advance(2);
    }

    public static void Variable(IBufferWriter<byte> output, uint value)
    {
        do
        {
            Byte(output, (byte)((value & 0x7F) | (value > 0x7F ? 0x80u : 0)));
            value >>= 7;
        }
        while (value > 0);
    }

    public static void Text(IBufferWriter<byte> output, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, ushort.MaxValue);
        TwoBytes(output, (ushort)length);
        output.Advance(Encoding.UTF8.GetBytes(text, output.GetSpan(length)));
    }

    public static void Binary(IBufferWriter<byte> output, byte[] data)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(data.Length, ushort.MaxValue);
        TwoBytes(output, (ushort)data.Length);
        output.Write(data);
    }
}
