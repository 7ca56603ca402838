using Madang.Kernel;

namespace Madang.Operations.Air;

/// <summary>
/// Times that are past are read a few at once, whoever asks: each is a walk through the store, and there are many of them. Who would wait behind
/// too many others is told to come again.
/// </summary>
internal sealed class AirQueue : IDisposable
{
    private const int AtOnce = 2, MostWaiting = 16;

    private static readonly TimeSpan Later = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim places = new(AtOnce);
    private int waiting;

    /// <exception cref="UnavailableException">Too many wait already (503).</exception>
    public async Task<T> Read<T>(Func<Task<T>> read)
    {
        try
        {
            if (Interlocked.Increment(ref waiting) > AtOnce + MostWaiting)
            {
                throw new UnavailableException("air-history-busy", "Too many times that are past are asked for at once.", Later);
            }

            await places.WaitAsync();
            try
            {
                return await read();
            }
            finally
            {
                places.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    public void Dispose() => places.Dispose();
}
