using System.Diagnostics.Metrics;
using System.Text.Json;
using Madang.Sensing.Entities;
using Madang.Sensing.Ingest;
using Madang.Sensing.Model;

namespace Madang.Sensing.Changes;

/// <summary>
/// Tells listeners in this process what was committed, after it was. It never waits: a listener whose queue is full misses
/// what comes and is told that it did. While nobody listens it costs the reading of one field.
/// </summary>
internal sealed class ChangeFeed
{
    private static readonly Meter Meter = new("Madang.Sensing");
    private static readonly Counter<long> Missed = Meter.CreateCounter<long>("madang.sensing.changes.missed", "{change}", "Changes that a listener missed because its queue was full.");

    private readonly Lock gate = new();
    private volatile ChangeListener[] listeners = [];

    /// <summary>True when somebody wants to hear of changes.</summary>
    public bool IsHeard
    {
        get
        {
            foreach (var listener in listeners)
            {
                if (listener.IsAwake)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>A new listener, asleep; <paramref name="capacity"/> is how many changes may wait for it.</summary>
    public ChangeListener Listen(int capacity)
    {
        var listener = new ChangeListener(capacity);
        lock (gate)
        {
            listeners = [.. listeners, listener];
        }

        return listener;
    }

    /// <summary>Takes a listener away.</summary>
    public void Leave(ChangeListener listener)
    {
        lock (gate)
        {
            listeners = [.. listeners.Where(other => other != listener)];
        }
    }

    /// <summary>Observations were stored.</summary>
    public void Stored(IReadOnlyList<NewObservation> observations)
    {
        if (observations.Count > 0)
        {
            Tell(new Changes(observations, []));
        }
    }

    /// <summary>An entity was made, and others with it.</summary>
    /// <param name="set">Of which set.</param>
    /// <param name="id">Which one.</param>
    /// <param name="others">The others; null where a key came before and nothing was made.</param>
    /// <param name="origin">Who caused it, where a listener wants to know its own doing again.</param>
    public void Made(EntitySet set, long id, IReadOnlyList<Alongside>? others, object? origin = null)
    {
        if (others is not null && IsHeard)
        {
            Tell(new Changes(
                [.. others.SelectMany(other => other.Stored ?? [])],
                [new EntityChange(ChangeKind.Made, set, id, null, origin), .. others.Where(other => other.Id is not null).Select(other => new EntityChange(ChangeKind.Made, other.Set, other.Id!.Value, null, origin))]));
        }
    }

    /// <summary>An entity was changed: these members were said anew.</summary>
    public void Changed(EntitySet set, long id, IReadOnlyList<string>? names)
    {
        if (IsHeard)
        {
            Tell(new Changes([], [new EntityChange(ChangeKind.Changed, set, id, names)]));
        }
    }

    /// <summary>The members of a body; null when it is no object, as a JSON Patch is none.</summary>
    public static IReadOnlyList<string>? Names(JsonElement json) => json.ValueKind == JsonValueKind.Object ? [.. json.EnumerateObject().Select(member => member.Name)] : null;

    /// <summary>An entity was deleted.</summary>
    public void Deleted(EntitySet set, long id)
    {
        if (IsHeard)
        {
            Tell(new Changes([], [new EntityChange(ChangeKind.Deleted, set, id)]));
        }
    }

    private void Tell(Changes changes)
    {
        foreach (var listener in listeners)
        {
            if (listener.IsAwake && !listener.TryTell(changes))
            {
                Missed.Add(changes.Count);
            }
        }
    }
}
