using System.Globalization;
using Madang.Kernel;

namespace Madang.Sensing.Query;

/// <summary>Reads the query options of a request, and those in the parentheses of <c>$expand</c>. An unknown option is refused, never ignored.</summary>
internal static class OptionsParser
{
    private static readonly string[] NotYet = ["$search", "$compute", "$format", "$deltatoken"];

    public static QueryOptions Parse(IEnumerable<KeyValuePair<string, string>> written, int maxDepth)
    {
        var options = new QueryOptions();
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, text) in written)
        {
            if (!seen.TryAdd(name, text))
            {
                throw new InvalidInputException(name, "is given twice");
            }

            options = With(options, name, text, maxDepth);
        }

        return options with { Written = seen };
    }

    private static QueryOptions With(QueryOptions options, string name, string text, int maxDepth) => name switch
    {
        "$filter" => options with { Filter = ExpressionParser.Parse(name, text) },
        "$orderby" => options with { OrderBy = ExpressionParser.ParseOrder(text) },
        "$select" => options with { Select = Names(name, text) },
        "$expand" => options with { Expand = Expand(text, maxDepth) },
        "$top" => options with { Top = (int)Math.Min(Number(name, text), int.MaxValue) },
        "$skip" => options with { Skip = Number(name, text) },
        "$skiptoken" => options with { SkipToken = text },
        "$count" => options with { Count = text switch { "true" => true, "false" => false, _ => throw new InvalidInputException(name, "must be true or false") } },
        "$resultFormat" => options with { ResultFormat = text is "dataArray" or "CSV" or "GeoJSON" ? text : throw new InvalidInputException(name, "dataArray, CSV and GeoJSON are offered", 501) },
        "$apply" => options with { Apply = ExpressionParser.ParseApply(text) },
        "$thin" => options with { Thin = Number(name, text) is >= 4 and <= 10_000 and var points ? (int)points : throw new InvalidInputException(name, "must be 4 to 10000") },
        _ when NotYet.Contains(name) && name != "$format" => throw new InvalidInputException(name, "is not offered", 501),
        "$format" => text is "json" or "application/json" ? options : throw new InvalidInputException(name, "only json is offered", 501),
        _ => throw new InvalidInputException(name, "is not a query option of SensorThings ($filter, $orderby, $select, $expand, $top, $skip, $skiptoken, $count, $resultFormat, $format, $apply, $thin)"),
    };

    private static long Number(string name, string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidInputException(name, $"'{text}' is not a whole number from 0");

    private static List<string> Names(string option, string text)
    {
        var names = Split(option, text, ',').ToList();
        return names.Exists(string.IsNullOrEmpty) ? throw new InvalidInputException(option, "has an empty name between its commas") : names;
    }

    private static List<ExpandItem> Expand(string text, int maxDepth)
    {
        if (maxDepth == 0)
        {
            throw new InvalidInputException("$expand", "nests deeper than this server allows");
        }

        var items = new List<ExpandItem>();
        foreach (var part in Split("$expand", text, ','))
        {
            var open = part.IndexOf('(', StringComparison.Ordinal);
            var path = (open < 0 ? part : part[..open]).Trim();
            var inner = open < 0 ? [] : InParentheses(part, open);
            Add(items, path.Split('/'), inner, maxDepth);
        }

        return items;
    }

    /// <summary><c>Datastreams/Sensor($select=name)</c> is short for <c>Datastreams($expand=Sensor($select=name))</c>.</summary>
    private static void Add(List<ExpandItem> items, string[] path, List<KeyValuePair<string, string>> inner, int maxDepth)
    {
        if (path.Length == 0 || Array.Exists(path, string.IsNullOrWhiteSpace))
        {
            throw new InvalidInputException("$expand", "has an empty name");
        }

        var at = items.FindIndex(item => item.Navigation == path[0]);
        if (path.Length == 1)
        {
            if (at >= 0)
            {
                throw new InvalidInputException("$expand", $"names '{path[0]}' twice");
            }

            items.Add(new ExpandItem(path[0], InsideExpand.Of(path[0], () => Inside(Parse(inner, maxDepth - 1)))));
            return;
        }

        if (maxDepth == 1)
        {
            throw new InvalidInputException("$expand", "nests deeper than this server allows");
        }

        var deeper = at < 0 ? [] : items[at].Options.Expand.ToList();
        InsideExpand.Of(path[0], () =>
        {
            Add(deeper, path[1..], inner, maxDepth - 1);
            return true;
        });
        var options = (at < 0 ? new QueryOptions() : items[at].Options) with { Expand = deeper };
        if (at < 0)
        {
            items.Add(new ExpandItem(path[0], options));
        }
        else
        {
            items[at] = new ExpandItem(path[0], options);
        }
    }

    private static QueryOptions Inside(QueryOptions options) =>
        options.Written.Keys.FirstOrDefault(name => name is "$resultFormat" or "$apply" or "$thin" or "$format") is { } wrong
            ? throw new InvalidInputException(wrong, "is said of the whole answer, not inside $expand")
            : options;

    private static List<KeyValuePair<string, string>> InParentheses(string part, int open)
    {
        if (part[^1] != ')')
        {
            throw new InvalidInputException("$expand", $"the '(' at position {open + 1} of '{part}' is not closed at its end");
        }

        var options = new List<KeyValuePair<string, string>>();
        foreach (var option in Split("$expand", part[(open + 1)..^1], ';'))
        {
            var equals = option.IndexOf('=', StringComparison.Ordinal);
            options.Add(equals > 0
                ? KeyValuePair.Create(option[..equals].Trim(), option[(equals + 1)..].Trim())
                : throw new InvalidInputException("$expand", $"'{option}' is not of the form $option=value"));
        }

        return options;
    }

    /// <summary>Cuts at the separators that stand outside parentheses and quotes.</summary>
    private static IEnumerable<string> Split(string option, string text, char separator)
    {
        int depth = 0, start = 0;
        var quoted = false;
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\'':
                    quoted = !quoted;
                    break;
                case '(' when !quoted:
                    depth++;
                    break;
                case ')' when !quoted:
                    if (--depth < 0)
                    {
                        throw new InvalidInputException(option, "has a ')' too many");
                    }

                    break;
                case var character when character == separator && !quoted && depth == 0:
                    yield return text[start..at].Trim();
                    start = at + 1;
                    break;
            }
        }

        if (depth != 0 || quoted)
        {
            throw new InvalidInputException(option, quoted ? "has a quote that is not closed" : "has a '(' that is not closed");
        }

        yield return text[start..].Trim();
    }
}
