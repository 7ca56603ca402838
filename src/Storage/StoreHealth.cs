using Dapper;
using Madang.Kernel;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Storage;

/// <summary>Whether the store can take data: by what became of the last write and, for the embedded store, by the room on its disk.</summary>
public sealed partial class StoreHealth(IOptions<StorageOptions> options, TimeProvider clock, ILogger<StoreHealth> log)
{
    private const long Megabyte = 1024 * 1024;

    /// <summary>After a failed write nobody may write any more, because this server is held to be ill; so after this time a check writes itself.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    /// <summary>How often a nearly full disk is told of in the log.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    private volatile Failure? failure;
    private long toldAt;

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
            TellRoom(free, reserve);
            throw new UnavailableException("storage-nearly-full", "The store has too little room; the log says how much.", TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>How much room there is, is the operator's affair: anybody may ask whether the server is ready.</summary>
    private void TellRoom(long free, int reserve)
    {
        var now = clock.GetUtcNow().UtcTicks;
        var last = Interlocked.Read(ref toldAt);
        if (now - last >= Silence.Ticks && Interlocked.CompareExchange(ref toldAt, now, last) == last)
        {
            NearlyFull(log, free, reserve);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Only {Free} MiB are free where the data lies; the reserve is {Reserve} MiB (Storage:ReserveMegabytes).")]
    private static partial void NearlyFull(ILogger log, long free, int reserve);

    private sealed record Failure(DateTimeOffset At, string Code);
}
