using System.Text.RegularExpressions;

namespace Madang.Web.Text;

/// <summary>
/// Reasons as people read them. The modules give reasons in the English of the interfaces, and keep them so; here each sentence is
/// known by a key (<c>reason.…</c>) with its parameters, and said in the reader's language. A sentence that nobody knows stays English.
/// </summary>
internal static partial class Reasons
{
    private const int Deepest = 2;

    /// <summary>The sentences, those with the most letters of their own first: the others may fit the same text.</summary>
    private static readonly Lazy<IReadOnlyList<(string Key, Regex Form)>> Sentences = new(() =>
    [
        .. Language.English.List("reason.").OrderByDescending(sentence => Place().Replace(sentence.Value, "").Length)
            .Select(sentence => (sentence.Key, new Regex(Form(sentence.Value), RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.CultureInvariant))),
    ]);

    /// <summary>A reason in the reader's language, and the language that is: null for the page's own.</summary>
    /// <param name="language">The reader's language.</param>
    /// <param name="reason">The reason as the interface gives it.</param>
    public static (string Text, string? Lang) Say(Language language, string reason) =>
        !language.IsKorean ? (reason, null) : Korean(language, reason, 0) is { } said ? (said, null) : (reason, "en");

    /// <summary>The key of a sentence and its parameters; null when nobody knows it.</summary>
    public static (string Key, IReadOnlyList<string> Values)? Find(string reason)
    {
        foreach (var (key, form) in Sentences.Value)
        {
            if (form.Match(reason) is { Success: true } found)
            {
                return ("reason." + key, [.. Enumerable.Range(0, form.GetGroupNumbers().Length - 1).Select(number => found.Groups["p" + number].Value)]);
            }
        }

        return null;
    }

    /// <summary>A sentence; or what it is about, a colon and a sentence; or several of these.</summary>
    private static string? Korean(Language language, string reason, int depth)
    {
        // Several before one: the last place of a sentence would take in all that follows it.
        if (reason.Split("; ") is { Length: > 1 } several && several.Select(each => Korean(language, each, depth)).ToList() is var said && said.TrueForAll(each => each is not null))
        {
            return string.Join(" ", said.Select(each => each!.EndsWith('.') ? each : each + "."));
        }

        if (Find(reason) is var (key, values))
        {
            return language.Say(key, [.. values.Select(value => depth < Deepest ? Korean(language, value, depth + 1) ?? value : value)]);
        }

        return reason.IndexOf(": ", StringComparison.Ordinal) is > 0 and var colon && Find(reason[(colon + 2)..]) is not null ? $"{reason[..colon]}: {Korean(language, reason[(colon + 2)..], depth)}" : null;
    }

    private static string Form(string sentence)
    {
        var (form, at) = ("^", 0);
        foreach (Match place in Place().Matches(sentence))
        {
            form += Escape(sentence[at..place.Index]) + $"(?<p{place.Groups[1].Value}>.+?)";
            at = place.Index + place.Length;
        }

        return form + Escape(sentence[at..]) + "$";
    }

    private static string Escape(string text) => Regex.Escape(text.Replace("{{", "{", StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal));

    [GeneratedRegex(@"\{(\d)\}")]
    private static partial Regex Place();
}
