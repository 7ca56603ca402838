namespace Madang.Trust.Backup;

/// <summary>Which path lies in which folder.</summary>
internal static class Inside
{
    public static bool Is(string path, string folder) => path == folder || path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
