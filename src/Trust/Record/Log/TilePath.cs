using System.Globalization;
using System.Text.RegularExpressions;

namespace Madang.Trust.Record.Log;

/// <summary>Where tiles lie below a log's folder (C2SP tlog-tiles).</summary>
internal static partial class TilePath
{
    /// <summary>Hashes in a full tile, entries in a full bundle.</summary>
    public const int Width = 256;

    /// <summary>Leaves are doubled so often from one level of tiles to the next: 2^8 = 256.</summary>
    public const int Height = 8;

    public const string Checkpoint = "checkpoint";

    /// <summary>Five groups of digits and a width: more than 10^15 tiles no log has.</summary>
    private const int LongestText = 26;

    /// <summary>The file of a tile of hashes; a partial one has fewer than 256.</summary>
    public static string Tile(int level, long index, int width = Width) =>
        Part("tile/" + level.ToString(CultureInfo.InvariantCulture) + "/" + Digits(index), width);

    /// <summary>The file of a bundle of entries.</summary>
    public static string Entries(long index, int width = Width) => Part("tile/entries/" + Digits(index), width);

    /// <summary>How many full tiles a level has in a tree of this size.</summary>
    public static long Full(long size, int level) => size >> (Height * (level + 1));

    /// <summary>How many hashes the partial tile of a level has; 0 for none.</summary>
    public static int Partial(long size, int level) => (int)((size >> (Height * level)) % Width);

    /// <summary>How many levels of tiles a tree of this size has.</summary>
    public static int Levels(long size)
    {
        var levels = 0;
        while (levels * Height < 63 && size >> (Height * levels) > 0)
        {
            levels++;
        }

        return levels;
    }

    /// <summary>The index and the width that a path speaks of, as in <c>x001/x234/067.p/8</c>; null when it is not written exactly so.</summary>
    public static (long Index, int Width)? TryRead(string text)
    {
        if (text.Length > LongestText || Form().Match(text) is not { Success: true } form)
        {
            return null;
        }

        var index = long.Parse(form.Groups["digits"].Value.Replace("x", "", StringComparison.Ordinal).Replace("/", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        var width = form.Groups["width"] is { Success: true, Value: var partial } ? int.Parse(partial, CultureInfo.InvariantCulture) : Width;
        // Each has one way to be written: no zeroes in front, no full tile as a partial one.
        return Part(Digits(index), width) == text && width is > 0 and <= Width ? (index, width) : null;
    }

    /// <summary>A level from 0 to 63, written without zeroes in front.</summary>
    public static int? TryReadLevel(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var level) && level < 64 && level.ToString(CultureInfo.InvariantCulture) == text ? level : null;

    private static string Part(string path, int width) => width == Width ? path : path + ".p/" + width.ToString(CultureInfo.InvariantCulture);

    /// <summary>1234067 becomes x001/x234/067.</summary>
    private static string Digits(long index)
    {
        var digits = (index % 1000).ToString("000", CultureInfo.InvariantCulture);
        for (var rest = index / 1000; rest > 0; rest /= 1000)
        {
            digits = "x" + (rest % 1000).ToString("000", CultureInfo.InvariantCulture) + "/" + digits;
        }

        return digits;
    }

    [GeneratedRegex(@"^(?<digits>(x[0-9]{3}/)*[0-9]{3})(\.p/(?<width>[0-9]{1,3}))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
