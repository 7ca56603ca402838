using System.Globalization;
using System.Text;

namespace Madang.Operations.Door;

/// <summary>Writes CSV (RFC 4180) in UTF-8 with a byte order mark, without which spreadsheets take Korean for something else.</summary>
internal sealed class CsvText
{
    private readonly StringBuilder text = new();
    private bool begun;

    /// <summary>Words that others may have written: what a spreadsheet would run as a formula gets an apostrophe before it.</summary>
    public CsvText Text(string words) => Plain(words is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + words : words);

    /// <summary>A number as it is; nothing for null.</summary>
    public CsvText Number(double? number) => Plain(number?.ToString("R", CultureInfo.InvariantCulture) ?? "");

    /// <summary>Words of our own.</summary>
    public CsvText Plain(string words)
    {
        if (begun)
        {
            text.Append(',');
        }

        begun = true;
        if (words.AsSpan().IndexOfAny("\",\r\n") < 0)
        {
            text.Append(words);
        }
        else
        {
            text.Append('"').Append(words.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }

        return this;
    }

    /// <summary>Ends a line.</summary>
    public void End()
    {
        text.Append("\r\n");
        begun = false;
    }

    /// <summary>What has been written since the last call, without the mark: for what is sent a stretch at a time.</summary>
    public byte[] Take()
    {
        var stretch = Encoding.UTF8.GetBytes(text.ToString());
        text.Clear();
        return stretch;
    }

    public byte[] ToBytes() => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text.ToString())];
}
