using System.Buffers.Binary;

namespace Madang.Trust.Record.Log;

/// <summary>Entries one behind the other, each behind its length in two bytes, the greater first.</summary>
internal static class Bundle
{
    /// <summary>Takes the next entry off; false when nothing whole is left.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> bundle, out ReadOnlySpan<byte> entry)
    {
        entry = default;
        if (bundle.Length < sizeof(ushort))
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(bundle);
        if (bundle.Length < sizeof(ushort) + length)
        {
            return false;
        }

        entry = bundle.Slice(sizeof(ushort), length);
        bundle = bundle[(sizeof(ushort) + length)..];
        return true;
    }

    /// <summary>The first <paramref name="count"/> entries; null when there are fewer.</summary>
    public static byte[]? Cut(byte[] bundle, int count)
    {
        ReadOnlySpan<byte> rest = bundle;
        for (var number = 0; number < count; number++)
        {
            if (!TryTake(ref rest, out _))
            {
                return null;
            }
        }

        return bundle[..(bundle.Length - rest.Length)];
    }
}
