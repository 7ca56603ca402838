namespace Madang.Tests.Hosts;

/// <summary>
/// A clock that a test sets. Timestamps and timers follow real time, so that timeouts and pauses still end; only the
/// calendar stands still until <see cref="Advance"/> moves it.
/// </summary>
public sealed class TestClock(DateTimeOffset start) : TimeProvider
{
    private long ticks = start.UtcTicks;

    public TestClock()
        : this(new DateTimeOffset(2026, 7, 19, 5, 20, 0, TimeSpan.Zero))
    {
    }

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    public void Advance(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);
}
