using System.Collections.Concurrent;

namespace Madang.Sensing.Doors;

/// <summary>A door that stands open: its mapping as it is now, and the devices that were heard through it.</summary>
internal sealed class Door(DoorMap map, string yaml, long version, bool isShipped)
{
    /// <summary>More devices than a city's network has; beyond it the memory is begun anew.</summary>
    private const int MostDevices = 200_000;

    /// <summary>Another node's changes are seen after so long at the latest; this node's at once.</summary>
    private static readonly TimeSpan Lasting = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, (IReadOnlyList<KnownDevice> Things, DateTimeOffset At)> devices = new();

    public DoorMap Map { get; } = map;

    public string Yaml { get; } = yaml;

    /// <summary>Counted from 1 with each change; 0 for one that was shipped and never changed.</summary>
    public long Version { get; } = version;

    /// <summary>True when the program brings a mapping of this name along.</summary>
    public bool IsShipped { get; } = isShipped;

    public string Name => Map.Name;

    public IReadOnlyList<KnownDevice>? Find(string device, DateTimeOffset now) => devices.TryGetValue(device, out var known) && now - known.At < Lasting ? known.Things : null;

    public void Remember(string device, IReadOnlyList<KnownDevice> things, DateTimeOffset now)
    {
        if (devices.Count >= MostDevices)
        {
            devices.Clear();
        }

        devices[device] = (things, now);
    }

    public void Forget(string device) => devices.TryRemove(device, out _);

    public void ForgetAll() => devices.Clear();
}

/// <summary>A Thing that says it is a device, with its Datastreams in the order of the mapping's measures.</summary>
/// <param name="Thing">Its id.</param>
/// <param name="Provider">Whose it is; null for the city's own.</param>
/// <param name="Streams">0 where it has none; the id with a minus before it where the Datastream is in another unit than the mapping says.</param>
internal sealed record KnownDevice(long Thing, long? Provider, long[] Streams);
