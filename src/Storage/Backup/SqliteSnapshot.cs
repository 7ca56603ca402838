using System.Data.Common;
using Dapper;
using Madang.Kernel;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Madang.Storage.Backup;

/// <summary>
/// The embedded store as a reader sees it. It is copied page by page within that reader's transaction, so that a server that
/// writes meanwhile changes nothing of it, into a file beside the store that only its owner may read.
/// </summary>
internal sealed class SqliteSnapshot : StoreSnapshot
{
    private const int PagesAtOnce = 2048;

    private readonly SqliteConnection live;
    private readonly SqliteTransaction held;
    private readonly string path;
    private FileStream? copy;

    private SqliteSnapshot(SqliteConnection live, SqliteTransaction held, string path) => (this.live, this.held, this.path) = (live, held, path);

    public override Engine Engine => Engine.Sqlite;

    public override DbConnection Connection => live;

    public override DbTransaction Transaction => held;

    public static async Task<SqliteSnapshot> Hold(string data, CancellationToken cancel)
    {
        var live = (SqliteConnection)await ReadOnlyStore.Open(data, null, cancel);
        try
        {
            var held = live.BeginTransaction(deferred: true);
            if (live.ExecuteScalar<long>("SELECT count(*) FROM sqlite_schema WHERE name = 'schema_scripts'", transaction: held) == 0)
            {
                throw new InvalidInputException("--data", $"'{Path.GetFullPath(data)}' holds no store of Madang");
            }

            return new SqliteSnapshot(live, held, Path.Combine(Path.GetFullPath(data), "madang.db.copy"));
        }
        catch
        {
            await live.DisposeAsync();
            throw;
        }
    }

    public override async Task<IReadOnlyList<TableDigest>> Take(CancellationToken cancel)
    {
        copy = MakeCopy();
        await Task.Run(() => Copy(cancel), cancel);
        await held.DisposeAsync();
        await live.DisposeAsync();
        return await Task.Run(() => SqliteDigests.Of(path, cancel), cancel);
    }

    public override Task CopyTo(Stream target, CancellationToken cancel) =>
        copy?.CopyToAsync(target, cancel) ?? throw new InvalidOperationException("Nothing was taken yet.");

    public override async ValueTask DisposeAsync()
    {
        await held.DisposeAsync();
        await live.DisposeAsync();
        if (copy is not null)
        {
            File.Delete(path);
            await copy.DisposeAsync();
        }
    }

    /// <summary>Held open to the end, which keeps a second backup away; one that was killed leaves a file that the next writes over. Made here, since SQLite would make it for everybody.</summary>
    private FileStream MakeCopy()
    {
        try
        {
            return OwnersFiles.Write(path, FileMode.Create);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException("--data", $"'{path}' cannot be written, or another backup of this folder is running: {exception.Message}");
        }
    }

    private void Copy(CancellationToken cancel)
    {
        using var target = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        target.Open();
        target.Execute("PRAGMA synchronous=OFF");
        var backup = raw.sqlite3_backup_init(target.Handle, "main", live.Handle, "main");
        if (backup.IsInvalid)
        {
            SqliteException.ThrowExceptionForRC(raw.sqlite3_errcode(target.Handle), target.Handle);
        }

        int step;
        using (backup)
        {
            while ((step = raw.sqlite3_backup_step(backup, PagesAtOnce)) == raw.SQLITE_OK)
            {
                cancel.ThrowIfCancellationRequested();
            }
        }

        SqliteException.ThrowExceptionForRC(step == raw.SQLITE_DONE ? raw.SQLITE_OK : step, target.Handle);
    }
}
