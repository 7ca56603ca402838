using System.Text.RegularExpressions;

namespace Madang.Web.Pages.Ask;

/// <summary>Help with the mistakes that are often made: what the door says is exact, what is meant here is what to write instead.</summary>
internal static partial class QueryHints
{
    private static readonly string[] Names = ["filter", "select", "expand", "orderby", "top", "skip", "count", "apply", "thin", "resultFormat"];

    private static readonly string[] Sets =
        ["Things", "Locations", "HistoricalLocations", "Datastreams", "MultiDatastreams", "Sensors", "ObservedProperties", "Observations", "FeaturesOfInterest", "Tasks", "Actuators", "TaskingCapabilities"];

    /// <summary>The hints for a query that was refused, the likeliest first; at most three.</summary>
    public static IReadOnlyList<string> Of(Language language, AskedAddress asked, int status, string? code) =>
        [.. Find(asked, status, code).Select(hint => hint.Value is null ? language["ask.hint." + hint.Key] : language.Say("ask.hint." + hint.Key, hint.Value)).Distinct().Take(3)];

    private static IEnumerable<(string Key, string? Value)> Find(AskedAddress asked, int status, string? code)
    {
        switch (status)
        {
            case 401 or 403:
                return [("rights", null)];
            case 429:
                return [("often", null)];
            case 503 or 504:
                return [(code is "query-too-long" or null ? "long" : "later", null)];
            case 501:
                return [("not-offered", null)];
            case 404:
                return Missing(asked);
            default:
                List<(string, string?)> found = [.. OfNames(asked), .. OfPath(asked.Path), .. OfFilter(asked.Find("$filter")), .. OfExpand(asked.Find("$expand"))];
                return found.Count > 0 || asked.Options.Count == 0 ? found : [("names", null)];
        }
    }

    private static IEnumerable<(string, string?)> Missing(AskedAddress asked)
    {
        var first = asked.Path.Split('/', '(')[0];
        return Sets.Contains(first) ? [("gone", null)] : [("set", Nearest(first))];
    }

    private static IEnumerable<(string, string?)> OfNames(AskedAddress asked)
    {
        foreach (var (name, _) in asked.Options)
        {
            if (Names.FirstOrDefault(each => string.Equals(each, name.TrimStart('$'), StringComparison.OrdinalIgnoreCase)) is { } meant && name != "$" + meant)
            {
                yield return ("option", "$" + meant);
            }
        }

        if (asked.Options.CountBy(option => option.Name).Any(option => option.Value > 1))
        {
            yield return ("twice", null);
        }
    }

    private static IEnumerable<(string, string?)> OfPath(string path) => path.Contains("('", StringComparison.Ordinal) || path.Contains("(\"", StringComparison.Ordinal) ? [("id", null)] : [];

    private static IEnumerable<(string, string?)> OfFilter(string? filter)
    {
        if (filter is null)
        {
            yield break;
        }

        var bare = Quoted().Replace(filter, "");
        if (bare.Contains('"', StringComparison.Ordinal) || bare.Contains('“', StringComparison.Ordinal) || bare.Contains('‘', StringComparison.Ordinal))
        {
            yield return ("quotes", null);
        }

        if (filter.Count(letter => letter == '\'') % 2 == 1)
        {
            yield return ("open", null);
        }

        if (Signs().IsMatch(bare))
        {
            yield return ("signs", null);
        }

        if (Whole().IsMatch(bare) && !bare.Contains(' ', StringComparison.Ordinal))
        {
            yield return ("compare", null);
        }
    }

    private static IEnumerable<(string, string?)> OfExpand(string? expand) =>
        expand is not null && expand.Count(letter => letter == '(') > expand.Count(letter => letter == ')') ? [("semicolon", null)] : [];

    /// <summary>The set whose name has the most beginnings in common; Things when none has any.</summary>
    private static string Nearest(string name)
    {
        static int Alike(string one, string other) => one.Zip(other).TakeWhile(pair => char.ToLowerInvariant(pair.First) == char.ToLowerInvariant(pair.Second)).Count();
        return Sets.MaxBy(set => Alike(set, name)) is { } best && Alike(best, name) > 0 ? best : "Things";
    }

    /// <summary>Text in quotes, with the quotes that are doubled inside it.</summary>
    [GeneratedRegex("'(?:[^']|'')*'")]
    private static partial Regex Quoted();

    [GeneratedRegex("[=<>!&|]")]
    private static partial Regex Signs();

    [GeneratedRegex(@"^[\w/]*$")]
    private static partial Regex Whole();
}
