using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Madang.Web.Pages.Ask;

/// <summary>JSON in lines, as far as it is there: of a long answer only the beginning is kept.</summary>
internal static class PrettyJson
{
    /// <summary>As many bytes are shown; more would be no page to read.</summary>
    private const int MostShown = 48 * 1024;

    private static readonly JsonWriterOptions Written = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The text, and whether it is all of it.</summary>
    /// <param name="json">The beginning of an answer.</param>
    /// <param name="isAll">True when it is the whole answer.</param>
    public static (string Text, bool IsWhole) Of(ReadOnlySpan<byte> json, bool isAll)
    {
        var lines = new ArrayBufferWriter<byte>();
        var whole = true;
        using (var writer = new Utf8JsonWriter(lines, Written))
        {
            var reader = new Utf8JsonReader(json, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = 128 }));
            try
            {
                while (reader.Read())
                {
                    if (writer.BytesCommitted + writer.BytesPending > MostShown)
                    {
                        whole = false;
                        break;
                    }

                    Write(writer, ref reader);
                }
            }
            catch (JsonException)
            {
                return Plain(json, isAll);
            }
        }

        var text = Encoding.UTF8.GetString(lines.WrittenSpan);
        return whole && isAll ? (text, true) : (text + "\n…", false);
    }

    /// <summary>What is no JSON, as it is.</summary>
    public static (string Text, bool IsWhole) Plain(ReadOnlySpan<byte> content, bool isAll) =>
        content.Length > MostShown ? (Text(content[..MostShown]) + "…", false) : (Text(content), isAll);

    /// <summary>Without the mark with which a CSV begins.</summary>
    private static string Text(ReadOnlySpan<byte> content) => Encoding.UTF8.GetString(content).TrimStart('\uFEFF');

    private static void Write(Utf8JsonWriter writer, ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                writer.WriteStartObject();
                break;
            case JsonTokenType.EndObject:
                writer.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                break;
            case JsonTokenType.EndArray:
                writer.WriteEndArray();
                break;
            case JsonTokenType.PropertyName:
                writer.WritePropertyName(reader.GetString()!);
                break;
            case JsonTokenType.String:
                writer.WriteStringValue(reader.GetString());
                break;
            default:
                // Numbers as they are written: 38.50 stays 38.50.
                writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                break;
        }
    }
}
