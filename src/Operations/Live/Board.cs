using Madang.Sensing;

namespace Madang.Operations.Live;

/// <summary>A datastream on the board: what it is and its newest reading.</summary>
internal sealed class Slot
{
    public required LatestReading Stream { get; init; }

    /// <summary>The district of its Thing: code and whether that is approximate; null outside the city.</summary>
    public (string Code, bool Approximate)? District { get; init; }

    public DateTimeOffset? At { get; set; }

    public double? Number { get; set; }

    /// <summary>The change of the board that touched it last.</summary>
    public long Touched { get; set; }
}

/// <summary>The newest reading of every datastream, kept by facts. All its members may be called from any thread.</summary>
internal sealed class Board
{
    private readonly Lock gate = new();
    private Dictionary<long, Slot> slots = [];

    /// <summary>The slots of each Thing, in order of the datastreams' ids, and what was last told of them; null when one has changed since.</summary>
    private Dictionary<long, (List<Slot> Slots, ThingReadings? Told)> things = [];

    /// <summary>What is wrong with datastreams, and the change of the board that told it; one that is well again stays until the next list.</summary>
    private Dictionary<long, (byte Found, long Touched)> findings = [];
    private long changes, generation;

    /// <summary>A mark to hand to <see cref="Replace"/>: what changes after it is newer than a list read after it.</summary>
    public long Mark()
    {
        lock (gate)
        {
            return changes;
        }
    }

    /// <summary>Puts a fresh list in the place of all that is known, but keeps readings that came in since <paramref name="mark"/>.</summary>
    public void Replace(IEnumerable<Slot> fresh, long mark)
    {
        lock (gate)
        {
            var next = fresh.ToDictionary(slot => slot.Stream.Datastream);
            foreach (var (id, old) in slots)
            {
                if (old.Touched > mark && next.TryGetValue(id, out var slot) && (slot.At is null || old.At > slot.At))
                {
                    (slot.At, slot.Number, slot.Touched) = (old.At, old.Number, old.Touched);
                }
            }

            slots = next;
            things = next.Values.GroupBy(slot => slot.Stream.Thing).ToDictionary(thing => thing.Key, thing => (thing.ToList(), (ThingReadings?)null));
            generation++;
            changes++;
        }
    }

    /// <summary>Takes readings in. Not all known: one belongs to a datastream that is not known yet. Late: one belongs to ten minutes that are over by the clock of its datastream or of its world (<paramref name="clockOf"/> simulated or not). A real reading after <paramref name="latest"/> comes from a wrong clock and is left out.</summary>
    public (bool AllKnown, bool AnyLate) Apply(IReadOnlyList<StoredReadings> readings, DateTimeOffset latest, Func<bool, DateTimeOffset?> clockOf)
    {
        var (known, late) = (true, false);
        lock (gate)
        {
            changes++;
            foreach (var reading in readings)
            {
                if (!slots.TryGetValue(reading.Datastream, out var slot))
                {
                    known = false;
                    continue;
                }

                if (!slot.Stream.Simulated && reading.Last > latest)
                {
                    continue;
                }

                late |= DayCurves.StepOf(reading.First) < DayCurves.StepOf(Newest(slot.At, reading.Last, clockOf(slot.Stream.Simulated)));
                if (slot.At is null || reading.Last >= slot.At)
                {
                    (slot.At, slot.Number, slot.Touched) = (reading.Last, reading.LastNumber, changes);
                    Forget(slot);
                }
            }
        }

        return (known, late);
    }

    /// <summary>Takes in what began or ended to be wrong, of known datastreams and of others.</summary>
    public void Apply(IReadOnlyList<HealthChange> found)
    {
        lock (gate)
        {
            changes++;
            foreach (var change in found)
            {
                var before = findings.GetValueOrDefault(change.Datastream).Found;
                findings[change.Datastream] = (FindingSet.With(before, change.Finding, change.Began), changes);
                Forget(slots.GetValueOrDefault(change.Datastream));
            }
        }
    }

    /// <summary>Puts a fresh list of what is wrong in the place of all that is known, but keeps what was told since <paramref name="mark"/>.</summary>
    public void ReplaceFindings(IEnumerable<(long Datastream, SensorFinding Finding)> fresh, long mark)
    {
        lock (gate)
        {
            var next = new Dictionary<long, (byte Found, long Touched)>();
            foreach (var (datastream, finding) in fresh)
            {
                next[datastream] = (FindingSet.With(next.GetValueOrDefault(datastream).Found, finding, began: true), mark);
            }

            foreach (var (datastream, told) in findings.Where(each => each.Value.Touched > mark))
            {
                next[datastream] = told;
            }

            foreach (var datastream in findings.Keys.Union(next.Keys))
            {
                Forget(slots.GetValueOrDefault(datastream));
            }

            findings = next;
            changes++;
        }
    }

    /// <summary>Every Thing as it stands at this moment, and a number that changes when other Things or datastreams are on the board.</summary>
    public (long Generation, List<ThingReadings> Things) List()
    {
        lock (gate)
        {
            var list = new List<ThingReadings>(things.Count);
            foreach (var (thing, (own, known)) in things)
            {
                var told = known ?? new ThingReadings([.. own.Select(slot => new Reading(slot.Stream, slot.District, slot.At, slot.Number, findings.GetValueOrDefault(slot.Stream.Datastream).Found))]);
                things[thing] = (own, told);
                list.Add(told);
            }

            return (generation, list);
        }
    }

    private void Forget(Slot? slot)
    {
        if (slot is not null)
        {
            things[slot.Stream.Thing] = (things[slot.Stream.Thing].Slots, null);
        }
    }

    private static DateTimeOffset Newest(DateTimeOffset? known, DateTimeOffset told, DateTimeOffset? world) =>
        new(Math.Max(told.UtcTicks, Math.Max(known?.UtcTicks ?? 0, world?.UtcTicks ?? 0)), TimeSpan.Zero);
}

/// <summary>A datastream and its newest reading, at one moment, with the <see cref="FindingSet"/> of what is wrong with it.</summary>
internal readonly record struct Reading(LatestReading Stream, (string Code, bool Approximate)? District, DateTimeOffset? At, double? Number, byte Findings = 0)
{
    /// <summary>How old it may be to count as "now": a stream that speaks once an hour is as good as new for that hour and a quarter of it more.</summary>
    public TimeSpan Window => Stream.Cadence * 1.25 is { } own && own > CityNow.Window ? own : CityNow.Window;

    /// <summary>How old it may be to be late and not silent.</summary>
    public TimeSpan LateUntil => Stream.Cadence * 3 is { } own && own > CityNow.LateUntil ? own : CityNow.LateUntil;
}

/// <summary>The readings of one Thing's datastreams at one moment, in order of their ids: the same object for as long as none of them changes.</summary>
internal sealed class ThingReadings(Reading[] readings)
{
    /// <summary>At least one.</summary>
    public Reading[] Readings { get; } = readings;

    public LatestReading First => Readings[0].Stream;
}
