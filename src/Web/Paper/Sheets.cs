using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Writer;

namespace Madang.Web.Paper;

/// <summary>A document of A4 sheets that fills from top to bottom: headings, lines that are broken where they end, and tables whose head is on every sheet.</summary>
internal sealed class Sheets
{
    private const double Margin = 56, Bottom = 64, Wide = 595 - (2 * Margin), Leading = 1.45, Body = 10;

    private readonly PdfDocumentBuilder document;
    private readonly Ink plain, bold;
    private readonly List<PdfPageBuilder> pages = [];
    private double y;

    public Sheets(PdfDocumentBuilder document, Typeface regular, Typeface strong)
    {
        (this.document, plain, bold) = (document, new Ink(document, regular), new Ink(document, strong));
        Turn();
    }

    /// <summary>A heading, which never stands alone at the foot of a sheet.</summary>
    public void Heading(string text, double size)
    {
        Room((size * Leading) + 40);
        y -= size * 0.6;
        Lines(bold, text, size);
        y -= 4;
    }

    /// <summary>A paragraph.</summary>
    public void Say(string text, bool isStrong = false)
    {
        Lines(isStrong ? bold : plain, text, Body);
        y -= 3;
    }

    /// <summary>A table: each row stays in one piece where it fits on a sheet, and the head comes again on each.</summary>
    /// <param name="columns">Heads and widths; the widths are shares of the whole.</param>
    /// <param name="rows">The rows, a text for each column.</param>
    public void Table(IReadOnlyList<(string Head, double Share)> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var starts = columns.Select((_, i) => columns.Take(i).Sum(column => column.Share) * Wide).ToList();
        Room(60);
        Head();
        foreach (var row in rows)
        {
            var cells = row.Select((text, i) => Break(plain.Face, text, 9, (columns[i].Share * Wide) - 8)).ToList();
            for (int from = 0, most = cells.Max(cell => cell.Count); from < most;)
            {
                var fitting = (int)((y - Bottom - 6) / (9 * Leading));
                if (fitting < Math.Min(most - from, 30))
                {
                    Turn();
                    Head();
                    fitting = (int)((y - Bottom - 6) / (9 * Leading));
                }

                var count = Math.Min(fitting, most - from);
                for (var line = 0; line < count; line++)
                {
                    y -= 9 * Leading;
                    for (var i = 0; i < cells.Count; i++)
                    {
                        if (from + line < cells[i].Count)
                        {
                            plain.Write(pages[^1], cells[i][from + line], 9, Margin + starts[i], y);
                        }
                    }
                }

                from += count;
            }

            y -= 4;
            Rule(0.3);
        }

        y -= 8;

        void Head()
        {
            y -= 9 * Leading;
            for (var i = 0; i < columns.Count; i++)
            {
                bold.Write(pages[^1], bold.Face.Fitting(columns[i].Head), 9, Margin + starts[i], y);
            }

            y -= 4;
            Rule(0.8);
        }
    }

    /// <summary>Writes what stands on every sheet; only now it is known how many there are.</summary>
    public void Finish(string left, Func<int, int, string> number)
    {
        for (var i = 0; i < pages.Count; i++)
        {
            var (foot, page) = (plain.Face.Fitting(left), plain.Face.Fitting(number(i + 1, pages.Count)));
            plain.Write(pages[i], foot, 8, Margin, 36);
            plain.Write(pages[i], page, 8, Margin + Wide - plain.Face.Width(page, 8), 36);
        }
    }

    /// <summary>A text in lines that are not wider than this; words stay whole where they fit on a line.</summary>
    internal static List<string> Break(Typeface face, string text, double size, double width)
    {
        var lines = new List<string>();
        foreach (var paragraph in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var line = "";
            foreach (var word in face.Fitting(paragraph).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var rest = word;
                if (line.Length > 0 && face.Width($"{line} {rest}", size) > width)
                {
                    lines.Add(line);
                    line = "";
                }

                while (face.Width(rest, size) > width && rest.Length > 1)
                {
                    var most = Enumerable.Range(1, rest.Length - 1).TakeWhile(count => face.Width(rest[..count], size) <= width).LastOrDefault(1);
                    lines.Add(rest[..most]);
                    rest = rest[most..];
                }

                line = line.Length > 0 ? $"{line} {rest}" : rest;
            }

            lines.Add(line);
        }

        return lines;
    }

    private void Lines(Ink ink, string text, double size)
    {
        foreach (var line in Break(ink.Face, text, size, Wide))
        {
            Room(size * Leading);
            y -= size * Leading;
            ink.Write(pages[^1], line, size, Margin, y);
        }
    }

    private void Rule(double thick) => pages[^1].DrawLine(new(Margin, y), new(Margin + Wide, y), thick);

    private void Room(double height)
    {
        if (y - height < Bottom)
        {
            Turn();
        }
    }

    private void Turn()
    {
        pages.Add(document.AddPage(PageSize.A4));
        y = 842 - Margin;
    }
}
