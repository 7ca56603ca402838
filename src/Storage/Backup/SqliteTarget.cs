namespace Madang.Storage.Backup;

/// <summary>The file of an embedded store that is being put back; whoever made its folder takes it away.</summary>
internal sealed class SqliteTarget(string folder) : StoreTarget
{
    private readonly string file = Path.Combine(folder, "madang.db");

    public override Engine Engine => Engine.Sqlite;

    public override async Task Fill(Func<Stream, Task> read, CancellationToken cancel)
    {
        await using var target = OwnersFiles.Write(file, FileMode.CreateNew);
        await read(target);
        target.Flush(flushToDisk: true);
    }

    public override Task<IReadOnlyList<TableDigest>> Digest(CancellationToken cancel) => Task.Run(() => SqliteDigests.Of(file, cancel), cancel);

    public override Task Write(Func<WriteScope, Task> change, CancellationToken cancel) => BesideStore.Write(folder, null, change, cancel);

    public override Task Discard() => Task.CompletedTask;
}
