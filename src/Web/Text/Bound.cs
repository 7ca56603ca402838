using System.Text.RegularExpressions;

namespace Madang.Web.Text;

/// <summary>Keeps together what a line must not part, and what somebody wrote apart from what stands beside it; `Island/bound.ts` says the same.</summary>
internal static partial class Bound
{
    private const char Joiner = '\u2060';
    private const char NoBreakSpace = '\u00A0';

    /// <summary>A sentence whose lines do not end between a number and its unit (164 ㎍/㎥) nor between a bracket and what hangs on it (관악구(53.3)에서).</summary>
    public static string Sentence(string sentence, string? unit)
    {
        var bound = string.IsNullOrEmpty(unit) ? sentence : sentence.Replace(" " + unit, NoBreakSpace + unit.Replace("/", $"{Joiner}/{Joiner}", StringComparison.Ordinal), StringComparison.Ordinal);
        return Bracket().Replace(bound, match => match.Value is ['(', ..] ? $"{Joiner}(" : $"){Joiner}");
    }

    /// <summary>A name anybody may have written, for a sentence or an attribute: marks of direction in it end where it ends.</summary>
    public static string Name(string name) => Direction().IsMatch(name) ? $"\u2068{Isolate().Replace(name, "")}\u2069" : name;

    [GeneratedRegex(@"(?<=[가-힣])\(|\)(?=[가-힣])")]
    private static partial Regex Bracket();

    /// <summary>Right-to-left letters, and the marks that embed, override or isolate.</summary>
    [GeneratedRegex(@"[\u0590-\u08FF\u200E\u200F\u202A-\u202E\u2066-\u2069\uFB1D-\uFDFF\uFE70-\uFEFC]")]
    private static partial Regex Direction();

    [GeneratedRegex(@"[\u2066-\u2069]")]
    private static partial Regex Isolate();
}
