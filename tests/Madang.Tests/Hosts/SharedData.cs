using Madang.Tests.Laws;

namespace Madang.Tests.Hosts;

/// <summary>Real files of cities, which are not part of the repository: beside it, or where MADANG_SHARED says.</summary>
public static class SharedData
{
    /// <summary>The path of a file; the test is skipped, and says why, where it is absent.</summary>
    public static string Find(string path)
    {
        var folders = new[] { Environment.GetEnvironmentVariable("MADANG_SHARED"), Path.Combine(House.Root, "..", "shared"), Path.Combine(House.Root, "..", "..", "shared") };
        var found = folders.OfType<string>().SelectMany(folder => new[] { Path.Combine(folder, "data", path), Path.Combine(folder, path) }).FirstOrDefault(File.Exists);
        if (found is null)
        {
            Assert.Skip($"The real file {path} is not here (set MADANG_SHARED).");
        }

        return Path.GetFullPath(found);
    }
}
