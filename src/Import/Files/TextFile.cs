using System.Text;
using Madang.Kernel;

namespace Madang.Import.Files;

/// <summary>A text file in an encoding that its owner named. It is read through once before the import, so that no byte that does not fit is lost in silence.</summary>
internal static class TextFile
{
    /// <summary>A line longer than this is no line of a table.</summary>
    private const int MostLineBytes = 1024 * 1024;

    /// <summary>The encodings a map may name. The newline, comma and quote of each stand alone, never inside another character.</summary>
    public static readonly string[] Encodings = ["utf-8", "cp949", "latin1"];

    public static Encoding? FindEncoding(string name) => name.ToLowerInvariant() switch
    {
        "utf-8" or "utf8" => new UTF8Encoding(false, throwOnInvalidBytes: true),
        "cp949" or "euc-kr" or "uhc" => CodePagesEncodingProvider.Instance.GetEncoding(949, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback),
        "latin1" or "iso-8859-1" => Encoding.Latin1,
        _ => null,
    };

    public static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException("FILE", missing.Message);
        }
    }

    /// <summary>Opens the text behind its byte order mark, if there is one.</summary>
    public static StreamReader OpenText(string path, Encoding encoding)
    {
        var stream = Open(path);
        Span<byte> start = stackalloc byte[3];
        var read = stream.ReadAtLeast(start, 3, throwOnEndOfStream: false);
        stream.Position = read == 3 && encoding is UTF8Encoding && start.SequenceEqual(Encoding.UTF8.Preamble) ? 3 : 0;
        return new StreamReader(stream, encoding, detectEncodingFromByteOrderMarks: false);
    }

    /// <summary>Counts the lines, and refuses the first that is not text in this encoding.</summary>
    public static long CountLines(string path, Encoding encoding, string name)
    {
        using var stream = Open(path);
        var buffer = new byte[MostLineBytes];
        var (held, lines) = (0, 0L);
        while (stream.Read(buffer, held, buffer.Length - held) is > 0 and var read)
        {
            held += read;
            var rest = buffer.AsSpan(0, held);
            while (rest.IndexOf((byte)'\n') is >= 0 and var end)
            {
                Decode(rest[..end], ++lines);
                rest = rest[(end + 1)..];
            }

            if (rest.Length == buffer.Length)
            {
                throw new InvalidInputException($"line {lines + 1}", "is longer than a megabyte; is this a text file?");
            }

            held = rest.Length;
            rest.CopyTo(buffer);
        }

        if (held > 0)
        {
            Decode(buffer.AsSpan(0, held), ++lines);
        }

        return lines > 0 ? lines : throw new InvalidInputException("FILE", "is empty");

        void Decode(ReadOnlySpan<byte> line, long number)
        {
            try
            {
                encoding.GetCharCount(line);
            }
            catch (DecoderFallbackException bad)
            {
                var bytes = Convert.ToHexString(bad.BytesUnknown ?? []);
                throw new InvalidInputException($"line {number}", $"byte {bad.Index + 1} of the line (hex {bytes}) does not fit the encoding {name}; is 'file.encoding' of the map right? It may be {string.Join(", ", Encodings)}");
            }
        }
    }
}
