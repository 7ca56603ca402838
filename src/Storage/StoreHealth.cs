using Dapper;
using Madang.Kernel;
using Microsoft.Extensions.Options;

namespace Madang.Storage;

/// <summary>Whether the store can take data: by what became of the last write and, for the embedded store, by the room on its disk.</summary>
public sealed class StoreHealth(IOptions<StorageOptions> options, TimeProvider clock)
{
    private const long Megabyte = 1024 * 1024;

    /// <summary>After a failed write nobody may write any more, because this server is held to be ill; so after this time a check writes itself.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    private volatile Failure? failure;

    /// <summary>Throws when the store cannot take data now. Reads two numbers, unless the last write failed.</summary>
    public async Task Check(IDatabase database, CancellationToken cancel)
    {
        if (database.Engine == Engine.Sqlite)
        {
            CheckRoom();
        }

        if (failure is not { } last)
        {
            return;
        }

        if (clock.GetUtcNow() - last.At < Rest)
        {
            throw new UnavailableException("storage-cannot-write", $"The store did not take the last write ({last.Code}).", Rest);
        }

        await database.Write(scope => scope.Connection.ExecuteAsync("UPDATE schema_scripts SET applied_at = applied_at WHERE module = 'storage'", transaction: scope.Transaction), cancel);
    }

    internal void Wrote() => failure = null;

    internal void Failed(UnavailableException outage) => failure = new Failure(clock.GetUtcNow(), outage.Code);

    private void CheckRoom()
    {
        var reserve = options.Value.ReserveMegabytes;
        var free = new DriveInfo(Path.GetFullPath(options.Value.Data)).AvailableFreeSpace / Megabyte;
        if (free < reserve)
        {
            throw new UnavailableException("storage-nearly-full", $"Only {free} MiB are free where the data lies; the reserve is {reserve} MiB (Storage:ReserveMegabytes).", TimeSpan.FromMinutes(1));
        }
    }

    private sealed record Failure(DateTimeOffset At, string Code);
}
