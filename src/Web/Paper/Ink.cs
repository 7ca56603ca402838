using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Writer;

namespace Madang.Web.Paper;

/// <summary>Writes a weight into one document. A font of a document may hold 255 letters, so it is put in as often as there are more.</summary>
internal sealed class Ink(PdfDocumentBuilder document, Typeface face)
{
    private const int MostLetters = 250;

    private readonly Dictionary<char, PdfDocumentBuilder.AddedFont> letters = [];
    private PdfDocumentBuilder.AddedFont? newest;
    private int inNewest;

    public Typeface Face => face;

    /// <summary>Writes a text in letters that the font has; answers where it ends.</summary>
    public double Write(PdfPageBuilder page, string text, double size, double x, double y)
    {
        for (var start = 0; start < text.Length;)
        {
            var font = Of(text[start]);
            var end = start + 1;
            while (end < text.Length && Of(text[end]) == font)
            {
                end++;
            }

            page.AddText(text[start..end], size, new PdfPoint(x, y), font);
            x += face.Width(text[start..end], size);
            start = end;
        }

        return x;
    }

    private PdfDocumentBuilder.AddedFont Of(char letter)
    {
        if (letters.TryGetValue(letter, out var known))
        {
            return known;
        }

        if (newest is null || inNewest >= MostLetters)
        {
            (newest, inNewest) = (document.AddTrueTypeFont(face.File), 0);
        }

        inNewest++;
        return letters[letter] = newest;
    }
}
