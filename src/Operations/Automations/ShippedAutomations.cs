using System.Reflection;
using System.Text.Json;
using Madang.Operations.Rules;

namespace Madang.Operations.Automations;

/// <summary>The automations that come with Madang, read from the files in <c>Automations/Shipped</c>: examples, that rest until somebody switches them on.</summary>
internal static class ShippedAutomations
{
    private const string Folder = "automations/";

    /// <summary>By id, in order.</summary>
    public static IReadOnlyDictionary<string, Automation> All { get; } = new SortedDictionary<string, Automation>(Read().ToDictionary(), StringComparer.Ordinal);

    private static IEnumerable<KeyValuePair<string, Automation>> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using var file = assembly.GetManifestResourceStream(name)!;
            yield return KeyValuePair.Create(name[Folder.Length..], JsonSerializer.Deserialize<Automation>(file, RuleForm.Options)!);
        }
    }
}
