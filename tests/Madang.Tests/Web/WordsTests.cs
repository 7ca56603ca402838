using System.Text.RegularExpressions;
using System.Xml.Linq;
using Madang.Tests.Laws;

namespace Madang.Tests.Web;

/// <summary>Words are looked up by key when a page is drawn; a missing one would be seen only there.</summary>
public sealed partial class WordsTests
{
    private static readonly string Text = Path.Combine(House.Root, "src/Web/Text");

    private static IEnumerable<(string Key, string File)> Keys(bool english) =>
        from file in Directory.GetFiles(Text, "*.resx")
        where file.EndsWith(".en.resx", StringComparison.Ordinal) == english
        from data in XDocument.Load(file).Root!.Elements("data")
        select ((string)data.Attribute("name")!, Path.GetFileName(file).Replace(".en.", ".", StringComparison.Ordinal));

    [Fact]
    public void Both_languages_have_the_same_words_and_no_key_stands_twice()
    {
        Assert.Equal(Keys(false).Order(), Keys(true).Order());
        Assert.All(Keys(false).CountBy(key => key.Key), key => Assert.True(key.Value == 1, $"{key.Key} stands {key.Value} times"));
    }

    [Fact]
    public void Every_word_that_a_page_asks_for_is_there()
    {
        var known = Keys(false).Select(key => key.Key).ToHashSet();
        var asked = Directory.EnumerateFiles(Path.Combine(House.Root, "src/Web"), "*.*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".razor", StringComparison.Ordinal) || file.EndsWith(".cs", StringComparison.Ordinal))
            .Where(file => !file.Contains("node_modules", StringComparison.Ordinal))
            .SelectMany(file => Asked().Matches(File.ReadAllText(file)).Select(match => (Key: match.Groups[1].Value, File: Path.GetFileName(file))))
            .ToList();

        Assert.True(asked.Count > 100, $"only {asked.Count} keys were found in the pages");
        Assert.All(asked, ask => Assert.True(known.Contains(ask.Key), $"{ask.File} asks for '{ask.Key}'"));
    }

    /// <summary>L["key"], L.Say("key", …), Language["key"]: whole keys only, not those put together.</summary>
    [GeneratedRegex("""(?:\bL|[lL]anguage|Visit\.Language|Other)(?:\[|\.Say\()"([a-z][\w.-]*)"(?=[\],)])""")]
    private static partial Regex Asked();
}
