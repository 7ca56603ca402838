using System.Reflection;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Fonts.TrueType;
using UglyToad.PdfPig.Fonts.TrueType.Parser;

namespace Madang.Web.Paper;

/// <summary>One weight of the pages' font, as paper needs it: its file, which letters it has, and how wide each is.</summary>
internal sealed class Typeface
{
    /// <summary>What stands for a letter that the font lacks.</summary>
    public const char Missing = '?';

    /// <summary>Letters that the font lacks and that others say as well: units of air and of numbers.</summary>
    private static readonly Dictionary<char, string> Otherwise = new() { ['㎍'] = "μg", ['㎥'] = "m³", ['㎡'] = "m²", ['㎞'] = "km", ['㎎'] = "mg", ['№'] = "No.", ['▲'] = "", ['◆'] = "", ['■'] = "", ['\u00A0'] = " ", ['\t'] = " " };

    private readonly TrueTypeFont font;
    private readonly double unitsPerEm;

    private Typeface(byte[] file)
    {
        File = file;
        font = TrueTypeFontParser.Parse(new TrueTypeDataBytes(new MemoryInputBytes(file)));
        unitsPerEm = font.TableRegister.HeaderTable.UnitsPerEm;
    }

    /// <summary>The TrueType file.</summary>
    public byte[] File { get; }

    /// <summary>A weight that the build put into this assembly; null when it did not.</summary>
    public static Typeface? Find(string weight)
    {
        using var packed = Assembly.GetExecutingAssembly().GetManifestResourceStream($"fonts/{weight}.woff");
        if (packed is null)
        {
            return null;
        }

        using var bytes = new MemoryStream();
        packed.CopyTo(bytes);
        return new Typeface(WoffFile.Unpack(bytes.ToArray()));
    }

    /// <summary>A text in letters that the font has.</summary>
    public string Fitting(string text) => string.Concat(text.Select(letter =>
        Has(letter) ? letter.ToString() : char.IsLowSurrogate(letter) ? "" : Otherwise.TryGetValue(letter, out var other) && other.All(Has) ? other : char.IsControl(letter) ? " " : Missing.ToString()));

    /// <summary>How wide a text is, in letters that the font has.</summary>
    public double Width(string text, double size) => text.Sum(letter => Advance(letter) * size / unitsPerEm);

    private double Advance(char letter) => Glyph(letter) is { } glyph && font.TableRegister.HorizontalMetricsTable is { } metrics ? metrics.GetAdvanceWidth(glyph) : unitsPerEm;

    private bool Has(char letter) => Glyph(letter) is not null;

    private int? Glyph(char letter) => font.TableRegister.CMapTable is { } map && map.TryGetGlyphIndex(letter, out var glyph) && glyph > 0 ? glyph : null;
}
