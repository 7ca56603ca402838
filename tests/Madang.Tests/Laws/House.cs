using System.Reflection;
using System.Xml.Linq;

namespace Madang.Tests.Laws;

/// <summary>One project under <c>src</c>, as its files tell it.</summary>
internal sealed record Module(string Name, int? Floor, IReadOnlyList<string> LooksAt, string? Readme)
{
    public Assembly Assembly => Assembly.Load($"Madang.{Name}");
}

/// <summary>A file of the repository by its path from the root, with its text.</summary>
internal sealed record SourceFile(string Path, string Text);

/// <summary>The house as it lies on the disk: modules are discovered, never listed.</summary>
internal static class House
{
    private static readonly string[] Written = [".cs", ".razor", ".sql", ".ts", ".mjs", ".js", ".css"];
    private static readonly string[] Made = ["node_modules", "dist", "artifacts", "bin", "obj"];

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<Module> Modules { get; } = [.. Directory.GetFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)
        .Where(IsWritten).Select(ReadModule).OrderBy(module => module.Floor).ThenBy(module => module.Name, StringComparer.Ordinal)];

    public static IReadOnlyList<SourceFile> Sources { get; } = [.. new[] { "src", "tests", "bench" }
        .Select(folder => Path.Combine(Root, folder)).Where(Directory.Exists)
        .SelectMany(folder => Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
        .Where(path => Written.Contains(Path.GetExtension(path)) && IsWritten(path))
        .Select(path => new SourceFile(Path.GetRelativePath(Root, path).Replace('\\', '/'), File.ReadAllText(path)))];

    private static bool IsWritten(string path) => !Path.GetRelativePath(Root, path).Split('/', '\\').Any(Made.Contains);

    private static Module ReadModule(string project)
    {
        var xml = XDocument.Load(project);
        var readme = Path.Combine(Path.GetDirectoryName(project)!, "README.md");
        return new Module(
            Path.GetFileNameWithoutExtension(project),
            int.TryParse(xml.Descendants("Floor").SingleOrDefault()?.Value, out var floor) ? floor : null,
            [.. xml.Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))],
            File.Exists(readme) ? File.ReadAllText(readme) : null);
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Madang.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        return folder;
    }
}
