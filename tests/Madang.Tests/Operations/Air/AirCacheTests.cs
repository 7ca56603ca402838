using Madang.Kernel;
using Madang.Operations.Air;
using Madang.Tests.Hosts;

namespace Madang.Tests.Operations.Air;

/// <summary>What many strangers ask at once.</summary>
public sealed class AirCacheTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_keys_push_out_the_oldest_alone()
    {
        var (clock, made) = (new TestClock(), 0);
        var cache = new AirCache<int, int>(clock, TimeSpan.FromHours(1));
        Task<int> Get(int key)
        {
            clock.Advance(TimeSpan.FromMilliseconds(1));
            return cache.Get(key, () => Task.FromResult(Interlocked.Increment(ref made)), Cancel);
        }

        for (var key = 0; key < 65; key++)
        {
            await Get(key);
        }

        await Get(1);
        await Get(64);
        Assert.Equal(65, made);
        await Get(0);
        Assert.Equal(66, made);
    }

    [Fact]
    public async Task Of_too_many_who_wait_the_last_is_told_to_come_again()
    {
        using var queue = new AirQueue();
        var (gate, running) = (new TaskCompletionSource(), 0);
        async Task<int> Read()
        {
            var now = Interlocked.Increment(ref running);
            await gate.Task;
            Interlocked.Decrement(ref running);
            return now;
        }

        var all = Enumerable.Range(0, 18).Select(_ => queue.Read(Read)).ToList();
        var late = await Assert.ThrowsAsync<UnavailableException>(() => queue.Read(Read));
        gate.SetResult();

        Assert.Equal("air-history-busy", late.Code);
        Assert.All(await Task.WhenAll(all), most => Assert.InRange(most, 1, 2));
        Assert.InRange(await queue.Read(Read), 1, 2);
    }
}
