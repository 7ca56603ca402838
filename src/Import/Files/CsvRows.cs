using System.Text;
using Madang.Kernel;

namespace Madang.Import.Files;

/// <summary>One row with the line it begins on; <c>Trouble</c> says why it is no row of this table.</summary>
internal sealed record CsvRow(long Line, string[] Cells, string? Trouble);

/// <summary>A table's header and its rows, one at a time (RFC 4180; lines may end in any way). A quote that is not closed is told, never guessed.</summary>
internal sealed class CsvRows : IDisposable
{
    private const int MostCellLength = 100_000;
    private const string OpenQuote = "a quote is not closed; is the file cut off?";

    private readonly TextReader text;
    private readonly char delimiter;
    private readonly StringBuilder cell = new();
    private long line = 1;

    public CsvRows(TextReader text, string delimiter)
    {
        (this.text, this.delimiter) = (text, delimiter[0]);
        var header = ReadOne() ?? throw new InvalidInputException("line 1", "there is no header");
        if (header.Trouble is { } trouble)
        {
            throw new InvalidInputException("line 1", trouble);
        }

        Header = [.. header.Cells.Select(name => name.Trim())];
    }

    public string[] Header { get; }

    public IEnumerable<CsvRow> Read()
    {
        while (ReadOne() is { } row)
        {
            if (row is { Cells: [""], Trouble: null })
            {
                continue;
            }

            yield return row.Trouble is null && row.Cells.Length != Header.Length
                ? row with { Trouble = $"the row has {row.Cells.Length} cells where the header has {Header.Length}; is the file cut off, or the delimiter another?" }
                : row;
        }
    }

    public void Dispose() => text.Dispose();

    private CsvRow? ReadOne()
    {
        if (text.Peek() < 0)
        {
            return null;
        }

        var (start, cells, trouble) = (line, new List<string>(), (string?)null);
        while (true)
        {
            var end = ReadCell(ref trouble);
            cells.Add(cell.ToString());
            if (end != delimiter)
            {
                return new CsvRow(start, [.. cells], trouble);
            }
        }
    }

    /// <summary>Reads one cell and answers what ended it: the delimiter, the end of the line, or the end of the file (-1).</summary>
    private int ReadCell(ref string? trouble)
    {
        cell.Clear();
        if (text.Peek() == '"')
        {
            text.Read();
            ReadQuoted(ref trouble);
        }

        while (true)
        {
            var next = text.Read();
            if (next < 0 || next == delimiter)
            {
                return next;
            }

            if (next is '\r' or '\n')
            {
                EndLine(next);
                return '\n';
            }

            Keep((char)next, ref trouble);
        }
    }

    private void ReadQuoted(ref string? trouble)
    {
        while (true)
        {
            var next = text.Read();
            if (next < 0)
            {
                trouble ??= OpenQuote;
                return;
            }

            if (next == '"' && text.Peek() != '"')
            {
                if (text.Peek() is not (-1 or '\r' or '\n') && text.Peek() != delimiter)
                {
                    trouble ??= "a quote stands inside a cell without being doubled";
                }

                return;
            }

            if (next == '"')
            {
                text.Read();
            }
            else if (next is '\r' or '\n')
            {
                EndLine(next);
                next = '\n';
            }

            Keep((char)next, ref trouble);
        }
    }

    /// <summary>A cell without end is read to its end, and not kept: the file may be larger than the memory.</summary>
    private void Keep(char character, ref string? trouble)
    {
        if (cell.Length < MostCellLength)
        {
            cell.Append(character);
        }
        else
        {
            trouble ??= $"a cell is longer than {MostCellLength} characters; is a quote not closed?";
        }
    }

    private void EndLine(int first)
    {
        line++;
        if (first == '\r' && text.Peek() == '\n')
        {
            text.Read();
        }
    }
}
