using System.Globalization;
using System.Resources;

namespace Madang.Web;

/// <summary>A language the pages speak.</summary>
public sealed class Language
{
    /// <summary>The files of words in <c>Text/</c>: the house's own, and one for each group of pages. No key stands in two of them.</summary>
    private static readonly ResourceManager[] Resources =
        [.. ((string[])["Words", "MapWords", "SensorWords", "DistrictWords", "AboutWords", "AccountWords", "SecurityWords", "RecordWords", "ReviewWords", "PrivacyWords", "HouseWords", "DoorWords", "StreamWords", "AskWords", "KeepWords", "ReasonWords"]).Select(file => new ResourceManager("Madang.Web.Text." + file, typeof(Language).Assembly))];

    private readonly CultureInfo culture;

    private Language(string code, string root)
    {
        (Code, Root) = (code, root);
        culture = CultureInfo.GetCultureInfo(code);
    }

    /// <summary>Korean, at <c>/</c>.</summary>
    public static Language Korean { get; } = new("ko", "");

    /// <summary>English, at <c>/en</c>.</summary>
    public static Language English { get; } = new("en", "/en");

    /// <summary>The code for <c>lang</c> attributes.</summary>
    public string Code { get; }

    /// <summary>What the addresses of its pages begin with; empty for Korean.</summary>
    public string Root { get; }

    /// <summary>True for Korean.</summary>
    public bool IsKorean => Code == "ko";

    /// <summary>The words with this key; a key without words is a bug and says so.</summary>
    public string this[string key] => Find(key) ?? throw new InvalidOperationException($"There are no words for '{key}'.");

    /// <summary>The words with this key, with <c>{0}</c>, <c>{1}</c> … filled in.</summary>
    public string Say(string key, params ReadOnlySpan<object?> values) => string.Format(CultureInfo.InvariantCulture, this[key], values);

    /// <summary>The words with this key; null when there are none.</summary>
    public string? Find(string key)
    {
        foreach (var file in Resources)
        {
            if (file.GetString(key, culture) is { } words)
            {
                return words;
            }
        }

        return null;
    }

    /// <summary>Every key that begins with <paramref name="prefix"/>, for the island that runs in the browser.</summary>
    public IReadOnlyDictionary<string, string> List(string prefix) =>
        Resources.SelectMany(file => file.GetResourceSet(CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: true)!.Cast<System.Collections.DictionaryEntry>())
            .Select(entry => (string)entry.Key)
            .Where(key => key.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .ToDictionary(key => key[prefix.Length..], key => this[key]);
}
