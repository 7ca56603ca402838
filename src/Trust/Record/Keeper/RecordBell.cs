namespace Madang.Trust.Record.Keeper;

/// <summary>Wakes the log when entries were stored.</summary>
internal sealed class RecordBell : IDisposable
{
    private readonly SemaphoreSlim bell = new(0, 1);

    public void Ring()
    {
        lock (bell)
        {
            if (bell.CurrentCount == 0)
            {
                bell.Release();
            }
        }
    }

    public void Dispose() => bell.Dispose();

    public Task Wait(TimeSpan atMost, CancellationToken cancel) => bell.WaitAsync(atMost, cancel);
}
