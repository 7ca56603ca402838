using System.Reflection;
using System.Text.Json;

namespace Madang.Operations.Rules;

/// <summary>The rules that come with Madang, read from the files in <c>Rules/Shipped</c> and <c>Rules/Resting</c>.</summary>
internal static class ShippedRules
{
    /// <summary>Those that judge from the first day on, by id, in order.</summary>
    public static IReadOnlyDictionary<string, Rule> All { get; } = new SortedDictionary<string, Rule>(Read("rules/").ToDictionary(), StringComparer.Ordinal);

    /// <summary>Those that rest until somebody switches them on: their numbers are the city's to set.</summary>
    public static IReadOnlyDictionary<string, Rule> Resting { get; } = new SortedDictionary<string, Rule>(Read("resting-rules/").ToDictionary(), StringComparer.Ordinal);

    private static IEnumerable<KeyValuePair<string, Rule>> Read(string folder)
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder, StringComparison.Ordinal)))
        {
            using var file = assembly.GetManifestResourceStream(name)!;
            yield return KeyValuePair.Create(name[folder.Length..], JsonSerializer.Deserialize<Rule>(file, RuleForm.Options)!);
        }
    }
}
