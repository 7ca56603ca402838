using System.Globalization;
using System.Text;

namespace Madang.Import.Files;

/// <summary>What could not be stored, as a table that a person can mend: line, column, value, reason. The file is made with the first row.</summary>
internal sealed class RejectedRows(string path) : IDisposable
{
    private const int MostValueLength = 1_000;

    private StreamWriter? writer;

    public long Count { get; private set; }

    public void Add(long line, string column, string value, string reason)
    {
        if (writer is null)
        {
            // The mark lets spreadsheet programs see that it is UTF-8.
            writer = new StreamWriter(path, false, new UTF8Encoding(true)) { NewLine = "\r\n" };
            writer.WriteLine("line,column,value,reason");
        }

        Count++;
        writer.WriteLine(string.Join(',', line.ToString(CultureInfo.InvariantCulture), Cell(column), Cell(value[..Math.Min(value.Length, MostValueLength)]), Cell(reason)));
    }

    public void Dispose() => writer?.Dispose();

    /// <summary>Quoted where it must be; a cell that a spreadsheet program would take for a formula gets an apostrophe before it.</summary>
    private static string Cell(string text)
    {
        var safe = text is ['=' or '+' or '@', ..] || (text is ['-', ..] && !decimal.TryParse(text, CultureInfo.InvariantCulture, out _)) ? "'" + text : text;
        return safe.AsSpan().ContainsAny(",\"\r\n") ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}
