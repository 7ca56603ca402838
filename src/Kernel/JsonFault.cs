using System.Text.Json;

namespace Madang.Kernel;

/// <summary>What is wrong with a body that was to be JSON, in words for whoever sent it: where it breaks, or that it is empty, too deep, or says something twice.</summary>
public static class JsonFault
{
    private const int LongestName = 80;

    /// <summary>The reason that <paramref name="fault"/> was thrown for <paramref name="json"/> (UTF-8) when read with at most <paramref name="depth"/> levels; it continues a sentence that begins with the field.</summary>
    public static string Reason(JsonException fault, ReadOnlySpan<byte> json, int depth)
    {
        if (json.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            return "is empty; it must be JSON";
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 1_000 });
        var members = new Stack<HashSet<string>>();
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth >= depth && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    return $"is nested deeper than {depth} levels";
                }

                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject:
                        members.Push([]);
                        break;
                    case JsonTokenType.EndObject:
                        members.Pop();
                        break;
                    case JsonTokenType.PropertyName when !members.Peek().Add(reader.GetString()!):
                        return $"says '{Short(reader.GetString()!)}' twice in one object";
                }
            }
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            // The same fault as before, or half a surrogate pair as a name: told below by its place.
        }

        var (line, at) = (fault.LineNumber ?? 0, fault.BytePositionInLine ?? 0);
        return Found(json, line, at) is { } found
            ? FormattableString.Invariant($"is no JSON: at line {line + 1}, byte {at + 1} there is {found}, which cannot stand there")
            : FormattableString.Invariant($"is no JSON: it ends at line {line + 1}, byte {at + 1}, before it is complete");
    }

    private static string Short(string name) => name.Length <= LongestName ? name : name[..LongestName] + "…";

    /// <summary>The character at a byte of a line; null where the text has ended.</summary>
    private static string? Found(ReadOnlySpan<byte> json, long line, long at)
    {
        for (; line > 0 && json.IndexOf((byte)'\n') is >= 0 and var end; line--)
        {
            json = json[(end + 1)..];
        }

        if (at >= json.Length || System.Text.Rune.DecodeFromUtf8(json[(int)at..], out var rune, out _) != System.Buffers.OperationStatus.Done)
        {
            return null;
        }

        return System.Text.Rune.IsControl(rune) ? FormattableString.Invariant($"the control character U+{rune.Value:X4}") : $"'{rune}'";
    }
}
