using System.Globalization;
using Madang.Kernel;
using Madang.Sensing.Ingest;
using Madang.Trust;
using Microsoft.Extensions.Options;

namespace Madang.Sensing.Doors;

/// <summary>A record that did not fit, or a whole payload (number 0), as it is kept.</summary>
internal sealed record Unfit(int Number, string? Device, string Reason, IReadOnlyList<string>? Parts, byte[] Payload, bool IsUtf8);

/// <summary>What came of a payload: the Observations that were stored, what did not fit, and how many values were there already.</summary>
internal sealed record Passed(int Records, IReadOnlyList<long> Stored, IReadOnlyList<Unfit> Unfit, int Repeated = 0);

/// <summary>The way of a payload through a door: cut into records, sorted, matched with devices, stored with everybody's Observations in one commit.</summary>
internal sealed class DoorFlow(DeviceBook devices, DeviceMaker maker, Repeats repeats, IngestQueue queue, IOptions<SensingOptions> options)
{
    /// <summary>A payload cut and sorted, and nothing else yet; throws when nothing of it can be read.</summary>
    public List<SortedRecord> Sort(DoorMap map, ReadOnlyMemory<byte> payload, bool isUtf8, DateTimeOffset arrived, IReadOnlyCollection<string>? only)
    {
        var records = Payload.Read(map.Format, payload, isUtf8, options.Value.MaxJsonDepth, options.Value.MaxItems);
        var sorted = new List<SortedRecord>(records.Count);
        var values = 0;
        foreach (var record in records)
        {
            sorted.Add(SortedRecord.Sort(map, record, sorted.Count + 1, arrived, only));
            values += sorted[^1].Values.Count;
        }

        return values <= options.Value.MaxItems ? sorted : throw new UnreadableException(string.Create(CultureInfo.InvariantCulture, $"has more than {options.Value.MaxItems:N0} values; send it in several requests"));
    }

    /// <summary>Stores what fits; returns after the commit. 503 when too much waits: then nothing of it was stored.</summary>
    public async Task<Passed> Pass(Door door, ReadOnlyMemory<byte> payload, bool isUtf8, DateTimeOffset arrived, IReadOnlyCollection<string>? only, IdempotencyKey? key, CancellationToken cancel)
    {
        List<SortedRecord> sorted;
        try
        {
            sorted = Sort(door.Map, payload, isUtf8, arrived, only);
        }
        catch (UnreadableException broken)
        {
            return new Passed(0, [], [new Unfit(0, null, broken.Message, null, payload.ToArray(), isUtf8)]);
        }

        var planned = await Plan(door, sorted, cancel);
        using var turn = door.Map.Time.IsOwn ? await repeats.Begin(planned.Select(each => each.Observation), cancel) : null;
        var fresh = await Fresh(door, planned, key, cancel);
        var outcomes = await queue.Store([.. fresh.Select(each => each.Observation)], key);
        if (outcomes.Length != fresh.Count)
        {
            // This request came before, when a device was not known, the mapping was another or some of it was there already: what was stored then stands.
            return new Passed(sorted.Count, [.. outcomes.Where(outcome => outcome.Refusal is null).Select(outcome => outcome.Id)], [.. Unfits(door.Map, sorted)], Math.Max(0, planned.Count - outcomes.Length));
        }

        var stored = await Settle(door, fresh, outcomes, cancel);
        return new Passed(sorted.Count, stored, [.. Unfits(door.Map, sorted)], planned.Count - fresh.Count);
    }

    /// <summary>What is not there yet. Without a time of its own in the payload nothing tells a repetition from the same value a moment later.</summary>
    private async Task<List<Planned>> Fresh(Door door, List<Planned> planned, IdempotencyKey? key, CancellationToken cancel)
    {
        if (planned.Count == 0 || !door.Map.Time.IsOwn || (key is not null && await repeats.Remembers(key, cancel)))
        {
            return planned;
        }

        var fresh = (await repeats.Fresh([.. planned.Select(each => each.Observation)], cancel)).ToHashSet<object>(ReferenceEqualityComparer.Instance);
        return fresh.Count == planned.Count ? planned : planned.FindAll(each => fresh.Contains(each.Observation));
    }

    /// <summary>The device of each record, or why there is none: known, of others, said by two Things.</summary>
    public static (KnownDevice? Known, string? Trouble) Choose(DoorMap map, string device, IReadOnlyList<KnownDevice> things)
    {
        var mine = things.Where(thing => Caller.Current.May(Act.Write, Kinds.Thing, thing.Provider)).ToList();
        return mine.Count switch
        {
            1 => (mine[0], null),
            > 1 => (null, string.Create(CultureInfo.InvariantCulture, $"there are {mine.Count} Things with properties.{map.Device.Property} '{device}': {string.Join(", ", mine.Take(5).Select(thing => thing.Thing))}")),
            _ when things.Any(thing => Caller.Current.MaySee(thing.Provider)) => (null, $"the Thing with properties.{map.Device.Property} '{device}' {Refusal.NotTheirs}"),
            _ => (null, null),
        };
    }

    public static string Unknown(DoorMap map, string device) => $"there is no Thing with properties.{map.Device.Property} '{device}'";

    /// <summary>Why a known device's measure cannot be stored; null when it can.</summary>
    public static string? Missing(DoorMap map, KnownDevice device, int measure) => device.Streams[measure] switch
    {
        0 => string.Create(CultureInfo.InvariantCulture, $"Thing {device.Thing} has no Datastream that measures {map.Measures[measure].Measure}"),
        < 0 => string.Create(CultureInfo.InvariantCulture, $"Datastream {-device.Streams[measure]} is in another unit than {map.Measures[measure].Unit.Symbol}"),
        _ => null,
    };

    private async Task<List<Planned>> Plan(Door door, List<SortedRecord> sorted, CancellationToken cancel)
    {
        var fitting = sorted.Where(record => record.Trouble is null && record.Values.Count > 0).ToList();
        var found = await devices.Find(door, [.. fitting.Select(record => record.Device!).Distinct()], cancel);
        // What a door remembers to be missing may have been made a moment ago; what it remembers to be there is checked in the commit.
        await Refresh(door, found, [.. fitting.Where(record => Lacks(door.Map, record, found[record.Device!])).Select(record => record.Device!).Distinct()], cancel);
        if (door.Map.Making is { } making)
        {
            var first = fitting.DistinctBy(record => record.Device).Where(record => IsToMake(door.Map, making, record, found[record.Device!])).ToList();
            if (first.Count > 0)
            {
                await maker.Make(door, first, cancel);
                await Refresh(door, found, [.. first.Select(record => record.Device!)], cancel);
            }
        }

        var planned = new List<Planned>(fitting.Sum(record => record.Values.Count));
        foreach (var record in fitting)
        {
            PlanOne(door.Map, record, found[record.Device!], planned);
        }

        return planned;
    }

    private async Task Refresh(Door door, Dictionary<string, IReadOnlyList<KnownDevice>> found, List<string> names, CancellationToken cancel)
    {
        if (names.Count == 0)
        {
            return;
        }

        names.ForEach(door.Forget);
        foreach (var (device, things) in await devices.Find(door, names, cancel))
        {
            found[device] = things;
        }
    }

    private static bool Lacks(DoorMap map, SortedRecord record, IReadOnlyList<KnownDevice> things) =>
        Choose(map, record.Device!, things).Known is { } known && record.Values.Exists(value => known.Streams[value.Measure] <= 0);

    private static bool IsToMake(DoorMap map, DeviceMaking making, SortedRecord record, IReadOnlyList<KnownDevice> things)
    {
        var (known, trouble) = Choose(map, record.Device!, things);
        return trouble is null && (known is null ? DeviceMaker.PlaceOf(making, record) is not null : known.Streams.Contains(0));
    }

    /// <summary>Why nobody knows where a new device stands: what its payload says of it, or that nothing says it.</summary>
    public static string WhyNowhere(DeviceMaking making, SortedRecord first)
    {
        if (making.Longitude is { } east && making.Latitude is { } north)
        {
            var (longitude, latitude) = (first.Record.Find(east), first.Record.Find(north));
            if (longitude.IsThere || latitude.IsThere)
            {
                return $"and its place is none: longitude {Said(longitude)}, latitude {Said(latitude)} (-180 to 180 and -90 to 90 are asked for)";
            }
        }

        return "and nobody says where it stands: location.otherwise is missing";
    }

    private static string Said(Cell cell) => cell.IsThere ? $"'{cell.Short}'" : "is missing";

    private static void PlanOne(DoorMap map, SortedRecord record, IReadOnlyList<KnownDevice> things, List<Planned> planned)
    {
        var (known, trouble) = Choose(map, record.Device!, things);
        if (known is null)
        {
            record.Trouble = trouble ?? (map.Making is not { } making ? Unknown(map, record.Device!) : $"{Unknown(map, record.Device!)}, {WhyNowhere(making, record)}");
            return;
        }

        foreach (var (measure, _, result) in record.Values)
        {
            if (Missing(map, known, measure) is { } missing)
            {
                record.Faults.Add((measure, missing));
            }
            else
            {
                planned.Add(new Planned(record, measure, new NewObservation { Datastream = known.Streams[measure], Start = record.Time, Result = result }));
            }
        }
    }

    /// <summary>Answers the ids of what was stored. What a change of entities made impossible a moment ago is tried once more with what is so now.</summary>
    private async Task<List<long>> Settle(Door door, List<Planned> planned, Outcome[] outcomes, CancellationToken cancel)
    {
        var stored = new List<long>(planned.Count);
        var stale = new List<Planned>();
        for (var index = 0; index < outcomes.Length; index++)
        {
            if (outcomes[index].Refusal is not { } refusal)
            {
                stored.Add(outcomes[index].Id);
            }
            else if (refusal is { Field: "Datastream", Reason: not Refusal.NotTheirs })
            {
                stale.Add(planned[index]);
            }
            else
            {
                planned[index].Record.Faults.Add((planned[index].Measure, $"{refusal.Field}: {refusal.Reason}"));
            }
        }

        if (stale.Count > 0)
        {
            stored.AddRange(await TryAgain(door, stale, cancel));
        }

        return stored;
    }

    private async Task<IEnumerable<long>> TryAgain(Door door, List<Planned> stale, CancellationToken cancel)
    {
        var names = stale.Select(each => each.Record.Device!).Distinct().ToList();
        names.ForEach(door.Forget);
        var found = await devices.Find(door, names, cancel);
        var again = new List<Planned>();
        foreach (var each in stale)
        {
            var (known, trouble) = Choose(door.Map, each.Record.Device!, found[each.Record.Device!]);
            if ((known is null ? trouble ?? Unknown(door.Map, each.Record.Device!) : Missing(door.Map, known, each.Measure)) is { } reason)
            {
                each.Record.Faults.Add((each.Measure, reason));
            }
            else
            {
                again.Add(each with { Observation = new NewObservation { Datastream = known!.Streams[each.Measure], Start = each.Record.Time, Result = each.Observation.Result } });
            }
        }

        Outcome[] outcomes;
        try
        {
            outcomes = await queue.Store([.. again.Select(each => each.Observation)], null);
        }
        catch (UnavailableException full)
        {
            // The rest of the payload is stored already: to refuse it now would make its sender send that once more.
            again.ForEach(each => each.Record.Faults.Add((each.Measure, full.Message)));
            return [];
        }

        for (var index = 0; index < outcomes.Length; index++)
        {
            if (outcomes[index].Refusal is { } refusal)
            {
                again[index].Record.Faults.Add((again[index].Measure, $"{refusal.Field}: {refusal.Reason}"));
            }
        }

        return outcomes.Where(outcome => outcome.Refusal is null).Select(outcome => outcome.Id);
    }

    private static IEnumerable<Unfit> Unfits(DoorMap map, List<SortedRecord> sorted) => sorted.Where(record => record.IsKept).Select(record => new Unfit(
        record.Number, record.Device, record.Trouble ?? string.Join("; ", record.Faults.Select(fault => fault.Reason)),
        record.Trouble is not null ? null : [.. record.Faults.Select(fault => map.Measures[fault.Measure].From.Written).Distinct()],
        record.Record.Alone(), IsUtf8: true));

    private sealed record Planned(SortedRecord Record, int Measure, NewObservation Observation);
}
