using System.Reflection;
using System.Text.Json;

namespace Madang.Operations.Rules;

/// <summary>The rules that come with Madang, read from the files in <c>Rules/Shipped</c>.</summary>
internal static class ShippedRules
{
    private const string Folder = "rules/";

    /// <summary>By id, in order.</summary>
    public static IReadOnlyDictionary<string, Rule> All { get; } = new SortedDictionary<string, Rule>(Read().ToDictionary(), StringComparer.Ordinal);

    private static IEnumerable<KeyValuePair<string, Rule>> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using var file = assembly.GetManifestResourceStream(name)!;
            yield return KeyValuePair.Create(name[Folder.Length..], JsonSerializer.Deserialize<Rule>(file, RuleForm.Options)!);
        }
    }
}
