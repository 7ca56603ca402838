using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using System.Resources;

namespace Madang.Web;

/// <summary>A language the pages speak.</summary>
public sealed class Language
{
    /// <summary>The files of words in <c>Text/</c>: the house's own, and one for each group of pages. No key stands in two of them.</summary>
    private static readonly string[] Files =
        ["Words", "MapWords", "SensorWords", "DistrictWords", "AboutWords", "AccountWords", "SecurityWords", "RecordWords", "ReviewWords", "PrivacyWords", "HouseWords", "DoorWords", "StreamWords", "AskWords", "KeepWords", "AlertWords", "HereWords", "RuleWords", "WarningWords", "IncidentWords", "AirWords", "DutyWords", "WallWords", "AutomationWords", "FormWords", "ReasonWords"];

    private readonly FrozenDictionary<string, string> words;
    private readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, string>> lists = [];

    private Language(string code, string root)
    {
        (Code, Root) = (code, root);
        words = Files.SelectMany(file => Read(file, CultureInfo.GetCultureInfo(code))).ToFrozenDictionary();
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
    public string? Find(string key) => words.GetValueOrDefault(key);

    /// <summary>Every key that begins with <paramref name="prefix"/> (one of the house's own, so few), for the island that runs in the browser.</summary>
    public IReadOnlyDictionary<string, string> List(string prefix) => lists.GetOrAdd(prefix, start =>
        words.Where(entry => entry.Key.StartsWith(start, StringComparison.Ordinal)).OrderBy(entry => entry.Key, StringComparer.Ordinal).ToDictionary(entry => entry.Key[start.Length..], entry => entry.Value));

    private static IEnumerable<KeyValuePair<string, string>> Read(string file, CultureInfo culture)
    {
        var manager = new ResourceManager("Madang.Web.Text." + file, typeof(Language).Assembly);
        return manager.GetResourceSet(CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: true)!.Cast<System.Collections.DictionaryEntry>()
            .Select(entry => KeyValuePair.Create((string)entry.Key, manager.GetString((string)entry.Key, culture)!));
    }
}
