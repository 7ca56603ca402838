namespace Madang.Storage;

/// <summary>Files and folders that only their owner may read. On Windows the folder's own rights hold.</summary>
public static class OwnersFiles
{
    /// <summary>The mode of a file: <c>rw-------</c>.</summary>
    public const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The mode of a folder: <c>rwx------</c>.</summary>
    public const UnixFileMode Folder = File | UnixFileMode.UserExecute;

    /// <summary>Makes a folder, and those above it that are absent. One that is there keeps its mode.</summary>
    public static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, Folder);
        }
    }

    /// <summary>Opens a file for writing, made for its owner alone where it is absent; nobody else of this program may open it meanwhile.</summary>
    public static FileStream Write(string path, FileMode mode)
    {
        var how = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            how.UnixCreateMode = File;
        }

        return new FileStream(path, how);
    }
}
