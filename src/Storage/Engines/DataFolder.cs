using Madang.Kernel;

namespace Madang.Storage.Engines;

/// <summary>The folder of the embedded store: one process at a time.</summary>
internal static class DataFolder
{
    // The runtime reports "held by another" as the system's own number.
    private const int WouldBlockOnLinux = 11, WouldBlockOnMac = 35, SharingViolationOnWindows = unchecked((int)0x80070020);

    /// <summary>Makes the folder when it is absent and locks it until the answer is disposed; the system lets go of the lock when a process dies.</summary>
    public static FileStream Take(string folder)
    {
        var path = Path.GetFullPath(folder);
        try
        {
            OwnersFiles.MakeFolder(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException("Storage:Data", $"the folder '{path}' cannot be made: {exception.Message}");
        }

        var file = Path.Combine(path, "madang.lock");
        try
        {
            return OwnersFiles.Write(file, FileMode.OpenOrCreate);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new InvalidInputException("Storage:Data", $"the folder '{path}' cannot be written: {exception.Message}");
        }
        catch (IOException exception)
        {
            throw new InvalidInputException("Storage:Data", exception.HResult is WouldBlockOnLinux or WouldBlockOnMac or SharingViolationOnWindows
                ? $"the folder '{path}' is in use by another running Madang"
                : $"the folder '{path}' cannot be written: {exception.Message}");
        }
    }

    /// <summary>Makes a file for its owner alone where there is none: SQLite would make it for everybody, and gives its -wal and -shm the rights of the file itself.</summary>
    public static void MakeOwnersFile(string path)
    {
        if (!File.Exists(path))
        {
            OwnersFiles.Write(path, FileMode.OpenOrCreate).Dispose();
        }
    }
}
