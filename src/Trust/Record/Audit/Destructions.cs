using System.Text.Json;
using Madang.Kernel;
using Madang.Trust.Record.Retention;

namespace Madang.Trust.Record.Audit;

/// <summary>What the log itself says was destroyed because its time was over. Only that may be absent.</summary>
internal sealed class Destructions
{
    private readonly Dictionary<string, Spans> kinds = [];

    /// <summary>How many entries were destroyed, all in all.</summary>
    public long Count { get; private set; }

    /// <summary>Takes what one entry says; it is found wrong when it destroyed what had to be kept.</summary>
    public void Add(long index, ReadOnlyMemory<byte> leaf, DateTimeOffset now, Findings findings)
    {
        if (Read(leaf) is not var (what, at))
        {
            findings.Add("destruction-wrong", $"entry {index} says that something was destroyed, and not what");
            return;
        }

        if (at > now.AddDays(1).ToMicros())
        {
            findings.Add("destruction-wrong", $"entry {index} says what was destroyed on {Moment(at)}, which is not yet");
        }
        else if (what.Before is { } before && RetentionRule.Of(what.Kind) is var rule && (rule.LeastDays == int.MaxValue || before > at - TimeSpan.FromDays(rule.LeastDays).Ticks / TimeSpan.TicksPerMicrosecond))
        {
            findings.Add("destruction-wrong", $"entry {index} says that entries of {what.Kind} from before {Moment(before)} were destroyed on {Moment(at)}: {(rule.LeastDays == int.MaxValue ? "they are never" : $"they must be kept for {rule.LeastDays} days")}");
        }
        else
        {
            Spans(what.Kind).Add(what);
            Count += what.Kind == Destruction.Bundles ? 0 : what.Count;
        }
    }

    /// <summary>True when an entry is one of those that were destroyed: its action, its place and its time.</summary>
    public bool Covers(long index, ReadOnlyMemory<byte> leaf)
    {
        try
        {
            using var json = JsonDocument.Parse(leaf);
            return json.RootElement.GetProperty("action").GetString() is { } action && kinds.TryGetValue(action, out var spans)
                && IsoTime.TryParse(json.RootElement.GetProperty("at").GetString(), out var at) && spans.Has(index, at.ToMicros());
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return false;
        }
    }

    /// <summary>True when a bundle is one of those that were removed, none of its entries being left.</summary>
    public bool CoversBundle(long index) => kinds.TryGetValue(Destruction.Bundles, out var spans) && spans.Has(index, null);

    private static (Destruction What, long At)? Read(ReadOnlyMemory<byte> leaf)
    {
        try
        {
            return Destruction.TryRead(leaf);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Moment(long micros) => IsoTime.Write(IsoTime.FromMicros(micros));

    private Spans Spans(string kind) => kinds.TryGetValue(kind, out var spans) ? spans : kinds[kind] = new Spans();
}

/// <summary>What was destroyed of one action, found by place.</summary>
internal sealed class Spans
{
    private readonly List<Destruction> all = [];
    private long[]? reach;

    public void Add(Destruction what)
    {
        all.Add(what);
        reach = null;
    }

    /// <summary>True when one of them has the place; and the moment, where one is asked for.</summary>
    public bool Has(long place, long? moment)
    {
        Sort();
        var at = FirstBehind(place) - 1;
        // Backwards, as long as one further in front reaches so far.
        for (; at >= 0 && reach![at] >= place; at--)
        {
            if (all[at].Last >= place && (moment is null || moment < all[at].Before))
            {
                return true;
            }
        }

        return false;
    }

    private void Sort()
    {
        if (reach is not null)
        {
            return;
        }

        all.Sort((one, other) => one.First.CompareTo(other.First));
        reach = new long[all.Count];
        for (var at = 0; at < all.Count; at++)
        {
            reach[at] = Math.Max(all[at].Last, at > 0 ? reach[at - 1] : -1);
        }
    }

    /// <summary>How many begin at the place or before it.</summary>
    private int FirstBehind(long place)
    {
        var (from, end) = (0, all.Count);
        while (from < end)
        {
            var middle = (from + end) / 2;
            (from, end) = all[middle].First <= place ? (middle + 1, end) : (from, middle);
        }

        return from;
    }
}
