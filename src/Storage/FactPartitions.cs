namespace Madang.Storage;

/// <summary>How facts are dealt into partitions: facts with equal keys fall into one and are delivered in order.</summary>
public static class FactPartitions
{
    /// <summary>How many there are. Fixed: changing it would break the order of facts already stored.</summary>
    public const int Count = 16;

    /// <summary>The partition of a key, from 0 to <see cref="Count"/> - 1; the same in every process.</summary>
    public static int Of(string key)
    {
        // FNV-1a, because string.GetHashCode differs from process to process.
        var hash = 2166136261u;
        foreach (var character in key)
        {
            hash = (hash ^ character) * 16777619u;
        }

        return (int)(hash % Count);
    }
}
