using System.Threading.Channels;

namespace Madang.Sensing.Changes;

/// <summary>One who hears of changes, in the order in which they were committed here, through a bounded queue.</summary>
internal sealed class ChangeListener(int capacity)
{
    private readonly Lock gate = new();
    private readonly Queue<Changes> queue = [];
    private readonly Channel<bool> bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private int waiting;
    private bool hasMissed;
    private volatile bool isAwake;

    /// <summary>While false, nothing is queued.</summary>
    public bool IsAwake
    {
        get => isAwake;
        set => isAwake = value;
    }

    /// <summary>Queues changes; false when there is no room. One commit is let in when nothing else waits, however large it is.</summary>
    public bool TryTell(Changes changes)
    {
        lock (gate)
        {
            if (waiting > 0 && waiting + changes.Count > capacity)
            {
                hasMissed = true;
            }
            else
            {
                waiting += changes.Count;
                queue.Enqueue(changes);
            }

            bell.Writer.TryWrite(true);
            return !hasMissed;
        }
    }

    /// <summary>Waits for changes and takes them all; <c>HasMissed</c> says that there were others between, which are lost to this listener.</summary>
    public async Task<(IReadOnlyList<Changes> Changes, bool HasMissed)> Take(CancellationToken cancel)
    {
        await bell.Reader.ReadAsync(cancel);
        lock (gate)
        {
            var taken = queue.ToArray();
            var missed = hasMissed;
            queue.Clear();
            (waiting, hasMissed) = (0, false);
            return (taken, missed);
        }
    }
}
