using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Madang.Web.Pages.Ask;

/// <summary>JSON in lines, as far as it is there: of a long answer only the beginning is kept. Short lists of numbers, such as coordinates, stay in one line, and numbers are written as they came: 38.50 stays 38.50.</summary>
internal static class PrettyJson
{
    /// <summary>As many letters are shown; more would be no page to read.</summary>
    private const int MostShown = 48 * 1024;

    /// <summary>A list of at most so many simple values stays in one line.</summary>
    private const int MostInLine = 8;

    /// <summary>The text, and whether it is all of it.</summary>
    /// <param name="json">The beginning of an answer.</param>
    /// <param name="isAll">True when it is the whole answer.</param>
    public static (string Text, bool IsWhole) Of(ReadOnlySpan<byte> json, bool isAll)
    {
        var text = new StringBuilder();
        var reader = new Utf8JsonReader(json, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = 128 }));
        try
        {
            var (before, inLine) = (JsonTokenType.None, false);
            while (reader.Read())
            {
                if (text.Length > MostShown)
                {
                    return (text.Append("\n…").ToString(), false);
                }

                Separate(text, before, reader, inLine);
                inLine = reader.TokenType switch { JsonTokenType.StartArray => IsShort(reader), JsonTokenType.EndArray or JsonTokenType.StartObject => false, _ => inLine };
                Write(text, ref reader);
                before = reader.TokenType;
            }
        }
        catch (JsonException)
        {
            return Plain(json, isAll);
        }

        return isAll ? (text.ToString(), true) : (text.Append("\n…").ToString(), false);
    }

    /// <summary>What is no JSON, as it is.</summary>
    public static (string Text, bool IsWhole) Plain(ReadOnlySpan<byte> content, bool isAll) =>
        content.Length > MostShown ? (Text(content[..MostShown]) + "…", false) : (Text(content), isAll);

    /// <summary>Without the mark with which a CSV begins.</summary>
    private static string Text(ReadOnlySpan<byte> content) => Encoding.UTF8.GetString(content).TrimStart('\uFEFF');

    private static void Separate(StringBuilder text, JsonTokenType before, Utf8JsonReader reader, bool inLine)
    {
        var (opened, closes) = (before is JsonTokenType.StartArray or JsonTokenType.StartObject, reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject);
        if (before is JsonTokenType.None or JsonTokenType.PropertyName || (opened && closes))
        {
            return;
        }

        if (!opened && !closes)
        {
            text.Append(inLine ? ", " : ",");
        }

        if (!inLine)
        {
            text.Append('\n').Append(' ', 2 * reader.CurrentDepth);
        }
    }

    private static bool IsShort(Utf8JsonReader ahead)
    {
        for (var values = 0; values <= MostInLine && ahead.Read(); values++)
        {
            if (ahead.TokenType is not (JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null))
            {
                return ahead.TokenType == JsonTokenType.EndArray;
            }
        }

        return false;
    }

    private static void Write(StringBuilder text, ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                Quote(text, reader.GetString()!).Append(": ");
                break;
            case JsonTokenType.String:
                Quote(text, reader.GetString()!);
                break;
            default:
                text.Append(Encoding.UTF8.GetString(reader.ValueSpan));
                break;
        }
    }

    private static StringBuilder Quote(StringBuilder text, string value) => text.Append('"').Append(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value)).Append('"');
}
