using System.Globalization;
using System.Text;
using Madang.Kernel;

namespace Madang.Sensing.Query;

internal enum TokenKind
{
    /// <summary>A property, function or word.</summary>
    Name,

    /// <summary>Text in quotes.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>Any other constant: an instant, interval, date, time of day, duration or shape.</summary>
    Constant,

    /// <summary>A sign.</summary>
    Symbol,

    /// <summary>The end of the option.</summary>
    End,
}

internal readonly record struct Token(TokenKind Kind, string Text, object? Value, int Position);

/// <summary>
/// Cuts a query option into names, constants and symbols. Times are recognised by their shape, as in <c>2026-07-19T00:00:00Z</c>,
/// <c>2026-07-19T00:00:00Z/2026-07-20T00:00:00Z</c>, <c>2026-07-19</c> and <c>14:20:00</c>; durations and shapes by the word before their quote.
/// </summary>
internal sealed class Lexer(string option, string text)
{
    private int at;

    public List<Token> Read()
    {
        var tokens = new List<Token>();
        while (true)
        {
            var token = Next();
            tokens.Add(token);
            if (token.Kind == TokenKind.End)
            {
                return tokens;
            }

            if (tokens.Count > 2000)
            {
                throw new InvalidInputException(option, "is too long: at most 2,000 words and signs");
            }
        }
    }

    private Token Next()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        if (at >= text.Length)
        {
            return new(TokenKind.End, "", null, at);
        }

        var character = text[at];
        if (character == '\'')
        {
            return ReadText();
        }

        if (char.IsAsciiDigit(character))
        {
            return ReadNumberOrTime();
        }

        if (char.IsLetter(character) || character is '_' or '@' or '$')
        {
            var start = at;
            while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '_' or '@' or '.' or '$' or ':'))
            {
                at++;
            }

            return at < text.Length && text[at] == '\'' ? ReadNamed(text[start..at], start) : new(TokenKind.Name, text[start..at], null, start);
        }

        return "(),/;=-*[]".Contains(character, StringComparison.Ordinal)
            ? new(TokenKind.Symbol, character.ToString(), null, at++)
            : throw new InvalidInputException(option, $"'{character}' at position {at + 1} is not expected");
    }

    private Token ReadText()
    {
        var start = at++;
        var value = new StringBuilder();
        while (at < text.Length)
        {
            if (text[at] != '\'')
            {
                value.Append(text[at++]);
            }
            else if (at + 1 < text.Length && text[at + 1] == '\'')
            {
                value.Append('\'');
                at += 2;
            }
            else
            {
                at++;
                return new(TokenKind.Text, text[start..at], value.ToString(), start);
            }
        }

        throw new InvalidInputException(option, $"the text that begins at position {start + 1} has no closing quote");
    }

    /// <summary>What a word before the quote makes of the text in it.</summary>
    private Token ReadNamed(string kind, int start)
    {
        var quoted = (string)ReadText().Value!;
        return kind switch
        {
            "duration" => Durations.TryParse(quoted, out var duration)
                ? new(TokenKind.Constant, quoted, duration, start)
                : throw new InvalidInputException(option, $"'{quoted}' at position {start + 1} is not a duration of days, hours, minutes and seconds such as P1DT2H30M"),
            "geography" or "geometry" => new(TokenKind.Constant, quoted, Wkt.Read(option, quoted, start), start),
            _ => throw new InvalidInputException(option, $"'{kind}' at position {start + 1} stands before a quote; only duration, geography and geometry do"),
        };
    }

    private Token ReadNumberOrTime()
    {
        var start = at;
        var word = ReadWord();
        if (word.Length >= 10 && word[4] == '-')
        {
            return word.Length == 10 && DateOnly.TryParseExact(word, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                ? new(TokenKind.Constant, word, day, start)
                : ReadTime(word, start);
        }

        if (word.Length >= 5 && word[2] == ':')
        {
            return TimeOnly.TryParseExact(word, ["HH:mm", "HH:mm:ss", "HH:mm:ss.FFFFFFF"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var clock)
                ? new(TokenKind.Constant, word, clock, start)
                : throw new InvalidInputException(option, $"'{word}' at position {start + 1} is not a time of day such as 14:20:00");
        }

        return double.TryParse(word, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? new(TokenKind.Number, word, number, start)
            : throw new InvalidInputException(option, $"'{word}' at position {start + 1} is neither a number nor a time");
    }

    private Token ReadTime(string word, int start)
    {
        var first = Instant(word, start);
        if (at + 1 >= text.Length || text[at] != '/' || !(char.IsAsciiDigit(text[at + 1]) || text[at + 1] == 'P'))
        {
            return new(TokenKind.Constant, word, first, start);
        }

        at++;
        var second = at;
        var end = ReadWord();
        var last = end[0] != 'P' ? Instant(end, second) : Durations.TryParse(end, out var length) && length >= TimeSpan.Zero ? first + length : throw NotTime(end, second);
        return last >= first
            ? new(TokenKind.Constant, text[start..at], new TimeInterval(first, last), start)
            : throw new InvalidInputException(option, $"the interval at position {start + 1} ends before it starts");
    }

    private DateTimeOffset Instant(string word, int start)
    {
        if (IsoTime.TryParse(word, out var instant))
        {
            return instant;
        }

        // A plus that nobody escaped arrives as a space: 2026-07-19T14:20:00 09:00.
        var zone = at < text.Length && text[at] == ' ' ? text.AsSpan(at + 1) : [];
        if (zone.Length >= 5 && zone[2] == ':' && (zone.Length == 5 || !char.IsLetterOrDigit(zone[5])) && IsoTime.TryParse($"{word}+{zone[..5]}", out instant))
        {
            at += 6;
            return instant;
        }

        throw NotTime(word, start);
    }

    private InvalidInputException NotTime(string word, int start) =>
        new(option, $"'{word}' at position {start + 1} is not a time; write 2026-07-19T14:20:00+09:00 (as %2B09:00 in an address) or 2026-07-19T05:20:00Z");

    private string ReadWord()
    {
        var start = at;
        while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '.' or ':' or '_' || (text[at] is '-' or '+' && IsInsideNumberOrTime(start))))
        {
            at++;
        }

        return text[start..at];
    }

    /// <summary>A minus belongs to the word when the word is a date so far (four digits before it) or ends in an exponent's e.</summary>
    private bool IsInsideNumberOrTime(int start)
    {
        var word = text.AsSpan(start, at - start);
        return word[^1] is 'e' or 'E' ? word.IndexOf('T') < 0
            : word.Length == 4 ? !word.ContainsAnyExceptInRange('0', '9')
            : word.Length >= 7 && word[4] == '-';
    }
}
