using System.Reflection;
using Madang.Operations.Rules;

namespace Madang.Operations.Scenarios;

/// <summary>The scenarios that come with Madang, read from the files in <c>Scenarios/Shipped</c>.</summary>
internal static class ShippedScenarios
{
    private const string Folder = "scenarios/";

    /// <summary>In order of their words.</summary>
    public static IReadOnlyList<Scenario> All { get; } = [.. Read().OrderBy(scenario => scenario.Id, StringComparer.Ordinal)];

    private static IEnumerable<Scenario> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using var file = assembly.GetManifestResourceStream(name)!;
            yield return YamlForm.Read<Scenario>(file) with { Id = name[Folder.Length..] };
        }
    }
}
