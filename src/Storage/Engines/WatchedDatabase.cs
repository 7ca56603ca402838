using System.Data.Common;
using Madang.Kernel;

namespace Madang.Storage.Engines;

/// <summary>Either engine, with <see cref="StoreHealth"/> told what becomes of each write.</summary>
internal sealed class WatchedDatabase(IDatabase engine, StoreHealth health) : IDatabase, IAsyncDisposable
{
    public Engine Engine => engine.Engine;

    public ValueTask<ReadScope> Read(CancellationToken cancel, TimeSpan? limit = null) => engine.Read(cancel, limit);

    public DbConnection Connect() => engine.Connect();

    public async Task<T> Write<T>(Func<WriteScope, Task<T>> change, CancellationToken cancel)
    {
        try
        {
            var result = await engine.Write(change, cancel);
            health.Wrote();
            return result;
        }
        catch (UnavailableException outage) when (outage.Code != "storage-busy")
        {
            health.Failed(outage);
            throw;
        }
    }

    public ValueTask DisposeAsync() => ((IAsyncDisposable)engine).DisposeAsync();
}
