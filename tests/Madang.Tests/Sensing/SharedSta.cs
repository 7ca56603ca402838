using System.Collections.Concurrent;
using Madang.Storage;

namespace Madang.Tests.Sensing;

/// <summary>A city for each engine with one Datastream, number 1, shared by tests that change nothing.</summary>
public sealed class SharedSta : IAsyncLifetime
{
    private readonly ConcurrentDictionary<Engine, Lazy<Task<Sta>>> cities = new();

    public Task<Sta> Get(Engine engine, Func<Sta, Task>? prepare = null) => cities.GetOrAdd(engine, _ => new(async () =>
    {
        var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        await (prepare?.Invoke(sta) ?? Task.CompletedTask);
        return sta;
    })).Value;

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        foreach (var city in cities.Values)
        {
            await (await city.Value).DisposeAsync();
        }
    }
}
