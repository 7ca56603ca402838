using Madang.Kernel;
using Madang.Storage;
using Madang.Trust.Record;

namespace Madang.Trust.Backup;

/// <summary>
/// The folders of a city that is put back: each is filled under the name it will have with <c>.new</c> behind it, and gets
/// its own name when all is there and right.
/// </summary>
internal sealed class Staging
{
    private const string Draft = ".new";

    private readonly Dictionary<string, string> folders;
    private readonly List<string> roots;
    private readonly List<string> moved = [];

    public Staging(CityPlaces places)
    {
        var record = new RecordPlace(places.Record);
        folders = new Dictionary<string, string> { [Manifest.Record] = record.Folder, [Manifest.Secret] = record.Secrets, [Manifest.Mail] = places.Mail };
        var all = folders.Values.Concat(places.Engine == Engine.Sqlite ? [places.Data] : []).Distinct().ToList();
        roots = [.. all.Where(folder => !all.Any(other => other != folder && Inside.Is(folder, other)))];
        foreach (var root in roots)
        {
            Refuse(root, root == places.Data ? "--data" : root == places.Mail ? "Accounts:MailFolder" : "Trust:RecordFolder");
        }
    }

    /// <summary>Where a folder lies while it is filled.</summary>
    public string Place(string folder)
    {
        var root = roots.Single(root => Inside.Is(folder, root));
        return folder == root ? root + Draft : Path.Combine(root + Draft, Path.GetRelativePath(root, folder));
    }

    /// <summary>Writes a file of the backup; its name may not lead out of its folder.</summary>
    public void Write(string name, Stream content)
    {
        var prefix = folders.Keys.FirstOrDefault(prefix => name.StartsWith(prefix, StringComparison.Ordinal)) ?? throw Strange(name);
        var folder = Place(folders[prefix]);
        var relative = name[prefix.Length..];
        var path = Path.GetFullPath(Path.Combine(folder, relative));
        if (relative.Length == 0 || Path.IsPathRooted(relative) || relative.Contains('\\', StringComparison.Ordinal) || relative.Split('/').Any(part => part is "" or "." or "..") || !Inside.Is(path, folder))
        {
            throw Strange(name);
        }

        OwnersFiles.MakeFolder(Path.GetDirectoryName(path)!);
        using var file = OwnersFiles.Write(path, FileMode.CreateNew);
        content.CopyTo(file);
    }

    /// <summary>Makes the folder of the store, or nothing with PostgreSQL.</summary>
    public void Begin(CityPlaces places)
    {
        if (places.Engine == Engine.Sqlite)
        {
            OwnersFiles.MakeFolder(Place(places.Data));
        }
    }

    /// <summary>Gives every folder its own name.</summary>
    public void Commit()
    {
        foreach (var root in roots.Where(root => Directory.Exists(root + Draft)))
        {
            if (Directory.Exists(root))
            {
                // Empty: that was looked at, and Delete refuses what is not.
                Directory.Delete(root);
            }

            Directory.Move(root + Draft, root);
            moved.Add(root);
        }
    }

    /// <summary>Takes away what was made.</summary>
    public void Discard()
    {
        foreach (var folder in roots.Select(root => root + Draft).Concat(moved).Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Refuse(string root, string option)
    {
        if (File.Exists(root) || (Directory.Exists(root) && Directory.EnumerateFileSystemEntries(root).Any()))
        {
            throw new InvalidInputException(option, $"'{root}' is not empty; nothing is written over. Name a folder that is not there, or move this one away");
        }

        if (Directory.Exists(root + Draft))
        {
            throw new InvalidInputException(option, $"'{root + Draft}' is there, of another restore that runs or was killed; delete it when none runs");
        }
    }

    private static InvalidInputException Strange(string name) => new("--from", $"the file has an entry '{name}' that belongs nowhere in a city");
}
