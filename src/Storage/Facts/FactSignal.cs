namespace Madang.Storage.Facts;

/// <summary>Wakes the pump of a partition after a commit, so that facts arrive in milliseconds and not at the next tick.</summary>
internal sealed class FactSignal
{
    private readonly SemaphoreSlim[] bells = [.. Enumerable.Range(0, FactPartitions.Count).Select(_ => new SemaphoreSlim(0, 1))];

    /// <summary>Rings every partition whose bit is set.</summary>
    public void Ring(uint partitions)
    {
        for (var partition = 0; partition < bells.Length; partition++)
        {
            if ((partitions & (1u << partition)) != 0)
            {
                lock (bells[partition])
                {
                    if (bells[partition].CurrentCount == 0)
                    {
                        bells[partition].Release();
                    }
                }
            }
        }
    }

    /// <summary>Waits for a ring, or for <paramref name="atMost"/>: other nodes' commits ring no bell here.</summary>
    public Task Wait(int partition, TimeSpan atMost, CancellationToken cancel) => bells[partition].WaitAsync(atMost, cancel);
}
