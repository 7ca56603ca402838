using System.Collections.Concurrent;

namespace Madang.Operations.Air;

/// <summary>What many ask at once is made once, and kept for a little while: late data are seen after that. Bounded; when it is full, the oldest is forgotten.</summary>
/// <param name="clock">Its timestamps tell the age.</param>
/// <param name="keep">How long.</param>
internal sealed class AirCache<TKey, TValue>(TimeProvider clock, TimeSpan keep)
    where TKey : notnull
{
    private const int Most = 64;

    private readonly ConcurrentDictionary<TKey, (long Made, Lazy<Task<TValue>> Value)> kept = new();

    /// <summary>Made by nobody, so that what is read is what everybody may read, and the answer is the same for all; and not ended with the one who asked first.</summary>
    public async Task<TValue> Get(TKey key, Func<Task<TValue>> make, CancellationToken cancel)
    {
        if (!kept.TryGetValue(key, out var known) || clock.GetElapsedTime(known.Made) > keep || known.Value is { IsValueCreated: true, Value.IsFaulted: true })
        {
            if (kept.Count >= Most && !kept.ContainsKey(key))
            {
                foreach (var (oldest, _) in kept.OrderBy(each => each.Value.Made).Take(1))
                {
                    kept.TryRemove(oldest, out _);
                }
            }

            var fresh = (clock.GetTimestamp(), new Lazy<Task<TValue>>(() => AsEverybody(make)));
            known = kept.AddOrUpdate(key, fresh, (_, there) => there.Made == known.Made ? fresh : there);
        }

        return await known.Value.Value.WaitAsync(cancel);
    }

    /// <summary>Forgets all of it.</summary>
    public void Clear() => kept.Clear();

    private static Task<TValue> AsEverybody(Func<Task<TValue>> make)
    {
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(make);
        }
    }
}
