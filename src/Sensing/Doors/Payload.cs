using System.Globalization;
using System.Text;
using System.Text.Json;
using Madang.Kernel;

namespace Madang.Sensing.Doors;

/// <summary>A payload that is not of its door's format; nothing of it can be read.</summary>
internal sealed class UnreadableException(string reason) : Exception(reason);

/// <summary>Cuts a payload into its records.</summary>
internal static class Payload
{
    private const int MostColumns = 1_000;

    private static readonly Encoding Utf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);
    private static readonly Encoding Cp949 = CodePagesEncodingProvider.Instance.GetEncoding(949, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    /// <summary>The records in their order. What was kept is text in UTF-8 already, whatever the door's encoding.</summary>
    public static List<DoorRecord> Read(PayloadFormat format, ReadOnlyMemory<byte> bytes, bool isUtf8, int depth, int most)
    {
        var records = format.IsCsv ? Csv(format, Decode(format, bytes.Span, isUtf8), most) : Json(format, bytes, depth, most);
        return records.Count > 0 ? records : throw new UnreadableException(format.IsCsv ? "there is no line behind the header" : "there is no record in it");
    }

    private static string Decode(PayloadFormat format, ReadOnlySpan<byte> bytes, bool isUtf8)
    {
        var encoding = isUtf8 || !format.IsCp949 ? Utf8 : Cp949;
        bytes = bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[3..] : bytes;
        try
        {
            return encoding.GetString(bytes);
        }
        catch (DecoderFallbackException bad)
        {
            throw new UnreadableException(string.Create(CultureInfo.InvariantCulture, $"byte {bad.Index + 1} does not fit the encoding {(encoding == Utf8 ? "utf-8" : "cp949")}"));
        }
    }

    private static List<DoorRecord> Json(PayloadFormat format, ReadOnlyMemory<byte> bytes, int depth, int most)
    {
        JsonElement root;
        if (!System.Text.Unicode.Utf8.IsValid(bytes.Span))
        {
            throw new UnreadableException("is not UTF-8, and so no JSON");
        }

        try
        {
            root = JsonElement.Parse(bytes.Span.StartsWith(Encoding.UTF8.Preamble) ? bytes.Span[3..] : bytes.Span, new JsonDocumentOptions { MaxDepth = depth, AllowDuplicateProperties = false });
        }
        catch (JsonException broken)
        {
            throw new UnreadableException(JsonFault.Reason(broken, bytes.Span.StartsWith(Encoding.UTF8.Preamble) ? bytes.Span[3..] : bytes.Span, depth));
        }

        if (format.Records.Find(root) is not { } found)
        {
            throw new UnreadableException("there is nothing where the mapping says records are");
        }

        if (!format.Records.IsEach)
        {
            return [new JsonRecord(format, root, found)];
        }

        if (found.ValueKind != JsonValueKind.Array)
        {
            throw new UnreadableException("there is no array where the mapping says records are");
        }

        return found.GetArrayLength() <= most ? [.. found.EnumerateArray().Select(record => new JsonRecord(format, root, record))] : throw TooMany(most);
    }

    private static List<DoorRecord> Csv(PayloadFormat format, string text, int most)
    {
        var records = new List<DoorRecord>();
        Dictionary<string, int>? columns = format.HasHeader ? null : Enumerable.Range(1, MostColumns).ToDictionary(number => number.ToString(CultureInfo.InvariantCulture), number => number - 1);
        string? header = null;
        var width = 0;
        for (var at = 0; at < text.Length;)
        {
            var start = at;
            var cells = ReadLine(text, ref at, format.Delimiter, out var trouble);
            var line = text[start..at].TrimEnd('\r', '\n');
            if (line.Length == 0)
            {
                continue;
            }

            if (columns is null)
            {
                (header, columns, width) = (line, Header(cells, trouble), cells.Length);
                continue;
            }

            trouble ??= width > 0 && cells.Length != width ? string.Create(CultureInfo.InvariantCulture, $"the line has {cells.Length} cells where the header has {width}") : null;
            records.Add(records.Count < most ? new CsvRecord(header, line, cells, columns) { Trouble = trouble } : throw TooMany(most));
        }

        return records;
    }

    private static Dictionary<string, int> Header(string[] cells, string? trouble)
    {
        var columns = new Dictionary<string, int>();
        for (var index = 0; index < cells.Length; index++)
        {
            if (!columns.TryAdd(cells[index].Trim(), index))
            {
                trouble ??= $"the header names '{cells[index].Trim()}' twice";
            }
        }

        return trouble is null ? columns : throw new UnreadableException(trouble);
    }

    /// <summary>Reads one line (RFC 4180), which a quoted cell may carry over several lines of text.</summary>
    private static string[] ReadLine(string text, ref int at, char delimiter, out string? trouble)
    {
        var cells = new List<string>();
        trouble = null;
        while (true)
        {
            cells.Add(at < text.Length && text[at] == '"' ? Quoted(text, ref at, delimiter, ref trouble) : Plain(text, ref at, delimiter));
            if (cells.Count > MostColumns)
            {
                throw new UnreadableException(string.Create(CultureInfo.InvariantCulture, $"a line has more than {MostColumns} cells"));
            }

            if (at >= text.Length || text[at] != delimiter)
            {
                break;
            }

            at++;
        }

        at += at < text.Length && text[at] == '\r' ? 1 : 0;
        at += at < text.Length && text[at] == '\n' ? 1 : 0;
        return [.. cells];
    }

    private static string Plain(string text, ref int at, char delimiter)
    {
        var length = text.AsSpan(at).IndexOfAny(delimiter, '\r', '\n');
        var cell = length < 0 ? text[at..] : text.Substring(at, length);
        at += cell.Length;
        return cell;
    }

    private static string Quoted(string text, ref int at, char delimiter, ref string? trouble)
    {
        var cell = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '"')
            {
                cell.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == '"')
            {
                cell.Append(text[at++]);
            }
            else
            {
                at++;
                if (Plain(text, ref at, delimiter).Length > 0)
                {
                    trouble ??= "a quote stands inside a cell without being doubled";
                }

                return cell.ToString();
            }
        }

        trouble ??= "a quote is not closed";
        return cell.ToString();
    }

    private static UnreadableException TooMany(int most) => new(string.Create(CultureInfo.InvariantCulture, $"has more than {most:N0} records; send it in several requests"));
}
