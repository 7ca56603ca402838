using System.Globalization;
using Madang.Kernel;

namespace Madang.Sensing.Doors;

/// <summary>A moment as a device writes it.</summary>
internal static class DeviceTime
{
    /// <summary>ISO 8601 without a zone, with a T or a space, to the second or a part of it.</summary>
    private static readonly string[] Local = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFFF"];

    public static DateTimeOffset? Read(TimePlace place, in Cell cell)
    {
        var text = cell.Text.Trim();
        return place.Format switch
        {
            TimePlace.Unix => Since1970(cell, 1_000_000),
            TimePlace.UnixMillis => Since1970(cell, 1_000),
            TimePlace.Iso => IsoTime.TryParse(text, out var instant) ? instant : DateTime.TryParseExact(text, Local, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) ? In(place.Zone, local) : null,
            _ when place.Format.Contains('z', StringComparison.Ordinal) || place.Format.Contains('K', StringComparison.Ordinal) =>
                DateTimeOffset.TryParseExact(text, place.Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var zoned) ? zoned : null,
            _ => DateTime.TryParseExact(text, place.Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var exact) ? In(place.Zone, exact) : null,
        };
    }

    private static DateTimeOffset? Since1970(in Cell cell, decimal micros)
    {
        // Well beyond the times that are kept, and within what a moment can be.
        const decimal most = 8_000_000_000_000_000;
        return cell.IsNumber && Math.Abs(cell.Number) <= most / micros ? IsoTime.FromMicros((long)(cell.Number * micros)) : null;
    }

    /// <summary>A time that a zone never showed, because its clocks were set forward, is none.</summary>
    private static DateTimeOffset? In(TimeZoneInfo zone, DateTime local) => zone.IsInvalidTime(local) ? null : new DateTimeOffset(local, zone.GetUtcOffset(local));
}
