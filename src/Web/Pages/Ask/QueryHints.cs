using System.Text.RegularExpressions;

namespace Madang.Web.Pages.Ask;

/// <summary>Help with the mistakes that are often made: what the door says is exact, what is meant here is what to write instead.</summary>
internal static partial class QueryHints
{
    private static readonly string[] Sorted = ["$filter", "$orderby", "$select"];

    /// <summary>The hints for a query that was refused, the likeliest first; at most three.</summary>
    public static IReadOnlyList<string> Of(Language language, AskedAddress asked, int status, string? code) =>
        [.. Find(asked, status, code).Select(hint => language.Say("ask.hint." + hint.Key, hint.Values)).Distinct().Take(3)];

    private static List<Hint> Find(AskedAddress asked, int status, string? code)
    {
        switch (status)
        {
            case 401 or 403:
                return [new("rights")];
            case 429:
                return [new("often")];
            case 503 or 504:
                return [new(code is "query-too-long" or null ? "long" : "later")];
            case 404:
                List<Hint> missing = [.. OfSteps(asked.Path), .. OfPath(asked.Path)];
                return missing.Count > 0 ? missing : [new("gone")];
            default:
                List<Hint> found = [.. OfNames(asked), .. OfSteps(asked.Path), .. OfPath(asked.Path), .. OfFilter(asked.Find("$filter")), .. OfParentheses(asked), .. Sorted.SelectMany(option => OfWords(asked.Find(option)))];
                return found.Count > 0 || asked.Options.Count == 0 ? found : [new(status == 501 ? "not-offered" : "names")];
        }
    }

    private static IEnumerable<Hint> OfNames(AskedAddress asked)
    {
        foreach (var (name, _) in asked.Options)
        {
            if (QueryNames.Nearest(name.TrimStart('$'), QueryNames.Options) is { } meant && name != "$" + meant)
            {
                yield return new("option", "$" + meant);
            }
        }

        if (asked.Options.Any(option => NextOption().IsMatch(Parenthesised().Replace(option.Value, ""))))
        {
            yield return new("ampersand");
        }

        if (asked.Options.CountBy(option => option.Name).Any(option => option.Value > 1))
        {
            yield return new("twice");
        }
    }

    /// <summary>How one goes from a set to an entity, and from a Thing to what was observed.</summary>
    private static IEnumerable<Hint> OfSteps(string path)
    {
        var parts = path.Split('/');
        if (parts.Length > 1 && QueryNames.Sets.Contains(parts[0]) && parts[1].Length > 0 && parts[1].All(char.IsAsciiDigit))
        {
            yield return new("key", $"{parts[0]}({parts[1]})");
        }

        if (ObservationsOfThing().Match(path) is { Success: true } thing)
        {
            yield return new("behind", thing.Groups[1].Value);
        }
    }

    /// <summary>The first name is a set's; those after it may lead to one, or to many.</summary>
    private static IEnumerable<Hint> OfPath(string path)
    {
        if (path.Contains("('", StringComparison.Ordinal) || path.Contains("(\"", StringComparison.Ordinal))
        {
            yield return new("id");
        }

        if (path.Count(letter => letter == '(') != path.Count(letter => letter == ')'))
        {
            yield return new("parentheses");
        }

        var names = path.Split('/').Select(part => part.Split('(')[0]).ToList();
        if (!QueryNames.Sets.Contains(names[0]))
        {
            yield return new("set", QueryNames.Nearest(names[0], QueryNames.Sets) ?? "Things");
        }

        foreach (var name in names.Skip(1).TakeWhile(name => !QueryNames.Open.Contains(name)).Where(name => !name.StartsWith('$') && !QueryNames.Knows(name)))
        {
            if (QueryNames.Meant(name) is { } meant)
            {
                yield return new("name", name, meant);
            }
        }
    }

    private static IEnumerable<Hint> OfFilter(string? filter)
    {
        if (filter is null)
        {
            yield break;
        }

        var bare = Quoted().Replace(filter, "''");
        if (bare.Any(letter => letter is '"' or '“' or '”' or '‘' or '’'))
        {
            yield return new("quotes");
        }

        if (filter.Count(letter => letter == '\'') % 2 == 1)
        {
            yield return new("open");
        }

        if (QuotedTime().Match(filter) is { Success: true } time)
        {
            yield return new("time", time.Groups["name"].Value, Instant(time.Groups["time"].Value));
        }

        foreach (Match day in ShortDay().Matches(bare))
        {
            yield return new("day", day.Value, $"{day.Groups[1].Value}-{day.Groups[2].Value.PadLeft(2, '0')}-{day.Groups[3].Value.PadLeft(2, '0')}");
        }

        if (ToOneCompared().Match(bare) is { Success: true } one && QueryNames.ToOne.Contains(one.Groups[1].Value))
        {
            yield return new("to-one", one.Groups[1].Value);
        }

        if (Signs().IsMatch(bare))
        {
            yield return new("signs");
        }

        foreach (Match text in Compared().Matches(bare).Where(text => !QueryNames.Knows(text.Groups[1].Value.Split('/', '(')[0]) && QueryNames.Meant(text.Groups[1].Value) is null))
        {
            yield return new("text", text.Groups[1].Value.Trim());
        }

        if (Whole().IsMatch(bare) && !bare.Contains(' ', StringComparison.Ordinal))
        {
            yield return new("compare");
        }
    }

    /// <summary>Names of the language of filters that are nearly right.</summary>
    private static IEnumerable<Hint> OfWords(string? option)
    {
        foreach (Match word in Paths().Matches(Quoted().Replace(option ?? "", "''")))
        {
            foreach (var name in word.Value.Split('/').TakeWhile(name => !QueryNames.Open.Contains(name)).Where(name => !QueryNames.Knows(name)))
            {
                if (QueryNames.WordFor(name) is { } known)
                {
                    yield return new("word", name, known);
                }
                else if (QueryNames.Meant(name) is { } meant)
                {
                    yield return new("name", name, meant);
                }
            }
        }
    }

    private static IEnumerable<Hint> OfParentheses(AskedAddress asked)
    {
        foreach (var (name, value) in asked.Options)
        {
            var bare = Quoted().Replace(value, "''");
            var (open, closed) = (bare.Count(letter => letter == '('), bare.Count(letter => letter == ')'));
            if (open != closed)
            {
                yield return name == "$expand" && open > closed && asked.Options.Count > 1 ? new("semicolon") : new(open > closed ? "unclosed" : "unopened", name);
            }
        }
    }

    /// <summary>As an instant has to be written: with a time and a zone, of which a plus would be a blank.</summary>
    private static string Instant(string text) => Day().IsMatch(text) ? text + "T00:00:00Z" : Zone().IsMatch(text) ? text.Replace(' ', 'T') : text.Replace(' ', 'T') + "Z";

    [GeneratedRegex(@"^Things\((\d+)\)/Observations\b")]
    private static partial Regex ObservationsOfThing();

    /// <summary>Another option behind a semicolon, which divides options inside <c>$expand(…)</c> alone.</summary>
    [GeneratedRegex(@";\s*\$\w+=")]
    private static partial Regex NextOption();

    [GeneratedRegex(@"\(.*\)", RegexOptions.Singleline)]
    private static partial Regex Parenthesised();

    /// <summary>A date whose month or day has one digit.</summary>
    [GeneratedRegex(@"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)(?<!-\d\d-\d\d)")]
    private static partial Regex ShortDay();

    [GeneratedRegex(@"(?<![\w/])(\w+)\s+(?:eq|ne|in|gt|ge|lt|le)\b")]
    private static partial Regex ToOneCompared();

    private sealed record Hint(string Key, params object?[] Values);

    /// <summary>Text in quotes, with the quotes that are doubled inside it.</summary>
    [GeneratedRegex("'(?:[^']|'')*'")]
    private static partial Regex Quoted();

    [GeneratedRegex("[=<>!&|]")]
    private static partial Regex Signs();

    [GeneratedRegex(@"^[\w/]*$")]
    private static partial Regex Whole();

    [GeneratedRegex(@"\b(?<name>phenomenonTime|resultTime|validTime|creationTime|time)\s+(?:eq|ne|gt|ge|lt|le)\s+'(?<time>\d{4}-\d\d[^']*)'")]
    private static partial Regex QuotedTime();

    /// <summary>What stands bare on the right of a comparison or as the second value of a function of texts, up to the next condition.</summary>
    [GeneratedRegex(@"(?:\b(?:eq|ne|gt|ge|lt|le)\s+|\b(?:contains|startswith|endswith|indexof)\([\w/]+,\s*)(?!(?:true|false|null)\b)(\p{L}[^()',]*?)(?=\s+(?:and|or)\b|[),]|$)")]
    private static partial Regex Compared();

    [GeneratedRegex(@"(?<![\w.:'-])\p{L}[\p{L}\p{N}_]*(?:/[\p{L}_][\p{L}\p{N}_]*)*")]
    private static partial Regex Paths();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d$")]
    private static partial Regex Day();

    [GeneratedRegex(@"(?:Z|[+-]\d\d:?\d\d)$")]
    private static partial Regex Zone();
}
