using Madang.Sensing;

namespace Madang.Web.Pages.Ask;

/// <summary>
/// An address of SensorThings as somebody wrote it: <c>Things?$top=5</c>, one that begins with <c>/sta/v1.1</c>, or a whole
/// one copied from anywhere. Only what stands below the service's root counts; no host is ever asked but this one.
/// </summary>
internal sealed record AskedAddress
{
    /// <summary>The path of the service root: <c>/sta/v1.1</c>.</summary>
    public required string Root { get; init; }

    /// <summary>The path below it, as it is read: <c>Things(5)/Datastreams</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The options by name and value, as they are read and not as they are written in addresses.</summary>
    public required IReadOnlyList<(string Name, string Value)> Options { get; init; }

    /// <summary>Reads one. Lines are put together: who writes by hand may break them.</summary>
    public static AskedAddress Of(string text)
    {
        var line = string.Concat(text.Split((char[])['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        var question = line.IndexOf('?', StringComparison.Ordinal);
        var (path, query) = question < 0 ? (line, "") : (line[..question], line[(question + 1)..]);
        var root = SensorThingsDoor.RootOf(path);
        var begin = path.IndexOf(root, StringComparison.Ordinal);
        path = begin < 0 ? path : path[(begin + root.Length)..];

        // Addresses have no bare spaces and no letters beyond English; who wrote such means the plus of a time zone, and no space.
        var byHand = query.Any(letter => letter is ' ' or > '~');
        return new AskedAddress
        {
            Root = root, Path = Uri.UnescapeDataString(path.Trim().Trim('/')),
            Options = [.. query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(option => option.Split('=', 2)).Select(option => (Read(option[0], byHand).Trim(), option.Length > 1 ? Read(option[1], byHand) : ""))],
        };
    }

    /// <summary>The value of an option; null when it is not given.</summary>
    public string? Find(string name) => Options.Where(option => option.Name == name).Select(option => option.Value).FirstOrDefault();

    /// <summary>The path and query as they go over the wire, all of them ASCII.</summary>
    public string Address => $"{Root}/{EscapedPath}{(Options.Count == 0 ? "" : "?")}{string.Join('&', Options.Select(option => $"{Escaped(option.Name)}={Uri.EscapeDataString(option.Value)}"))}";

    /// <summary>The same below the root and to be read: what stands in the form.</summary>
    public string Readable => $"{Path}{(Options.Count == 0 ? "" : "?")}{string.Join('&', Options.Select(option => $"{option.Name}={Written(option.Value)}"))}";

    /// <summary>The call on a command line. In single quotes nothing has a meaning to a shell but the quote itself; an option always has its equals sign, without which curl would look for a file.</summary>
    public string Curl(string origin) => Options.Count == 0
        ? $"curl -s {Quoted($"{origin}{Root}/{EscapedPath}")}"
        : $"curl -sG {Quoted($"{origin}{Root}/{EscapedPath}")}" + string.Concat(Options.Select(option => $" \\\n  --data-urlencode {Quoted($"{Escaped(option.Name)}={option.Value}")}"));

    private string EscapedPath => string.Join('/', Path.Split('/').Select(Escaped));

    private static string Read(string text, bool byHand) => Uri.UnescapeDataString(byHand ? text : text.Replace('+', ' '));

    /// <summary>A value that is to be read back as it is: only what would end or change it is escaped.</summary>
    private static string Written(string value) => value.Replace("%", "%25", StringComparison.Ordinal).Replace("&", "%26", StringComparison.Ordinal).Replace("+", "%2B", StringComparison.Ordinal);

    /// <summary>Parentheses, commas, the dollar and the at sign stand in addresses as they are.</summary>
    private static string Escaped(string text) => Uri.EscapeDataString(text).Replace("%24", "$", StringComparison.Ordinal).Replace("%28", "(", StringComparison.Ordinal).Replace("%29", ")", StringComparison.Ordinal).Replace("%40", "@", StringComparison.Ordinal);

    private static string Quoted(string text) => "'" + string.Concat(text.Where(letter => !char.IsControl(letter))).Replace("'", @"'\''", StringComparison.Ordinal) + "'";
}
