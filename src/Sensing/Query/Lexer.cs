using System.Globalization;
using System.Text;
using Madang.Kernel;

namespace Madang.Sensing.Query;

internal enum TokenKind
{
    Name, Text, Number, Time, Symbol, End,
}

internal readonly record struct Token(TokenKind Kind, string Text, object? Value, int Position);

/// <summary>Cuts a query option into names, constants and symbols. Times are recognised by their shape, as in <c>2026-07-19T00:00:00Z</c>.</summary>
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

            return new(TokenKind.Name, text[start..at], null, start);
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

    private Token ReadNumberOrTime()
    {
        var start = at;
        while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '.' or ':' or '_' || (text[at] is '-' or '+' && IsInsideNumberOrTime(start))))
        {
            at++;
        }

        var word = text[start..at];
        if (word.Length >= 10 && word[4] == '-')
        {
            return IsoTime.TryParse(word, out var instant)
                ? new(TokenKind.Time, word, instant, start)
                : throw new InvalidInputException(option, $"'{word}' at position {start + 1} is not a time; write 2026-07-19T14:20:00+09:00 (as %2B09:00 in an address) or 2026-07-19T05:20:00Z");
        }

        return double.TryParse(word, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? new(TokenKind.Number, word, number, start)
            : throw new InvalidInputException(option, $"'{word}' at position {start + 1} is neither a number nor a time");
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
