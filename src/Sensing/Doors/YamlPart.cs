using System.Globalization;
using Madang.Kernel;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Madang.Sensing.Doors;

/// <summary>A part of a YAML text with the line it stands on: what is wrong is told by line and key, and a key that nobody reads is wrong too.</summary>
internal sealed class YamlPart
{
    /// <summary>The longest mapping, in characters.</summary>
    public const int Longest = 65_536;

    /// <summary>A mapping has four levels; the reader of trees would follow any number of them down its stack.</summary>
    private const int Deepest = 12;

    private readonly YamlNode node;
    private readonly HashSet<string> read = [];

    private YamlPart(YamlNode node, string path) => (this.node, Path) = (node, path);

    public string Path { get; }

    public long Line => node.Start.Line;

    /// <summary>Reads a text; aliases, several documents and deep nesting are refused before a tree is made.</summary>
    public static YamlPart Read(string text)
    {
        if (text.Length > Longest)
        {
            throw new InvalidInputException("mapping", string.Create(CultureInfo.InvariantCulture, $"is longer than {Longest:N0} characters"), 413);
        }

        try
        {
            CheckShape(text);
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents.Count == 1 ? new YamlPart(stream.Documents[0].RootNode, "") : throw new InvalidInputException("line 1", "must be one YAML document that is not empty");
        }
        catch (YamlException broken)
        {
            throw new InvalidInputException(At(broken.Start.Line), $"is not YAML: {broken.InnerException?.Message ?? broken.Message}");
        }
        catch (InvalidOperationException)
        {
            // What the library says of a text that ends in the middle.
            throw new InvalidInputException(At(text.Count(character => character == '\n') + 1), "is not YAML: the text ends too early");
        }
    }

    public bool Has(string key) => Child(key) is not null;

    /// <summary>The map behind a key; null when it is not there.</summary>
    public YamlPart? Find(string key) => Child(key) is { } child ? new YamlPart(child, Join(key)) : null;

    public YamlPart Get(string key) => Find(key) ?? throw Missing(key);

    public string Text(string key, string? otherwise = null)
    {
        if (Child(key) is not { } child)
        {
            return otherwise ?? throw Missing(key);
        }

        return child is YamlScalarNode { Value: { } value } && (otherwise is not null || value.Trim().Length > 0) ? value : throw Wrong(child, key, "must be a text that is not empty");
    }

    public bool Flag(string key, bool otherwise) => Text(key, otherwise ? "true" : "false") switch
    {
        "true" => true,
        "false" => false,
        _ => throw Wrong(Child(key)!, key, "must be true or false"),
    };

    public decimal? Number(string key) =>
        Child(key) is not { } child ? null : child is YamlScalarNode { Value: { } value } ? Decimal(value) ?? throw Wrong(child, key, $"'{value}' is not a number") : throw Wrong(child, key, "must be a number");

    /// <summary>The items of a list; a single value is a list of one.</summary>
    public IReadOnlyList<YamlPart> Items(string key) => Child(key) switch
    {
        null => [],
        YamlSequenceNode list => [.. list.Select((item, index) => new YamlPart(item, string.Create(CultureInfo.InvariantCulture, $"{Join(key)}[{index}]")))],
        { } one => [new YamlPart(one, Join(key))],
    };

    /// <summary>The keys of this map with the part behind each.</summary>
    public IReadOnlyList<(string Key, YamlPart Value)> Entries()
    {
        var entries = Map().Children.Select(entry => (Key: entry.Key is YamlScalarNode { Value: { } key } ? key : throw Fail("has a key that is no text"), entry.Value)).ToList();
        read.UnionWith(entries.Select(entry => entry.Key));
        return [.. entries.Select(entry => (entry.Key, new YamlPart(entry.Value, Join(entry.Key))))];
    }

    /// <summary>This part as a text; an empty one is a text too.</summary>
    public string Scalar() => node is YamlScalarNode { Value: { } value } ? value : throw Fail("must be a text");

    /// <summary>This part as a number.</summary>
    public decimal ScalarNumber() => Decimal(Scalar()) ?? throw Fail($"'{Scalar()}' is not a number");

    /// <summary>Refuses keys that were not asked for: a misspelt one must not be lost in silence.</summary>
    public void NothingElse()
    {
        foreach (var (key, _) in Map().Children)
        {
            if (key is not YamlScalarNode { Value: { } name } || !read.Contains(name))
            {
                throw new InvalidInputException(At(key.Start.Line, Path), $"there is no key '{key}' here; there are {string.Join(", ", read.Order(StringComparer.Ordinal))}");
            }
        }
    }

    /// <summary>What is wrong with this part.</summary>
    public InvalidInputException Fail(string reason) => new(At(Line, Path), reason);

    /// <summary>What is wrong with what stands behind a key.</summary>
    public InvalidInputException Fail(string key, string reason) => Child(key) is { } child ? Wrong(child, key, reason) : new InvalidInputException(At(Line, Join(key)), reason);

    internal static decimal? Decimal(string text) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static void CheckShape(string text)
    {
        var parser = new Parser(new StringReader(text));
        var depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current!.NestingIncrease;
            if (parser.Current is AnchorAlias)
            {
                throw new InvalidInputException(At(parser.Current.Start.Line), "is an alias (*); write it out");
            }

            // The stream and the document are a level each.
            if (depth > Deepest + 2)
            {
                throw new InvalidInputException(At(parser.Current.Start.Line), "is nested too deep");
            }
        }
    }

    private YamlNode? Child(string key)
    {
        read.Add(key);
        return Map().Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;
    }

    private YamlMappingNode Map() => node as YamlMappingNode ?? throw Fail("must be a map of keys and values");

    private InvalidInputException Missing(string key) => new(At(Line, Join(key)), "is missing");

    private InvalidInputException Wrong(YamlNode child, string key, string reason) => new(At(child.Start.Line, Join(key)), reason);

    private string Join(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    private static string At(long line, string path = "") => string.Create(CultureInfo.InvariantCulture, $"line {line}{(path.Length == 0 ? "" : ", ")}{path}");
}
