namespace Madang.Kernel;

/// <summary>
/// Answers that are made once and given to all who ask the same. Bounded by number and bytes: the oldest go first, one at a
/// time, so that a storm of new callers does not make the same anew.
/// </summary>
/// <typeparam name="TKey">What a text says: two with the same key are the same.</typeparam>
/// <param name="mostTexts">The most texts that are held.</param>
/// <param name="mostBytes">The most bytes that are held; the newest text is held however long it is.</param>
public sealed class SharedTexts<TKey>(int mostTexts, long mostBytes)
    where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, Entry> entries = [];
    private readonly Queue<Entry> order = [];
    private long bytes;

    /// <summary>How many texts are held, and their bytes.</summary>
    public (int Texts, long Bytes) Held
    {
        get
        {
            lock (gate)
            {
                return (entries.Count, bytes);
            }
        }
    }

    /// <summary>The text, made by whoever asks first while the others wait for it. What could not be made is not remembered. <paramref name="make"/> serves all, so it must not end with one caller.</summary>
    public async Task<byte[]> Get(TKey key, Func<Task<byte[]>> make, CancellationToken cancel)
    {
        var entry = Find(key, make);
        try
        {
            var text = await entry.Text.Value.WaitAsync(cancel);
            Count(entry, text.Length);
            return text;
        }
        catch when (entry.Text.Value.IsFaulted || entry.Text.Value.IsCanceled)
        {
            Forget(entry);
            throw;
        }
    }

    private Entry Find(TKey key, Func<Task<byte[]>> make)
    {
        lock (gate)
        {
            if (entries.TryGetValue(key, out var known))
            {
                return known;
            }

            // Made on first use, outside the lock.
            var entry = new Entry(key, new Lazy<Task<byte[]>>(() => Make(make)));
            entries.Add(key, entry);
            order.Enqueue(entry);
            Trim();
            return entry;
        }
    }

    /// <summary>A failure is in the task, wherever it happened.</summary>
    private static async Task<byte[]> Make(Func<Task<byte[]>> make) => await make();

    private void Count(Entry entry, int length)
    {
        if (entry.Length == length)
        {
            return;
        }

        lock (gate)
        {
            if (entry.Length == 0 && entries.GetValueOrDefault(entry.Key) == entry)
            {
                entry.Length = length;
                bytes += length;
                Trim();
            }
        }
    }

    private void Forget(Entry entry)
    {
        lock (gate)
        {
            if (entries.GetValueOrDefault(entry.Key) == entry)
            {
                entries.Remove(entry.Key);
            }
        }
    }

    /// <summary>The newest always stays, however large it is.</summary>
    private void Trim()
    {
        while (order.Count > 1 && (order.Count > mostTexts || bytes > mostBytes))
        {
            var oldest = order.Dequeue();
            if (entries.GetValueOrDefault(oldest.Key) == oldest)
            {
                entries.Remove(oldest.Key);
                bytes -= oldest.Length;
            }
        }
    }

    private sealed class Entry(TKey key, Lazy<Task<byte[]>> text)
    {
        public TKey Key => key;

        public Lazy<Task<byte[]>> Text => text;

        /// <summary>Bytes that are counted; 0 until it is made.</summary>
        public int Length { get; set; }
    }
}
