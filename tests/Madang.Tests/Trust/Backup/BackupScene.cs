using Madang.Server;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Trust.Backup;

/// <summary>A folder with a key and backups, and the places of test stores.</summary>
internal sealed class BackupScene : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("madang-backup-");

    public BackupScene()
    {
        BackupKey.MakeFile(KeyFile);
        Key = BackupKey.ReadFile(KeyFile);
    }

    public string KeyFile => PathOf("key");

    public BackupKey Key { get; }

    public static CityPlaces Places(TestStore store) =>
        new() { Data = store.Folder, Postgres = store.Postgres, Record = store.RecordFolder, Mail = Path.Combine(store.Folder, "mail") };

    public string PathOf(string name) => Path.Combine(folder.FullName, name);

    public Task<BackupReport> Make(TestStore store, string name = "backup") =>
        CityBackup.Make(Places(store), PathOf(name), Key, TimeProvider.System, TestContext.Current.CancellationToken);

    public Task<BackupReport> Restore(TestStore store, string name = "backup", BackupKey? key = null) =>
        CityBackup.Restore(Places(store), PathOf(name), key ?? Key, new ServiceCollection().AddCity().SchemaScriptNames(store.Engine), TimeProvider.System, TestContext.Current.CancellationToken);

    public void Dispose() => folder.Delete(recursive: true);
}
