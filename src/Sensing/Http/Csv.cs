using System.Globalization;
using System.Text;

namespace Madang.Sensing.Http;

/// <summary>Comma-separated values (RFC 4180) that spreadsheets open right: UTF-8 with its mark, and no text that one would run as a formula.</summary>
internal sealed class Csv
{
    private readonly StringBuilder text = new("\uFEFF");
    private bool begun;

    public Csv Text(string cell)
    {
        // A text that begins so is a formula to a spreadsheet; an apostrophe makes it text again.
        var harmless = cell is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + cell : cell;
        return Raw(harmless.AsSpan().IndexOfAny(",\"\r\n") < 0 ? harmless : $"\"{harmless.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
    }

    public Csv Number(double value) => Raw(value.ToString("R", CultureInfo.InvariantCulture));

    public Csv Number(long value) => Raw(value.ToString(CultureInfo.InvariantCulture));

    public Csv EndLine()
    {
        text.Append("\r\n");
        begun = false;
        return this;
    }

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(text.ToString());

    private Csv Raw(string cell)
    {
        if (begun)
        {
            text.Append(',');
        }

        text.Append(cell);
        begun = true;
        return this;
    }
}
