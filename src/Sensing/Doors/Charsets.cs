using System.Globalization;
using System.Text;
using Madang.Kernel;
using Microsoft.AspNetCore.Http;

namespace Madang.Sensing.Doors;

/// <summary>The charset that a request's Content-Type names: UTF-8, or the Korean one that Windows writes, by each of its names (WHATWG Encoding, 4.2).</summary>
internal static class Charsets
{
    private static readonly Encoding Utf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);
    private static readonly Encoding Cp949 = CodePagesEncodingProvider.Instance.GetEncoding(949, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    private static readonly Dictionary<string, Encoding> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["utf-8"] = Utf8, ["utf8"] = Utf8, ["us-ascii"] = Utf8,
        ["euc-kr"] = Cp949, ["cp949"] = Cp949, ["ms949"] = Cp949, ["uhc"] = Cp949, ["windows-949"] = Cp949, ["x-windows-949"] = Cp949, ["ks_c_5601-1987"] = Cp949, ["ksc5601"] = Cp949,
    };

    /// <summary>Null when the request names none: then the door's mapping says what it is.</summary>
    public static Encoding? Of(HttpRequest request)
    {
        var said = request.GetTypedHeaders().ContentType?.Charset.Value?.Trim('"');
        return string.IsNullOrEmpty(said) ? null
            : Known.TryGetValue(said, out var known) ? known
            : throw new InvalidInputException("Content-Type", $"charset '{said}' is not known here; utf-8 and euc-kr (cp949) are", 415);
    }

    /// <summary>The same text in UTF-8. What says to be that is judged where it is read, and kept where it is not.</summary>
    public static ReadOnlyMemory<byte> ToUtf8(Encoding? charset, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return charset == Cp949 ? Utf8.GetBytes(Cp949.GetString(bytes.Span)) : bytes;
        }
        catch (DecoderFallbackException bad)
        {
            throw new InvalidInputException("body", string.Create(CultureInfo.InvariantCulture, $"byte {bad.Index + 1} does not fit the charset that Content-Type names"));
        }
    }
}
